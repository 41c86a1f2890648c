// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/config/port_blocks.h"

#include <algorithm>
#include <bit>

#include "lib/networks.h"

namespace ipxlat {
namespace {

constexpr uint16_t kFirstPort = 1024;

// What the bits of `address` from `begin` up to `end` say.
uint64_t number(const in6_addr& address, unsigned begin, unsigned end) {
  uint64_t number = 0;
  for (unsigned bit = begin; bit < end; bit++)
    number = number << 1 | (address.s6_addr[bit / 8] >> (7 - bit % 8) & 1);
  return number;
}

}  // namespace

uint8_t PortBlocks::bits() const { return static_cast<uint8_t>(std::countr_zero(per_address)); }

uint16_t PortBlocks::ports() const { return static_cast<uint16_t>((65536 - kFirstPort) / per_address); }

uint16_t PortBlocks::first_port(uint16_t block) const {
  return static_cast<uint16_t>(kFirstPort + block * ports());
}

std::optional<PortBlocks::Place> PortBlocks::place(const Prefix6& client) const {
  const unsigned group = client.length - bits();
  uint64_t before = 0;
  for (const auto& prefix : clients) {
    if (covers(prefix, client))
      return Place{before + number(client.address, prefix.length, group),
                   static_cast<uint16_t>(number(client.address, group, client.length))};
    before += uint64_t{1} << (group - prefix.length);
  }
  return {};
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
