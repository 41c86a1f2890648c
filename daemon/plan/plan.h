// SPDX-License-Identifier: GPL-2.0-only
// From what is wanted and what is there to what is to be done. Pure.
#ifndef IPXLAT_DAEMON_PLAN_PLAN_H
#define IPXLAT_DAEMON_PLAN_PLAN_H

#include <string>
#include <unordered_set>
#include <vector>

#include "daemon/plan/inventory.h"
#include "daemon/plan/made.h"
#include "daemon/plan/step.h"

namespace ipxlat {

// What to put and to change, kind by kind in the order of Resource.
std::vector<Step> plan(const std::vector<Resource>& wanted, const Inventory& there);

// What to drop: whatever of ours has no key in `kept`. Nothing is led into a device that has no rules any
// more.
std::vector<Step> plan_removal(const std::unordered_set<std::string>& kept, const Inventory& there,
                               const MadeResources& made);

}  // namespace ipxlat

#endif
