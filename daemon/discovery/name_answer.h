// SPDX-License-Identifier: GPL-2.0-only
// What the IPv6 addresses of ipv4only.arpa say, a name that has IPv4 addresses alone: the prefix of the DNS64
// that made them (RFC 7050).
#ifndef IPXLAT_DAEMON_DISCOVERY_NAME_ANSWER_H
#define IPXLAT_DAEMON_DISCOVERY_NAME_ANSWER_H

#include <netinet/in.h>

#include <vector>

#include "lib/address.h"

namespace ipxlat {

// Each prefix once, in the order of the answer. 192.0.0.170 or 192.0.0.171 is looked for where RFC 6052
// section 2.2 puts it behind a prefix of each length; where several would do, the one behind which the other
// is, too (RFC 7050 section 3).
std::vector<Prefix6> prefixes_of_answer(const std::vector<in6_addr>& addresses);

}  // namespace ipxlat

#endif
