// SPDX-License-Identifier: GPL-2.0-only
#ifndef IPXLAT_DAEMON_SERVICE_CLOCK_H
#define IPXLAT_DAEMON_SERVICE_CLOCK_H

#include "daemon/plan/time.h"

namespace ipxlat {

// An interface, so that a test has a day in a moment.
class Clock {
 public:
  virtual ~Clock() = default;

  virtual Time now() const = 0;
  virtual void sleep(Time::duration duration) = 0;
};

class BootClock final : public Clock {
 public:
  Time now() const override;
  void sleep(Time::duration duration) override;
};

}  // namespace ipxlat

#endif
