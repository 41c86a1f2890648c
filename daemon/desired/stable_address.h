// SPDX-License-Identifier: GPL-2.0-only
// Interface identifiers that stay the same on one network and tell nothing elsewhere (RFC 7217).
#ifndef IPXLAT_DAEMON_DESIRED_STABLE_ADDRESS_H
#define IPXLAT_DAEMON_DESIRED_STABLE_ADDRESS_H

#include <string>

#include "lib/address.h"
#include "lib/siphash.h"

namespace ipxlat {

// Of the subnet-router anycast address, or of the subnet anycast addresses of RFC 2526 (RFC 5453).
bool reserved_identifier(uint64_t identifier);

// `prefix` is a /64; `attempt` counts the addresses that turned out to be somebody else's. Reserved
// identifiers are passed over.
in6_addr stable_address(const SipKey& secret, const Prefix6& prefix, const std::string& link,
                        unsigned attempt);

// The same, but another one each day, counted from anywhere, and after each boot (RFC 8981): `boot` tells one
// from the others.
in6_addr temporary_address(const SipKey& secret, const Prefix6& prefix, const std::string& link,
                           const std::string& boot, int64_t day, unsigned attempt);

}  // namespace ipxlat

#endif
