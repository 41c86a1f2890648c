// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/nat64.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "daemon/desired/conflict.h"
#include "daemon/desired/flows.h"
#include "daemon/desired/forwarding.h"
#include "daemon/desired/gateway_links.h"
#include "daemon/desired/mapping_events.h"
#include "daemon/desired/nat64_rules.h"
#include "daemon/desired/session_times.h"
#include "daemon/desired/uplink.h"
#include "lib/networks.h"

namespace ipxlat {
namespace {

// What announces routes to others knows by it that nobody new is to come.
constexpr uint32_t kMetricDrained = 65535;
constexpr uint32_t kMtuLeast = 1500;

// A sentence if what others put into the kernel stands in the way, else empty.
std::string conflict(const Nat64Config& config, const Seen& seen) {
  for (const auto& pool : config.pool4)
    for (const auto& address : seen.addresses)
      if (const auto* own = std::get_if<Prefix4>(&address.network); own && contains(pool, own->address))
        return "pool4 " + to_string(pool) + " holds " + to_string(own->address) + ", an address of " +
               address.link;
  const auto parts = config.routed6();
  std::string rival = rival_route(seen, {parts.begin(), parts.end()});
  if (!rival.empty()) return rival;
  for (const auto& route : seen.routes) {
    if (route.ours || is_default(route.destination)) continue;
    if (route.type == RouteType::kUnreachable && route.metric > kMetric6) continue;
    const auto* destination = std::get_if<Prefix4>(&route.destination);
    if (!destination) continue;
    for (const auto& pool : config.pool4) {
      // addresses of an operator's own may be a part of a network that is routed as a whole
      const bool clash =
          config.mode == Nat64Mode::kPool ? covers(pool, *destination) : overlap(pool, *destination);
      if (clash)
        return "pool4 " + to_string(pool) + " overlaps the route " + with_link(route) +
               "; it needs another pool4";
    }
  }
  return {};
}

Report report_of(const Nat64Config& config) {
  Report report;
  report.name = config.name;
  report.kind = "nat64";
  report.device = config.device;
  report.pref64 = to_string(*config.settings.remote_prefix6);
  for (const auto& network : config.routes4) report.routes4.push_back(to_string(network));
  report.mode = config.mode == Nat64Mode::kPool ? "pool" : "masquerade";
  for (const auto& pool : config.pool4) report.pool4.push_back(to_string(pool));
  for (const auto& pool : config.pool6) report.pool6.push_back(to_string(pool));
  report.uplinks = config.uplinks;
  report.downlinks = config.downlinks;
  return report;
}

std::string summary_of(const Nat64Config& config) {
  std::string pools;
  for (const auto& pool : config.pool4) pools += (pools.empty() ? "" : ", ") + to_string(pool);
  std::string links;
  for (const auto& uplink : config.uplinks) links += (links.empty() ? "" : ", ") + uplink;
  std::string parts;
  for (const auto& network : config.routes4) parts += (parts.empty() ? "" : ", ") + to_string(network);
  const std::string from = (parts.empty() ? "" : parts + " below ") +
                           to_string(*config.settings.remote_prefix6) + " is translated to ";
  return from + (config.mode == Nat64Mode::kPool ? pools : "the addresses of " + links);
}

// What fits the way to every client need not be cut: the smallest MTU among the downlinks.
uint32_t lowest_ipv6_mtu(const Nat64Config& config, const Seen& seen) {
  uint32_t lowest = IPXLAT_LOWEST_IPV6_MTU_MAX;
  for (const auto& name : config.downlinks)
    if (const SeenLink* link = seen.link(name)) lowest = std::min(lowest, ipv6_mtu(seen, *link));
  const bool known = lowest != IPXLAT_LOWEST_IPV6_MTU_MAX;
  return known && !config.lowest_ipv6_mtu_given ? std::max(lowest, uint32_t{IPXLAT_LOWEST_IPV6_MTU_MIN})
                                                : config.settings.lowest_ipv6_mtu;
}

Device device_of(const Nat64Config& config, const Seen& seen) {
  Device device{config.device, {config.settings, {}}, kMtuLeast, "nat64." + config.name};
  device.config.settings.lowest_ipv6_mtu = lowest_ipv6_mtu(config, seen);
  for (size_t i = 0; i < config.pool4.size(); i++)
    device.config.map.push_back({config.pool4[i], config.pool6[i]});
  for (const auto* links : {&config.uplinks, &config.downlinks})
    for (const auto& name : *links)
      if (const SeenLink* link = seen.link(name))
        device.mtu = std::max(device.mtu, std::min(link->mtu, 65535u));
  return device;
}

bool is_uplink(const Nat64Config& config, const std::string& link) {
  return std::find(config.uplinks.begin(), config.uplinks.end(), link) != config.uplinks.end();
}

constexpr uint32_t kHeaders6 = 60, kHeaders4 = 40;  // bytes before a TCP segment

std::vector<NamedLink> with_indices(const std::vector<std::string>& names, const Seen& seen) {
  std::vector<NamedLink> links;
  for (const auto& name : names) {
    const SeenLink* link = seen.link(name);
    links.push_back({name, link ? link->ifindex : 0});
  }
  return links;
}

Nat64Links links_of(const Nat64Config& config, const Seen& seen) {
  uint32_t segment = IPXLAT_LOWEST_IPV6_MTU_MAX;
  for (const auto& name : config.downlinks)
    if (const SeenLink* link = seen.link(name))
      segment = std::min(segment, ipv6_mtu(seen, *link) - kHeaders6);
  for (const auto& name : config.uplinks)
    if (const SeenLink* link = seen.link(name)) segment = std::min(segment, link->mtu - kHeaders4);
  Nat64Links links;
  if (const SeenLink* device = seen.link(config.device)) links.ifindex = device->ifindex;
  if (segment < IPXLAT_LOWEST_IPV6_MTU_MAX) links.segment = static_cast<uint16_t>(segment);
  links.uplinks = with_indices(config.uplinks, seen);
  links.downlinks = with_indices(config.downlinks, seen);
  for (const auto& address : addresses_of(seen, config.uplinks, false))
    links.outside.push_back(std::get<Prefix4>(address));
  if (config.flowtable) {
    links.fast6 = fast_links(seen, config.downlinks, config.device);
    links.fast4 = fast_links(seen, config.uplinks, config.device);
  }
  return links;
}

// RFC 6146 section 3.5, and no way around the NAT, which passes what belongs to no flow as it is: from the
// prefix and the pool nothing goes to the prefix. It costs the way to the prefix alone. Linux asks for the
// source where the most special destination is, and if it finds none goes on with less special ones; so these
// are more special than the route into the device.
std::vector<Route> sources_refused(const Nat64Config& config) {
  const Prefix6& pref64 = *config.settings.remote_prefix6;
  std::vector<Prefix6> sources = {pref64};
  sources.insert(sources.end(), config.pool6.begin(), config.pool6.end());
  std::vector<Route> routes;
  for (const auto& part : config.routed6())
    for (const auto& half : halves(part))
      for (const auto& source : sources)
        routes.push_back({half, RouteType::kBlackhole, "", kMetric6, 0, source});
  return routes;
}

std::vector<Route> routes_of(const Nat64Config& config) {
  std::vector<Route> routes = sources_refused(config);
  for (const auto& pool : config.pool6) routes.push_back({pool, RouteType::kBlackhole, "", kMetric6});
  for (const auto& part : config.routed6())
    routes.push_back({part, RouteType::kUnicast, config.device, config.drained ? kMetricDrained : kMetric6});
  for (const auto& pool : config.pool4) routes.push_back({pool, RouteType::kUnicast, config.device});
  return routes;
}

// The interfaces by which `network` is reached: by the route that covers it, and by routes to parts of it.
std::set<std::string> ways_to(const Seen& seen, const Prefix4& network) {
  std::set<std::string> links;
  const SeenRoute* whole = nullptr;
  const auto rank = [](const SeenRoute& route) {
    return std::tuple(-int{std::get<Prefix4>(route.destination).length}, route.metric);
  };
  for (const auto& route : seen.routes) {
    const auto* destination = std::get_if<Prefix4>(&route.destination);
    if (!destination) continue;
    if (covers(*destination, network) && (!whole || rank(route) < rank(*whole)))
      whole = &route;
    else if (covers(network, *destination) && *destination != network)
      links.insert(route.link);
  }
  for (const auto& route : seen.routes)  // whose next hops may be several
    if (whole && route.destination == whole->destination && route.metric == whole->metric)
      links.insert(route.link);
  links.erase("");
  return links;
}

void warn_of_other_ways(Unit& unit, const Nat64Config& config, const Seen& seen) {
  for (const auto& network : config.allow_private)
    for (const auto& link : ways_to(seen, network))
      if (!is_uplink(config, link) && link != config.device)
        unit.report.warnings.push_back("allow-private " + to_string(network) + " is routed out of " + link +
                                       ", which is no uplink: what goes there is refused");
}

}  // namespace

Unit nat64_unit(const Nat64Config& config, const Seen& seen) {
  Unit unit;
  unit.report = report_of(config);
  unit.instance = unit.report.id();
  for (const auto& part : config.routed6()) unit.guard(part);
  if (config.mode == Nat64Mode::kPool)
    for (const auto& pool : config.pool4) unit.guard(pool);
  warn_of_missing(unit, seen, config.uplinks);
  warn_of_missing(unit, seen, config.downlinks);
  unit.report.why = conflict(config, seen);
  unit.report.state = unit.report.why.empty() ? InstanceState::kOn : InstanceState::kFailed;
  if (unit.report.state == InstanceState::kOn)
    want_forwarding(unit, seen, {config.device, config.uplinks, config.downlinks}, config.manage_sysctls);
  if (unit.report.state != InstanceState::kOn) return unit;
  if (config.mode == Nat64Mode::kMasquerade) warn_of_other_ways(unit, config, seen);
  if (config.drained) unit.report.warnings.emplace_back("drained: it takes no new flows");
  unit.report.why = summary_of(config);
  unit.resources.push_back(device_of(config, seen));
  if (config.log.kind != MappingLogKind::kNone) want_mapping_events(unit, seen, config.manage_sysctls);
  want_times_of_namespace(unit, seen, config.flowtable, config.manage_sysctls);
  unit.resources.push_back(Tables(nat64_tables(config, links_of(config, seen))));
  for (const auto& flush : nat64_flushes(config, seen)) unit.resources.push_back(flush);
  for (const auto& route : routes_of(config)) unit.resources.push_back(route);
  if (config.mode == Nat64Mode::kPool) want_proxies(unit, seen, config.uplinks, config.pool4);
  return unit;
}

}  // namespace ipxlat
