// SPDX-License-Identifier: GPL-2.0-only
// Asks the routers of a link to advertise now (RFC 4861 section 6.3.7). Whoever sends ICMPv6 needs a raw
// socket, for which the daemon has no capability; it may write rules of nftables. So an empty datagram of UDP
// goes out, as long as that header is, and a rule that exists for this moment makes it the solicitation:
//
//   UDP      source port 133 << 8 | destination port | length, checksum
//   ICMPv6   type 133   code 0    | checksum         | reserved
#ifndef IPXLAT_DAEMON_DISCOVERY_SOLICITATION_H
#define IPXLAT_DAEMON_DISCOVERY_SOLICITATION_H

#include <netinet/in.h>

#include <cstdint>

#include "daemon/nft/table.h"
#include "lib/result.h"

namespace ipxlat {

// From the link-local address of interface `ifindex`, which it must have. The error is a sentence.
Result<void> solicit(uint32_t ifindex);

// Of a solicitation without options that `source` sends to all routers, in host byte order; never 0.
uint16_t solicitation_checksum(const in6_addr& source);

// What makes the datagram one.
nft::Table solicitation_table();

}  // namespace ipxlat

#endif
