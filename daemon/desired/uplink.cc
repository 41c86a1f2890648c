// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/uplink.h"

#include <fnmatch.h>

#include <algorithm>
#include <charconv>
#include <tuple>

namespace ipxlat {
namespace {

// By a default route of somebody else's.
bool leads_ipv4_out(const Seen& seen, const std::string& link) {
  return std::any_of(seen.routes.begin(), seen.routes.end(), [&](const SeenRoute& route) {
    return !is_ipv6(route.destination) && is_default(route.destination) && !route.ours && route.link == link;
  });
}

}  // namespace

bool may_be_uplink(const SeenLink& link, const std::vector<std::string>& patterns) {
  return !link.ours() && std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return fnmatch(pattern.c_str(), link.name.c_str(), 0) == 0;
  });
}

bool is_better(const SeenRoute& a, const SeenRoute& b) {
  const auto rank = [](const SeenRoute& route) {
    return std::tuple(-int{std::get<Prefix6>(route.destination).length}, route.metric);
  };
  return rank(a) < rank(b);
}

const SeenRoute* way_to(const Seen& seen, const SeenLink& link, const Prefix6& destination) {
  const SeenRoute* best = nullptr;
  for (const auto& route : seen.routes) {
    const auto* covered = std::get_if<Prefix6>(&route.destination);
    if (!covered || route.ours || route.link != link.name || !link.up) continue;
    if (covers(*covered, destination) && (!best || is_better(route, *best))) best = &route;
  }
  return best;
}

std::optional<in_addr> native_ipv4(const Seen& seen, const std::string& link) {
  if (!leads_ipv4_out(seen, link)) return std::nullopt;
  for (const auto& address : seen.addresses)
    if (const auto* own = std::get_if<Prefix4>(&address.network);
        own && address.link == link && !address.link_local)
      return own->address;
  return std::nullopt;
}

const SeenAddress* other_clat(const Seen& seen) {
  const Prefix4 clats = parse_prefix4("192.0.0.0/29");
  for (const auto& address : seen.addresses) {
    const auto* own = std::get_if<Prefix4>(&address.network);
    if (!own || address.ours || !covers(clats, host(own->address))) continue;
    const SeenLink* link = seen.link(address.link);
    if (link && !link->ours() && leads_ipv4_out(seen, address.link)) return &address;
  }
  return nullptr;
}

std::vector<Network> addresses_of(const Seen& seen, const std::vector<std::string>& links, bool ipv6) {
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

uint32_t ipv6_mtu(const Seen& seen, const SeenLink& link) {
  const std::string text = seen.sysctl("net/ipv6/conf/" + link.name + "/mtu");
  uint32_t mtu = 0;
  std::from_chars(text.data(), text.data() + text.size(), mtu);
  return mtu >= 1280 && mtu < link.mtu ? mtu : link.mtu;
}

}  // namespace ipxlat
