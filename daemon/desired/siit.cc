// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/siit.h"

#include "daemon/desired/forwarding.h"
#include "lib/networks.h"

namespace ipxlat {
namespace {

constexpr uint32_t kMetric6 = 1024;  // the kernel's own default
constexpr uint32_t kMtu = 1500;

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
  std::vector<Network> networks;
  if (prefix) networks.push_back(*prefix);
  std::vector<Prefix4> mapped;
  for (const auto& entry : config.map) mapped.push_back(entry.prefix4);
  for (const auto& network : aggregated(mapped)) networks.push_back(network);
  for (const auto& network : networks) unit.guard(network);
  want_forwarding(unit, seen, {config.device, {}, {}}, config.manage_sysctls);
  if (unit.report.state != InstanceState::kOn) return unit;

  unit.report.why = std::to_string(config.map.size()) +
                    (config.map.size() == 1 ? " mapping, " : " mappings, ") +
                    (prefix ? "and " + to_string(*prefix) + " for everything else" : "and nothing else");
  unit.resources.push_back(Device{config.device, {config.settings, config.map}, kMtu, unit.instance});
  for (const auto& network : networks)
    unit.resources.push_back(
        Route{network, RouteType::kUnicast, config.device, is_ipv6(network) ? kMetric6 : 0});
  return unit;
}

}  // namespace ipxlat
