// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/flows.h"

#include "daemon/desired/uplink.h"

namespace ipxlat {

std::vector<Flush> nat64_flushes(const Nat64Config& config, const Seen& seen) {
  const std::string name = "nat64." + config.name + " ";
  conntrack::Filter clients;
  clients.translated_as.assign(config.pool6.begin(), config.pool6.end());
  const auto routed = config.routed6();
  clients.translated_to.assign(routed.begin(), routed.end());
  std::vector<Flush> all = {{name + "to pref64", clients}};
  if (config.mode == Nat64Mode::kPool) return all;
  for (const auto& pool : config.pool4) {
    conntrack::Filter out;
    out.source = pool;
    out.translated_as = addresses_of(seen, config.uplinks, false);
    // the kernel takes one of another interface then
    if (out.translated_as.empty()) continue;
    all.emplace_back(name + "from " + to_string(pool), out);
  }
  return all;
}

Flush clat_flush(const std::string& instance, const Prefix6& inside, const std::string& uplink,
                 const Seen& seen) {
  conntrack::Filter out;
  out.source = inside;
  out.translated_as = addresses_of(seen, {uplink}, true);
  return {instance + " " + uplink, out};
}

}  // namespace ipxlat
