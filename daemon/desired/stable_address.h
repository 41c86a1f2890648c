// SPDX-License-Identifier: GPL-2.0-only
// Interface identifiers that stay the same on one network and tell nothing elsewhere (RFC 7217).
#ifndef IPXLAT_DAEMON_DESIRED_STABLE_ADDRESS_H
#define IPXLAT_DAEMON_DESIRED_STABLE_ADDRESS_H

#include <string>

#include "lib/address.h"
#include "lib/siphash.h"

namespace ipxlat {

// `prefix` is a /64; `attempt` counts the addresses that turned out to be somebody else's. Reserved
// identifiers (RFC 5453) are passed over.
in6_addr stable_address(const SipKey& secret, const Prefix6& prefix, const std::string& link,
                        unsigned attempt);

}  // namespace ipxlat

#endif
