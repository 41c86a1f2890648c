// SPDX-License-Identifier: GPL-2.0-only
// Endpoint-independent filtering (RFC 4787 section 5): whoever sends to the public port of a client reaches
// it, and so do the gateway's other clients (hairpin, section 6). What connection tracking has of a flow is
// kept in a map for others' flows.
#ifndef IPXLAT_DAEMON_DESIRED_NAT64_MAPPINGS_H
#define IPXLAT_DAEMON_DESIRED_NAT64_MAPPINGS_H

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/config/instances.h"
#include "daemon/nft/table.h"

namespace ipxlat {

std::vector<nft::NamedSet> mapping_sets();

// Keeps what a flow has become on its way into the device, of this index.
std::vector<nft::Chain> mapping_chains(const std::string& device, uint32_t ifindex);

// For what the device says: to clients.
std::vector<nft::Rule> mappings_to_clients();

}  // namespace ipxlat

#endif
