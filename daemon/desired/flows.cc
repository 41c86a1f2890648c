// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/flows.h"

#include <algorithm>

#include "lib/networks.h"

namespace ipxlat {
namespace {

// Of one family, in an order that does not depend on the kernel's.
std::vector<Network> addresses_of(const std::vector<std::string>& links, bool ipv6, const Seen& seen) {
  std::vector<Network> all;
  for (const auto& address : seen.addresses) {
    const bool there = std::find(links.begin(), links.end(), address.link) != links.end();
    if (!there || is_ipv6(address.network) != ipv6) continue;
    if (ipv6)
      all.push_back(host(std::get<Prefix6>(address.network).address));
    else
      all.push_back(host(std::get<Prefix4>(address.network).address));
  }
  std::sort(all.begin(), all.end(),
            [](const Network& a, const Network& b) { return to_string(a) < to_string(b); });
  return all;
}

}  // namespace

std::vector<Flush> nat64_flushes(const Nat64Config& config, const Seen& seen) {
  const std::string name = "nat64." + config.name + " ";
  conntrack::Filter clients;
  clients.destination = *config.settings.remote_prefix6;
  clients.translated_as.assign(config.pool6.begin(), config.pool6.end());
  std::vector<Flush> all = {{name + "to pref64", clients}};
  if (config.mode == Nat64Mode::kPool) return all;
  for (const auto& pool : config.pool4) {
    conntrack::Filter out;
    out.source = pool;
    out.translated_as = addresses_of(config.uplinks, false, seen);
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
  out.translated_as = addresses_of({uplink}, true, seen);
  return {instance + " " + uplink, out};
}

}  // namespace ipxlat
