// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/discovery.h"

#include <algorithm>
#include <tuple>

#include "daemon/desired/source_prefix.h"
#include "daemon/desired/uplink.h"
#include "daemon/plan/report.h"

namespace ipxlat {

std::optional<ChosenPrefix> choose_pref64(const Seen& seen, const SeenLink& link,
                                          const std::optional<Prefix6>& kept) {
  const auto rank = [&](const Prefix6& prefix) {
    return std::tuple(prefix != kept, !way_to(seen, link, prefix),
                      preference_of_source(seen, link.name, prefix), prefix);
  };
  const auto best_of = [&](const std::vector<LearntPrefix>& all) {
    const LearntPrefix* best = nullptr;
    for (const auto& one : all)
      if (one.ifindex == link.ifindex && (!best || rank(one.prefix) < rank(best->prefix))) best = &one;
    return best;
  };
  if (const auto* best = best_of(seen.known.advertised)) return ChosenPrefix{*best, kFromRouter};
  if (const auto* best = best_of(seen.known.resolved)) return ChosenPrefix{*best, kFromDns};
  return std::nullopt;
}

namespace {

std::vector<std::string> resolvers_of(const ClatConfig& config, const SeenLink& link, const Seen& seen) {
  std::vector<std::string> resolvers;
  for (const auto& address : config.resolvers) resolvers.push_back(to_string(address));
  if (!resolvers.empty()) return resolvers;
  for (const auto& one : seen.known.resolvers)
    if (one.ifindex == link.ifindex) resolvers.push_back(to_string(one.address));
  return resolvers;
}

}  // namespace

Discovery discovery_of(const Config& config, const Seen& seen) {
  Discovery discovery;
  for (const auto& clat : config.clat) {
    if (clat.pref64 || clat.mode == ClatMode::kOff) continue;
    for (const auto& link : seen.links)
      if (link.up && link.carrier && may_be_uplink(link, clat.uplinks)) {
        discovery.links.insert(link.ifindex);
        discovery.by_name.try_emplace(
            link.ifindex, Search{link.name, resolvers_of(clat, link, seen), seen.known.unheard.empty()});
      }
  }
  for (const auto& one : seen.known.advertised) discovery.by_name.erase(one.ifindex);
  return discovery;
}

}  // namespace ipxlat
