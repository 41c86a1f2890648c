// SPDX-License-Identifier: GPL-2.0-only
// Which blocks of ports have been used by their clients (RFC 7422): as a block is nobody else's as long as
// the configuration says so, the first use of each is all there is to tell.
#ifndef IPXLAT_DAEMON_SERVICE_BLOCK_USE_H
#define IPXLAT_DAEMON_SERVICE_BLOCK_USE_H

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "daemon/config/instances.h"
#include "lib/gateway.h"

namespace ipxlat {

struct UsedBlock {
  Prefix6 client;
  in_addr address;  // outside
  uint16_t first_port, last_port;
};

class BlockUse {
 public:
  // Of a configuration with port blocks.
  explicit BlockUse(const Nat64Config& config)
      : blocks_(*config.port_blocks), client_length_(config.client_prefix_length), pool_(config.pool4) {}

  // The block of the session's client, if this is its first use. Nothing of a session outside its client's
  // block: of a service that is forwarded.
  std::optional<UsedBlock> first_use(const Session& session);

 private:
  PortBlocks blocks_;
  uint8_t client_length_;
  std::vector<Prefix4> pool_;
  std::set<Prefix6> used_;
};

}  // namespace ipxlat

#endif
