// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/conflict.h"

namespace ipxlat {
namespace {

bool holds_back(const SeenRoute& route) {
  const uint32_t metric = is_ipv6(route.destination) ? kMetric6 : 0;
  return route.type != RouteType::kUnicast && route.metric > metric;
}

}  // namespace

std::string rival_route(const Seen& seen, const std::set<Network>& destinations) {
  for (const auto& route : seen.routes)
    if (!route.ours && !holds_back(route) && destinations.contains(route.destination))
      return "there is a route to " + to_string(route.destination) + " already: " + with_link(route);
  return {};
}

std::string with_link(const SeenRoute& route) {
  return to_string(route.destination) + (route.link.empty() ? "" : " dev " + route.link);
}

}  // namespace ipxlat
