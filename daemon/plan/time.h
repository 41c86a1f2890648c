// SPDX-License-Identifier: GPL-2.0-only
// The type of points in time. What tells them is the service's (daemon/service/clock.h).
#ifndef IPXLAT_DAEMON_PLAN_TIME_H
#define IPXLAT_DAEMON_PLAN_TIME_H

#include <chrono>

namespace ipxlat {

// CLOCK_BOOTTIME: goes on while the machine sleeps, as lifetimes do.
struct BootTime {
  using duration = std::chrono::microseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<BootTime>;
};

using Time = BootTime::time_point;

}  // namespace ipxlat

#endif
