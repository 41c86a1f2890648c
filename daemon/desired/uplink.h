// SPDX-License-Identifier: GPL-2.0-only
// What a CLAT asks of the links that may be its uplink.
#ifndef IPXLAT_DAEMON_DESIRED_UPLINK_H
#define IPXLAT_DAEMON_DESIRED_UPLINK_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/plan/seen.h"

namespace ipxlat {

// True for one that matches a pattern and is no device of ours.
bool may_be_uplink(const SeenLink& link, const std::vector<std::string>& patterns);

// The route of `seen`, of somebody else's, by which `link` leads to all of `destination`; null if it does
// not.
const SeenRoute* way_to(const Seen& seen, const SeenLink& link, const Prefix6& destination);

// True if the kernel takes the route `a` rather than `b`, toward what both cover.
bool is_better(const SeenRoute& a, const SeenRoute& b);

// The address that makes `link` have IPv4 of its own: not link-local, with a default route out of the link.
std::optional<in_addr> native_ipv4(const Seen& seen, const std::string& link);

// An address of 192.0.0.0/29 on a link of somebody else's, by which IPv4 leaves the host: another CLAT (RFC
// 7335), such as clatd's, NetworkManager's or systemd-networkd's.
const SeenAddress* other_clat(const Seen& seen);

// Of one family, each as a network of its own, in an order that does not depend on the kernel's.
std::vector<Network> addresses_of(const Seen& seen, const std::vector<std::string>& links, bool ipv6);

// The IPv6 MTU of `link`, in bytes, which a router may have lowered.
uint32_t ipv6_mtu(const Seen& seen, const SeenLink& link);

}  // namespace ipxlat

#endif
