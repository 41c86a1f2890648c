// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/service/clock.h"

#include <ctime>
#include <thread>

namespace ipxlat {

Time BootClock::now() const {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return Time(std::chrono::duration_cast<Time::duration>(std::chrono::seconds(now.tv_sec) +
                                                         std::chrono::nanoseconds(now.tv_nsec)));
}

void BootClock::sleep(Time::duration duration) { std::this_thread::sleep_for(duration); }

}  // namespace ipxlat
