// SPDX-License-Identifier: GPL-2.0-only
// A route of the main table.
#ifndef IPXLAT_DAEMON_PLAN_ROUTE_H
#define IPXLAT_DAEMON_PLAN_ROUTE_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/plan/kind.h"
#include "daemon/plan/seen.h"
#include "lib/networks.h"

namespace ipxlat {

struct Route {
  Network destination;
  RouteType type = RouteType::kUnicast;
  std::string link;     // of a unicast route alone
  uint32_t metric = 0;  // IPv6 knows no 0
  uint32_t mtu = 0;     // 0: the link's
  // Of an IPv6 route.
  std::optional<Prefix6> source{};   // only for what comes from there
  std::optional<Prefix6> gateway{};  // a whole address
  // Of an IPv4 route: a whole address, which this host has.
  std::optional<Prefix4> preferred_source{};

  // All of it: the kernel keeps routes that differ in anything side by side.
  std::string key() const;
  bool operator==(const Route&) const = default;
  std::string describe(Action action, const Route* former) const;
  static std::vector<Found<Route>> find(const Seen& seen, const MadeResources& made);
};

}  // namespace ipxlat

#endif
