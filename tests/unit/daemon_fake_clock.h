// SPDX-License-Identifier: GPL-2.0-only
// Time and news as a test wants them.
#ifndef IPXLAT_TESTS_UNIT_DAEMON_FAKE_CLOCK_H
#define IPXLAT_TESTS_UNIT_DAEMON_FAKE_CLOCK_H

#include "daemon/kernel/source.h"
#include "daemon/service/clock.h"

namespace ipxlat {

class FakeClock final : public Clock {
 public:
  Time now() const override { return time; }
  void sleep(Time::duration duration) override { time += duration; }

  Time time{std::chrono::hours(1)};
};

class FakeSource final : public Source {
 public:
  int fd() const override { return descriptor; }
  bool read(Knowledge& knowledge, Time) override {
    reads++;
    if (learnt) knowledge = *learnt;
    if (after_read) due = after_read();
    return std::exchange(pending, false);
  }
  std::optional<Time> deadline() const override { return due; }

  int descriptor = -1;
  bool pending = false;
  std::optional<Knowledge> learnt;
  std::optional<Time> due;
  std::function<std::optional<Time>()> after_read;
  size_t reads = 0;
};

}  // namespace ipxlat

#endif
