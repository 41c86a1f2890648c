// SPDX-License-Identifier: GPL-2.0-only
// Services of IPv6-only servers that IPv4 reaches at the gateway: rules for a flow's first packet.
#ifndef IPXLAT_DAEMON_DESIRED_NAT64_FORWARD_H
#define IPXLAT_DAEMON_DESIRED_NAT64_FORWARD_H

#include <vector>

#include "daemon/config/instances.h"
#include "daemon/nft/table.h"

namespace ipxlat {

// Of family ip6: for what comes out of the device, and for what a server begins itself from the port of its
// service, which keeps the service's address and port.
std::vector<nft::Rule> forward_to_servers(const Nat64Config& config);
std::vector<nft::Rule> forward_from_servers(const Nat64Config& config);

// Of family ip, in masquerade mode: for what comes to an address of an uplink.
std::vector<nft::Rule> forward_to_inside(const Nat64Config& config);

}  // namespace ipxlat

#endif
