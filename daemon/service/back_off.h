// SPDX-License-Identifier: GPL-2.0-only
// When to try again what has failed.
#ifndef IPXLAT_DAEMON_SERVICE_BACK_OFF_H
#define IPXLAT_DAEMON_SERVICE_BACK_OFF_H

#include <algorithm>
#include <chrono>

#include "daemon/plan/time.h"

namespace ipxlat {

class BackOff {
 public:
  static constexpr std::chrono::seconds kFirst{1};
  static constexpr std::chrono::seconds kLongest{60};

  // Twice as long each time.
  void fail(Time now) {
    wait_ = wait_ == Time::duration::zero() ? kFirst : std::min<Time::duration>(wait_ * 2, kLongest);
    until_ = now + wait_;
  }

  bool waits(Time now) const { return now < until_; }
  Time until() const { return until_; }

 private:
  Time::duration wait_{};
  Time until_{};
};

}  // namespace ipxlat

#endif
