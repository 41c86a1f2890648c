// SPDX-License-Identifier: GPL-2.0-only
// One change of the kernel.
#ifndef IPXLAT_DAEMON_PLAN_STEP_H
#define IPXLAT_DAEMON_PLAN_STEP_H

#include <optional>
#include <string>

#include "daemon/plan/resource.h"

namespace ipxlat {

// `former` has the resource's kind and key: for a change what it is changed from, for a sysctl that is put or
// dropped what it had before.
struct Step {
  Action action = Action::kPut;
  Resource resource;
  std::optional<Resource> former;
};

// In words: "add route 64:ff9b::/96 dev edge".
std::string describe(const Step& step);

// The step turned round, which takes it back.
Step undo(Step step);

}  // namespace ipxlat

#endif
