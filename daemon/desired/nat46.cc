// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/nat46.h"

#include <algorithm>
#include <set>

#include "daemon/desired/conflict.h"
#include "daemon/desired/forwarding.h"
#include "daemon/desired/gateway_links.h"
#include "daemon/desired/nat46_map.h"
#include "daemon/desired/nat46_rules.h"
#include "lib/networks.h"

namespace ipxlat {
namespace {

constexpr uint32_t kMtu = 1500;

bool has_services(const Nat46Config& config) {
  return std::any_of(config.forward.begin(), config.forward.end(),
                     [](const Publication& one) { return one.protocol != Publication::kEverything; });
}

// The link that has the address for this host itself; null if none has.
const std::string* owner_of(const Seen& seen, const in_addr& address) {
  for (const auto& one : seen.addresses)
    if (const auto* own = std::get_if<Prefix4>(&one.network); own && own->address.s_addr == address.s_addr)
      return &one.link;
  return nullptr;
}

// Addresses that lead into the device: those of servers, and where services are at an address that is
// nobody's else, whatever is sent to its other ports ends there.
std::set<Prefix4> addresses_of(const Nat46Config& config, const Seen& seen) {
  std::set<Prefix4> addresses;
  for (const auto& one : config.forward)
    if (!owner_of(seen, *one.address)) addresses.insert(host(*one.address));
  return addresses;
}

std::string conflict(const Nat46Config& config, const Seen& seen, const std::set<Prefix4>& addresses) {
  for (const auto& one : config.forward)
    if (const std::string* link = owner_of(seen, *one.address);
        link && one.protocol == Publication::kEverything)
      return to_string(*one.address) + " is an address of " + *link + ": it can have services at ports alone";
  std::set<Network> destinations(addresses.begin(), addresses.end());
  destinations.insert(*config.settings.remote_prefix6);
  if (std::string rival = rival_route(seen, destinations); !rival.empty()) return rival;
  if (!has_services(config)) return {};
  for (const auto& route : seen.routes) {
    const auto* destination = std::get_if<Prefix4>(&route.destination);
    if (destination && !route.ours && !is_default(*destination) && overlap(config.inside4, *destination))
      return "inside4 " + to_string(config.inside4) + " overlaps the route " + with_link(route) +
             "; it needs another inside4";
  }
  return {};
}

Report report_of(const Nat46Config& config) {
  Report report;
  report.name = config.name;
  report.kind = "nat46";
  report.device = config.device;
  report.pref64 = to_string(*config.settings.remote_prefix6);
  report.uplinks = config.uplinks;
  report.downlinks = config.downlinks;
  return report;
}

std::string summary_of(const Nat46Config& config) {
  const auto whole = static_cast<size_t>(
      std::count_if(config.forward.begin(), config.forward.end(),
                    [](const Publication& one) { return one.protocol == Publication::kEverything; }));
  const auto count = [](size_t number, const char* noun) {
    return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
  };
  return count(whole, "server") + " and " + count(config.forward.size() - whole, "service") +
         ", for clients as " + to_string(*config.settings.remote_prefix6);
}

}  // namespace

Unit nat46_unit(const Nat46Config& config, const Seen& seen) {
  Unit unit;
  unit.report = report_of(config);
  unit.instance = unit.report.id();
  const Prefix6& clients = *config.settings.remote_prefix6;
  const auto addresses = addresses_of(config, seen);
  unit.guard(clients);
  for (const auto& one : addresses) unit.guard(one);
  if (has_services(config)) unit.guard(config.inside4);
  warn_of_missing(unit, seen, config.uplinks);
  warn_of_missing(unit, seen, config.downlinks);
  unit.report.why = conflict(config, seen, addresses);
  unit.report.state = unit.report.why.empty() ? InstanceState::kOn : InstanceState::kFailed;
  if (unit.report.state == InstanceState::kOn)
    want_forwarding(unit, seen, {config.device, config.uplinks, config.downlinks}, config.manage_sysctls);
  if (unit.report.state != InstanceState::kOn) return unit;
  unit.report.why = summary_of(config);
  const auto map = nat46_map(config);
  const SeenLink* device = seen.link(config.device);
  unit.resources.push_back(Device{config.device, {config.settings, map}, kMtu, unit.instance});
  unit.resources.push_back(Route{clients, RouteType::kUnicast, config.device, kMetric6});
  for (const auto& one : addresses) unit.resources.push_back(Route{one, RouteType::kUnicast, config.device});
  want_proxies(unit, seen, config.uplinks, {addresses.begin(), addresses.end()});
  if (!has_services(config)) return unit;
  unit.resources.push_back(Route{config.inside4, RouteType::kUnicast, config.device});
  unit.resources.push_back(Tables({nat46_table(config, map, device ? device->ifindex : 0)}));
  return unit;
}

}  // namespace ipxlat
