// SPDX-License-Identifier: GPL-2.0-only
// When the daemon looks and what it does then: at the start, after news, when a unit or a source asks for it,
// when told to, and now and then. Whatever waits for all that is somewhere else (event_loop.h).
#ifndef IPXLAT_DAEMON_SERVICE_SERVICE_H
#define IPXLAT_DAEMON_SERVICE_SERVICE_H

#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/kernel/source.h"
#include "daemon/plan/report.h"
#include "daemon/service/clock.h"
#include "daemon/service/full_table.h"
#include "daemon/service/reconciler.h"

namespace ipxlat {

class Service {
 public:
  // Names of NAT64 instances that take no new flows.
  using Drained = std::set<std::string>;

  // What it talks to besides the kernel.
  struct Surroundings {
    std::function<Config()> load;  // std::exception: its what() is the reason, all of it
    // The error is a sentence; it is called again after the next look.
    std::function<Result<void>(const std::vector<Report>&)> publish;
    std::function<void(const std::string&)> notify;  // sd_notify(3)
    Drained drained{};                               // those of a daemon that was killed
    std::function<Result<void>(const Drained&)> keep_drained{};
    // What is to be learnt from now on.
    std::function<void(const Discovery&, Time)> discover = [](const auto&, Time) {};
    std::function<std::optional<TableUse>()> use = [] { return std::nullopt; };
  };

  // changes come in bursts
  static constexpr std::chrono::milliseconds kGather{50};
  // of the time, at most a tenth goes into looking, but half a second of work may come at once
  static constexpr int kTimePerWork = 10;
  static constexpr std::chrono::milliseconds kCredit{4500};
  static constexpr std::chrono::seconds kLongestPause{10};
  // not everything that matters is announced
  static constexpr std::chrono::minutes kReadAnyway{3};
  static constexpr int kStopAttempts = 5;
  static constexpr std::chrono::seconds kStopPause{1};

  // All outlive the service.
  Service(Reconciler& reconciler, std::vector<Source*> sources, Clock& clock, Surroundings surroundings);

  // Throws what `load` throws, and nothing was done then.
  void start();

  // To be called when a source is readable, and at deadline().
  void on_readable(Source& source);
  void on_time();
  Time deadline() const;

  // All of the new configuration or nothing, in effect when it returns. The error: why there is nothing of
  // it, or which instances could not have what they want.
  Result<void> reload();

  // What is asked for in the words of lib/conversation.h.
  Result<void> answer(const std::string& request);

  // Takes everything away. What is left after several attempts, in words.
  std::vector<std::string> stop();

 private:
  void look();
  void look_at(Time when);
  void publish();
  void tell_status(const std::vector<Report>& reports);
  Result<void> take_new_config();
  Result<void> drain(const std::string& instance, bool drained);
  void set_config();
  Result<void> look_and_tell();

  Reconciler& reconciler_;
  std::vector<Source*> sources_;
  Clock& clock_;
  Surroundings surroundings_;
  FullTable full_table_;
  Knowledge knowledge_;
  Config config_;                // as it was read
  Time next_{};                  // when to look
  Time paid_{};                  // when all looks will have had their time; told to, it looks before
  std::string refusal_;          // of the last reload
  std::vector<Report> reports_;  // of the last look
  bool complete_ = true;         // and nothing failed in it
  std::string unpublished_;      // why, if they could not be
};

}  // namespace ipxlat

#endif
