// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/nat46_map.h"

#include <arpa/inet.h>

#include <algorithm>
#include <set>

#include "lib/networks.h"
#include "lib/siphash.h"

namespace ipxlat {

std::vector<MapEntry> nat46_map(const Nat46Config& config) {
  std::vector<MapEntry> map;
  std::set<Prefix6> others;
  for (const auto& one : config.forward)
    if (one.protocol == Publication::kEverything)
      map.push_back({host(*one.address), host(one.to)});
    else
      others.insert(host(one.to));
  for (const auto& entry : map) others.erase(entry.prefix6);
  std::set<uint64_t> taken;
  for (const auto& server : others) {
    uint64_t number = siphash24({}, server.address.s6_addr) % size(config.inside4);
    while (!taken.insert(number).second) number = (number + 1) % size(config.inside4);
    const uint64_t address = ntohl(config.inside4.address.s_addr) + number;
    map.push_back({host(in_addr{htonl(static_cast<uint32_t>(address))}), server});
  }
  std::sort(map.begin(), map.end());
  return map;
}

in_addr nat46_address(const std::vector<MapEntry>& map, const in6_addr& server) {
  const auto found = std::find_if(map.begin(), map.end(),
                                  [&](const MapEntry& entry) { return entry.prefix6 == host(server); });
  return found == map.end() ? in_addr{} : found->prefix4.address;
}

}  // namespace ipxlat
