// SPDX-License-Identifier: GPL-2.0-only
// Programs that set the network up: ip, tc, nft.
#ifndef IPXLAT_TESTS_DATAPATH_COMMAND_H
#define IPXLAT_TESTS_DATAPATH_COMMAND_H

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/datapath/file_descriptor.h"

namespace ipxlat::test {

struct Streams {
  int in;
  int out;
  int error;
};

// Starts a program of the PATH with these descriptors for its streams. std::system_error if it cannot.
pid_t start(std::vector<std::string> words, const Streams& streams);

struct Ended {
  bool good = false;   // exit status 0
  std::string output;  // both streams
};

// Runs a program to its end, with `input` as its standard input. std::system_error as above.
Ended run(const std::vector<std::string>& words, const std::string& input = {});

// The same; std::runtime_error with its output if it fails.
void run_or_throw(const std::vector<std::string>& words, const std::string& input = {});

// ip as a server: it takes commands for as long as it lives, since starting a program takes long in a
// kernel that checks everything.
class Batch {
 public:
  // Works in the named namespace, where loopback must be. std::system_error, here and below.
  explicit Batch(const std::string& space);
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  ~Batch();

  // Runs commands, a line each, and returns when all have been run; one that fails does not stop the others.
  void run(const std::string& lines);

 private:
  std::unique_ptr<FileDescriptor> commands_;
  std::unique_ptr<FileDescriptor> answers_;
  pid_t process_ = 0;
};

}  // namespace ipxlat::test

#endif
