// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/siit.h"

#include "daemon/desired/forwarding.h"
#include "lib/networks.h"

namespace ipxlat {

Target siit_target(const SiitConfig& config, const Seen& seen) {
  Target target;
  target.report.name = config.name;
  target.report.kind = "siit";
  target.report.device = config.device;
  target.report.state = InstanceState::kOn;
  const auto& prefix = config.settings.remote_prefix6;
  if (prefix) target.report.pref64 = to_string(*prefix);
  want_forwarding(target, seen, {}, config.manage_sysctls);
  if (target.report.state != InstanceState::kOn) return target;

  target.report.why = std::to_string(config.map.size()) +
                      (config.map.size() == 1 ? " mapping, " : " mappings, ") +
                      (prefix ? "and " + to_string(*prefix) + " for everything else" : "and nothing else");
  target.device = Device{config.device, {config.settings, config.map}};
  if (prefix) target.routes.push_back({*prefix, RouteType::kUnicast, config.device, 1024});
  std::vector<Prefix4> mapped;
  for (const auto& entry : config.map) mapped.push_back(entry.prefix4);
  for (const auto& network : aggregated(mapped))
    target.routes.push_back({network, RouteType::kUnicast, config.device});
  return target;
}

}  // namespace ipxlat
