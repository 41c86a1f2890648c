// SPDX-License-Identifier: GPL-2.0-only
// From what is wanted and what is there to what is to be done. Pure.
#ifndef IPXLAT_DAEMON_PLAN_PLAN_H
#define IPXLAT_DAEMON_PLAN_PLAN_H

#include <optional>
#include <string>
#include <vector>

#include "daemon/plan/seen.h"
#include "daemon/plan/step.h"
#include "daemon/plan/target.h"

namespace ipxlat {

// What to make and change for one instance. Rules come before the routes that lead packets to them.
std::vector<Step> plan(const Target& wanted, const Seen& seen);

// What to take away when all instances have what they want: whatever of ours is in nobody's `wanted`.
std::vector<Step> plan_removal(const std::vector<Target>& wanted, const Seen& seen);

// The step that takes `step` back, given how things were before; nullopt if there is none. `former` are
// the tables as the daemon last wrote them.
std::optional<Step> undo(const Step& step, const Seen& before, const std::vector<nft::Table>& former);

}  // namespace ipxlat

#endif
