// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/random_change.h"

#include <algorithm>
#include <cstring>

namespace ipxlat::test {
namespace {

uint8_t near_length(Random& random, uint32_t length, uint32_t most) {
  if (random.percent(90)) return static_cast<uint8_t>(length);
  return static_cast<uint8_t>(random.below(most + 2));
}

in_addr address4(Random& random) { return {htonl(static_cast<uint32_t>(random.next()))}; }

in6_addr address6(Random& random) {
  in6_addr address;
  for (uint8_t& byte : address.s6_addr) byte = random.byte();
  if (random.percent(90)) {
    address.s6_addr[0] = 0x20;
    address.s6_addr[8] = 0;  // RFC 6052 2.2: bits 64 to 71
  }
  return address;
}

Prefix6 remote_prefix(Random& random) {
  static constexpr uint8_t kLengths[] = {32, 40, 48, 56, 64, 96};
  Prefix6 prefix{address6(random), random.of(kLengths)};
  prefix = masked(prefix);
  prefix.length = near_length(random, prefix.length, 128);
  return prefix;
}

MapEntry map_entry(Random& random) {
  Prefix4 prefix4{address4(random), static_cast<uint8_t>(random.between(8, 32))};
  Prefix6 prefix6{address6(random), static_cast<uint8_t>(random.between(32, prefix4.length + 96))};
  MapEntry entry{masked(prefix4), masked(prefix6)};
  entry.prefix4.length = near_length(random, prefix4.length, 32);
  entry.prefix6.length = near_length(random, prefix6.length, 128);
  return entry;
}

}  // namespace

Change random_change(Random& random, uint32_t entries) {
  Change change;
  if (random.one_in(2)) change.remote_prefix6 = remote_prefix(random);
  if (!change.remote_prefix6 && random.one_in(8)) change.unset_remote_prefix6 = true;
  if (random.one_in(3))
    change.lowest_ipv6_mtu = random.one_in(4) ? random.odd16() : random.between(1280, 65535);
  if (random.one_in(4)) change.icmp_source4 = address4(random);
  if (random.one_in(4)) change.udp_zero_checksum = static_cast<UdpZeroChecksum>(random.below(4));
  change.map_flush = random.one_in(4);
  for (uint32_t count = random.one_in(2) ? random.below(entries + size_t{1}) : 0; count > 0; count--)
    change.map_add.push_back(map_entry(random));
  for (uint32_t count = random.one_in(8) ? random.below(4) : 0; count > 0; count--)
    change.map_del.push_back(map_entry(random));
  return change;
}

}  // namespace ipxlat::test
