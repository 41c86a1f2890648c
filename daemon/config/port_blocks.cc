// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/config/port_blocks.h"

#include <algorithm>
#include <bit>

namespace ipxlat {
namespace {

constexpr uint16_t kFirstPort = 1024;

}  // namespace

uint8_t PortBlocks::bits() const { return static_cast<uint8_t>(std::countr_zero(per_address)); }

uint16_t PortBlocks::ports() const { return static_cast<uint16_t>((65536 - kFirstPort) / per_address); }

uint16_t PortBlocks::first_port(uint16_t block) const {
  return static_cast<uint16_t>(kFirstPort + block * ports());
}

uint64_t PortBlocks::addresses(uint8_t client_length) const {
  uint64_t all = 0;
  for (const auto& prefix : clients) {
    const int bits_of_address = client_length - bits() - prefix.length;
    // more than anybody has
    all += uint64_t{1} << std::min(bits_of_address, 40);
  }
  return all;
}

}  // namespace ipxlat
