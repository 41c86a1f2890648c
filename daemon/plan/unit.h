// SPDX-License-Identifier: GPL-2.0-only
// What succeeds, fails and is taken back as one: a NAT64, a SIIT, a CLAT on one uplink.
#ifndef IPXLAT_DAEMON_PLAN_UNIT_H
#define IPXLAT_DAEMON_PLAN_UNIT_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/plan/report.h"
#include "daemon/plan/resource.h"
#include "daemon/plan/time.h"

namespace ipxlat {

// Worse than that of any route that leads somewhere.
inline constexpr uint32_t kGuardMetric = 1000000;

struct Unit {
  std::string instance;  // "clat.home"
  std::string key;       // among the units of the instance: "eth0"; empty if it has one alone
  Report report;
  // One that is off wants none. One whose report says that it failed keeps what it has.
  std::vector<Resource> resources;
  // What is there as long as the unit is in the configuration, whether it is on, off or failed: packets for a
  // device that is away shall go nowhere else.
  std::vector<Route> guards;
  std::optional<Time> recheck_at;  // even if nothing changes

  std::string id() const { return key.empty() ? instance : instance + "/" + key; }

  void guard(const Network& destination) {
    guards.push_back({destination, RouteType::kUnreachable, "", kGuardMetric, 0});
  }

  // Those of one kind.
  template <class Kind>
  std::vector<Kind> all() const {
    std::vector<Kind> found;
    for (const auto& resource : resources)
      if (const auto* one = std::get_if<Kind>(&resource)) found.push_back(*one);
    return found;
  }
};

}  // namespace ipxlat

#endif
