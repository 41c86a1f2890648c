// SPDX-License-Identifier: GPL-2.0-only
// A fixed block of ports for each client (RFC 7422): which one follows from the client's address, without any
// state or log.
#ifndef IPXLAT_DAEMON_CONFIG_PORT_BLOCKS_H
#define IPXLAT_DAEMON_CONFIG_PORT_BLOCKS_H

#include <cstdint>
#include <optional>
#include <vector>

#include "lib/address.h"

namespace ipxlat {

struct PortBlocks {
  uint16_t per_address = 0;      // a power of two: as many clients that follow each other share an address
  std::vector<Prefix6> clients;  // in the order in which they get addresses
  bool operator==(const PortBlocks&) const = default;

  // Of a client's address, the number of bits that say which block is its own.
  uint8_t bits() const;
  // Ports of one block. Those below 1024 are in none.
  uint16_t ports() const;
  uint16_t first_port(uint16_t block) const;
  struct Place {
    uint64_t address;  // its number in the pool, from 0
    uint16_t block;    // of this address
  };
  // Where the block of a client is, all bits of which are in `client`; nothing if it is none of `clients`.
  std::optional<Place> place(const Prefix6& client) const;
  // How many addresses `clients` need, a client being what agrees in `client_length` bits.
  uint64_t addresses(uint8_t client_length) const;
};

}  // namespace ipxlat

#endif
