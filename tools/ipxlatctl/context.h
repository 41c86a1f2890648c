// SPDX-License-Identifier: GPL-2.0-only
// What a command runs in and how it fails.
#ifndef IPXLAT_TOOLS_IPXLATCTL_CONTEXT_H
#define IPXLAT_TOOLS_IPXLATCTL_CONTEXT_H

#include <chrono>
#include <functional>
#include <iosfwd>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/metrics/numbers.h"
#include "lib/connection_table.h"
#include "lib/devices.h"
#include "lib/tracker.h"

namespace ipxlat::ctl {

namespace doctor {
struct Observed;
struct Translator;
}  // namespace doctor

using Time = std::chrono::system_clock::time_point;

// The streams outlive the context.
struct Context {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  std::function<Result<std::unique_ptr<Devices>>()> open_devices;
  std::function<Result<std::unique_ptr<Tracker>>()> open_tracker;   // connection tracking
  std::function<Result<bool>()> daemon_runs;                        // in this network namespace
  std::function<Result<void>(const std::string&)> enter_namespace;  // the network namespace of this name
  std::function<Time()> now;
  std::function<doctor::Observed(std::vector<doctor::Translator>)> observe;  // what there is on this host
  std::string state_file;  // where ipxlatd publishes what it does

  bool json = false;   // what is printed is for a program
  bool found = false;  // doctor found something: exit status 1, without a sentence

  std::function<metrics::Numbers(std::vector<metrics::Instance>, bool daemon_runs)> read_numbers;
  std::function<std::optional<ConnectionTable>()> connection_table;
};

// The command could not do it: one sentence, exit status 1.
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The words on the command line are wrong: one sentence, exit status 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What a request gave, or Failure with its sentence.
template <class T>
T value_of(Result<T> result) {
  if (!result) throw Failure(result.error().text);
  return std::move(*result);
}

inline void expect(const Result<void>& result) {
  if (!result) throw Failure(result.error().text);
}

inline std::unique_ptr<Devices> open_devices(const Context& context) {
  return value_of(context.open_devices());
}

// Runs what the words (without the program's name) ask for and returns the exit status.
int run(std::vector<std::string> words, Context& context);

}  // namespace ipxlat::ctl

#endif
