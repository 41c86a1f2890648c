// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/discovery.h"

#include <algorithm>
#include <tuple>

#include "daemon/desired/source_prefix.h"
#include "daemon/desired/uplink.h"

namespace ipxlat {

std::optional<LearntPrefix> choose_pref64(const ClatConfig& config, const Seen& seen) {
  const SeenLink* device = seen.link(config.device);
  const auto is_kept = [&](const Prefix6& prefix) {
    return device && device->ours() && device->config && device->config->settings.remote_prefix6 == prefix;
  };
  const auto rank = [&](const LearntPrefix& one, const SeenLink& link) {
    return std::tuple(!is_kept(one.prefix), preference_of_source(seen, link.name, one.prefix), one.prefix);
  };
  const LearntPrefix* best = nullptr;
  const SeenLink* through = nullptr;
  for (const auto& one : seen.advertised) {
    const UplinkChoice uplink = choose_uplink(seen, config.uplinks, one.prefix);
    if (!uplink.routed || uplink.link->ifindex != one.ifindex) continue;
    if (best && rank(*best, *through) <= rank(one, *uplink.link)) continue;
    best = &one;
    through = uplink.link;
  }
  return best ? std::optional(*best) : std::nullopt;
}

bool hears_routers(const Seen& seen, const std::string& link) {
  const std::string of_link = "net/ipv6/conf/" + link + "/";
  const std::string accepts = seen.sysctl(of_link + "accept_ra");
  return accepts == "2" || (accepts != "0" && seen.sysctl(of_link + "forwarding") != "1");
}

std::set<uint32_t> links_to_discover(const Config& config, const Seen& seen) {
  std::set<uint32_t> links;
  for (const auto& clat : config.clat) {
    if (clat.pref64 || clat.mode == ClatMode::kOff) continue;
    for (const auto& link : seen.links)
      if (link.up && link.carrier && may_be_uplink(link, clat.uplinks)) links.insert(link.ifindex);
  }
  return links;
}

}  // namespace ipxlat
