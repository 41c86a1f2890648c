// SPDX-License-Identifier: GPL-2.0-only
// Arithmetic on networks of either family. Addresses are in network byte order.
#ifndef IPXLAT_LIB_NETWORKS_H
#define IPXLAT_LIB_NETWORKS_H

#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "lib/address.h"

namespace ipxlat {

using Network = std::variant<Prefix4, Prefix6>;

std::string to_string(const Network& network);
bool is_ipv6(const Network& network);
bool is_default(const Network& network);  // 0.0.0.0/0 or ::/0

bool overlap(const Prefix4& a, const Prefix4& b);
bool overlap(const Prefix6& a, const Prefix6& b);

// True if all of `inner` lies in `outer`.
bool covers(const Prefix4& outer, const Prefix4& inner);
bool covers(const Prefix6& outer, const Prefix6& inner);

Prefix4 host(const in_addr& address);   // the /32
Prefix6 host(const in6_addr& address);  // the /128

in_addr last_address(const Prefix4& prefix);
in6_addr last_address(const Prefix6& prefix);

// 1 to 2^32.
uint64_t size(const Prefix4& prefix);

// Of a prefix that is no single address.
std::array<Prefix6, 2> halves(const Prefix6& prefix);

// Of the prefixes of `length` into which `prefix` falls, the one with this number, from 0.
Prefix6 nth_part(const Prefix6& prefix, uint8_t length, uint64_t number);

// `network` written below 64:ff9b:1:fffe::/96: IPv6 addresses that never leave the host (RFC 8215),
// checksum neutral, 96 bits longer than `network`.
Prefix6 internal6(const Prefix4& network);

// The IPv6 addresses whose embedded IPv4 address (RFC 6052 section 2.2) is in `network`, with a u octet
// of zero. `pref64` has one of the six lengths.
Prefix6 embedded(const Prefix6& pref64, const Prefix4& network);

// True if a device takes it as its remote-prefix6 (RFC 6052 sections 2.1 and 2.2).
bool is_pref64(const Prefix6& prefix);

// The fewest prefixes that hold the same addresses.
std::vector<Prefix4> aggregated(std::vector<Prefix4> prefixes);

}  // namespace ipxlat

#endif
