// SPDX-License-Identifier: GPL-2.0-only
// What the ledger says of a resource that the daemon made, or was about to make when it was killed.
#ifndef IPXLAT_DAEMON_PLAN_MADE_H
#define IPXLAT_DAEMON_PLAN_MADE_H

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace ipxlat {

struct Made {
  std::set<std::string> units;        // Unit::id() of those that want it
  std::string value;                  // of a sysctl or a flush: what the daemon wrote
  std::optional<std::string> former;  // of a sysctl: what it puts back one day
  uint32_t ifindex = 0;               // of a sysctl's interface, which may have another name by now

  bool operator==(const Made&) const = default;
};

// By the resource's key.
using MadeResources = std::map<std::string, Made>;

}  // namespace ipxlat

#endif
