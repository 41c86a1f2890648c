// SPDX-License-Identifier: GPL-2.0-only
// The nftables rules that give each client its block of ports. Of the bits of its address, the last ones of
// its prefix say which block is its own, those before them which address: so the maps are as large as the
// pool, not as the number of clients.
#ifndef IPXLAT_DAEMON_DESIRED_NAT64_BLOCKS_H
#define IPXLAT_DAEMON_DESIRED_NAT64_BLOCKS_H

#include <vector>

#include "daemon/config/instances.h"
#include "daemon/nft/table.h"

namespace ipxlat {

// All of them are for instances with port_blocks.
std::vector<nft::NamedSet> block_sets(const Nat64Config& config);
std::vector<nft::Chain> block_chains(const Nat64Config& config);

// Leads to the chain of the client's block.
nft::Rule to_block(const Nat64Config& config);

// Refuses whoever has no block.
nft::Rule without_block(const Nat64Config& config);

}  // namespace ipxlat

#endif
