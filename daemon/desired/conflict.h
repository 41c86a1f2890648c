// SPDX-License-Identifier: GPL-2.0-only
// What others have put into the kernel that stands in the way of routes.
#ifndef IPXLAT_DAEMON_DESIRED_CONFLICT_H
#define IPXLAT_DAEMON_DESIRED_CONFLICT_H

#include <cstdint>
#include <set>
#include <string>

#include "daemon/plan/seen.h"

namespace ipxlat {

// Of the IPv6 routes into devices: the kernel's own default.
inline constexpr uint32_t kMetric6 = 1024;

// A sentence if somebody else has a route to just one of `destinations`: whichever the kernel took, packets
// would be led astray. One that only holds back what ours does not take (unreachable and the like, of a worse
// metric) is welcome. A more special route is an exception that somebody wants, a less special one is why
// ours is needed.
std::string rival_route(const Seen& seen, const std::set<Network>& destinations);

// "10.64.7.0/24 dev eth0".
std::string with_link(const SeenRoute& route);

}  // namespace ipxlat

#endif
