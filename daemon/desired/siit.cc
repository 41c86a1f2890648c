// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/siit.h"

#include <algorithm>

#include "daemon/desired/conflict.h"
#include "daemon/desired/forwarding.h"
#include "daemon/desired/gateway_links.h"
#include "daemon/nft/rule_builder.h"
#include "lib/networks.h"

namespace ipxlat {
namespace {

constexpr uint32_t kMtu = 1500;

std::vector<Prefix4> mapped(const SiitConfig& config) {
  std::vector<Prefix4> prefixes;
  for (const auto& entry : config.map) prefixes.push_back(entry.prefix4);
  return prefixes;
}

std::string conflict(const SiitConfig& config, const Seen& seen, const std::vector<Prefix4>& networks) {
  std::set<Network> destinations(networks.begin(), networks.end());
  for (const auto& prefix : mapped(config)) destinations.insert(prefix);
  if (config.settings.remote_prefix6) destinations.insert(*config.settings.remote_prefix6);
  return rival_route(seen, destinations);
}

// The kernel asks for its own addresses first. `networks` are sorted and disjoint.
void warn_of_own_addresses(Unit& unit, const SiitConfig& config, const Seen& seen,
                           const std::vector<Prefix4>& networks) {
  for (const auto& address : seen.addresses) {
    const auto* own = std::get_if<Prefix4>(&address.network);
    if (!own || address.link == config.device) continue;
    const auto behind = std::upper_bound(networks.begin(), networks.end(), host(own->address));
    if (behind == networks.begin() || !contains(*std::prev(behind), own->address)) continue;
    unit.report.warnings.push_back("local-map holds " + to_string(own->address) + ", an address of " +
                                   address.link + ": what is for it is not translated");
  }
}

// A flow that was answered passes by the stack from then on.
nft::Table fast_table(nft::Family family, const SiitConfig& config, const std::vector<std::string>& links,
                      const Seen& seen) {
  const SeenLink* device = seen.link(config.device);
  nft::Chain chain{"forward", "filter", nft::Hook::kForward, nft::kBehindFilters};
  chain.rules.push_back(nft::RuleBuilder(family)
                            .oif(config.device, device ? device->ifindex : 0)
                            .offload_answered()
                            .comment("the rest of the flow passes by the stack"));
  nft::Table table{family, "ipxlat-" + config.name, "siit." + config.name};
  table.chains = {chain};
  table.flowtables = {{nft::kFast, nft::kFilter, links}};
  return table;
}

void want_flowtables(Unit& unit, const SiitConfig& config, const Seen& seen) {
  warn_of_missing(unit, seen, config.flowtable_links);
  const auto links = fast_links(seen, config.flowtable_links, config.device);
  if (links.empty()) return;
  unit.resources.push_back(Tables({fast_table(nft::Family::kIp6, config, links, seen),
                                   fast_table(nft::Family::kIp4, config, links, seen)}));
}

}  // namespace

Unit siit_unit(const SiitConfig& config, const Seen& seen) {
  Unit unit;
  unit.report.name = config.name;
  unit.report.kind = "siit";
  unit.report.device = config.device;
  unit.instance = unit.report.id();
  unit.report.state = InstanceState::kOn;
  const auto& prefix = config.settings.remote_prefix6;
  if (prefix) unit.report.pref64 = to_string(*prefix);
  const std::vector<Prefix4> networks = aggregated(mapped(config));
  if (prefix) unit.guard(*prefix);
  for (const auto& network : networks) unit.guard(network);
  unit.report.why = conflict(config, seen, networks);
  if (!unit.report.why.empty()) unit.report.state = InstanceState::kFailed;
  if (unit.report.state != InstanceState::kOn) return unit;
  want_forwarding(unit, seen, {config.device, {}, {}}, config.manage_sysctls);
  if (unit.report.state != InstanceState::kOn) return unit;

  warn_of_own_addresses(unit, config, seen, networks);
  unit.report.why = std::to_string(config.map.size()) +
                    (config.map.size() == 1 ? " mapping, " : " mappings, ") +
                    (prefix ? "and " + to_string(*prefix) + " for everything else" : "and nothing else");
  unit.resources.push_back(Device{config.device, {config.settings, config.map}, kMtu, unit.instance});
  if (prefix) unit.resources.push_back(Route{*prefix, RouteType::kUnicast, config.device, kMetric6});
  for (const auto& network : networks)
    unit.resources.push_back(Route{network, RouteType::kUnicast, config.device});
  want_flowtables(unit, config, seen);
  return unit;
}

}  // namespace ipxlat
