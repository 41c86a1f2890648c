// SPDX-License-Identifier: GPL-2.0-only
#ifndef IPXLAT_DAEMON_KERNEL_KERNEL_H
#define IPXLAT_DAEMON_KERNEL_KERNEL_H

#include <string>
#include <vector>

#include "daemon/plan/interests.h"
#include "daemon/plan/seen.h"
#include "daemon/plan/step.h"
#include "lib/result.h"

namespace ipxlat {

// The network namespace the daemon lives in. An interface, so that a test can simulate it. Errors have a
// complete sentence.
class Kernel {
 public:
  virtual ~Kernel() = default;

  // Everything but what the daemon keeps. Sysctls are those that instances may ask for, and `sysctls`
  // besides.
  virtual Result<Seen> read(const std::vector<std::string>& sysctls) = 0;

  // From now on read() need not tell of other routes than ours, those learnt from routers, default routes,
  // and those that touch `interests`.
  virtual void care_about(const Interests& interests) = 0;

  // All of the step or nothing. To drop what is not there is no error. What others have set up is left alone:
  // a route stands behind theirs of the same destination and metric.
  virtual Result<void> apply(const Step& step) = 0;
};

}  // namespace ipxlat

#endif
