// SPDX-License-Identifier: GPL-2.0-only
// Which IPv4 address a server has in the device.
#ifndef IPXLAT_DAEMON_DESIRED_NAT46_MAP_H
#define IPXLAT_DAEMON_DESIRED_NAT46_MAP_H

#include <vector>

#include "daemon/config/instances.h"

namespace ipxlat {

// A server with an address has that one. Any other has one of inside4, which follows from its IPv6 address,
// so that it stays when others come and go. Sorted.
std::vector<MapEntry> nat46_map(const Nat46Config& config);

// Of one that is in the map.
in_addr nat46_address(const std::vector<MapEntry>& map, const in6_addr& server);

}  // namespace ipxlat

#endif
