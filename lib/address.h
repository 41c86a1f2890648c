// SPDX-License-Identifier: GPL-2.0-only
// Addresses and prefixes as values and as text. Addresses are in network byte order.
#ifndef IPXLAT_LIB_ADDRESS_H
#define IPXLAT_LIB_ADDRESS_H

#include <netinet/in.h>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace ipxlat {

// 0 to 32. Bits behind the length are kept as they were given: the kernel is the one to refuse them.
struct Prefix4 {
  in_addr address{};
  uint8_t length = 0;
};

// 0 to 128. Bits behind the length are kept as they were given.
struct Prefix6 {
  in6_addr address{};
  uint8_t length = 0;
};

// One explicit address mapping (RFC 7757 section 3.2).
struct MapEntry {
  Prefix4 prefix4;
  Prefix6 prefix6;
};

// By address, then by length; a map entry by its IPv4 prefix first.
std::strong_ordering operator<=>(const Prefix4& a, const Prefix4& b);
std::strong_ordering operator<=>(const Prefix6& a, const Prefix6& b);
std::strong_ordering operator<=>(const MapEntry& a, const MapEntry& b);
bool operator==(const Prefix4& a, const Prefix4& b);
bool operator==(const Prefix6& a, const Prefix6& b);
bool operator==(const MapEntry& a, const MapEntry& b);

// What inet_pton(3) takes. std::invalid_argument: "'x' is not an IPv4 address".
in_addr parse_address4(std::string_view text);
in6_addr parse_address6(std::string_view text);

// An address, a slash and a length. std::invalid_argument:
// "'2001:db8::/33x' is not an IPv6 prefix (an address, a slash, 0 to 128)".
Prefix4 parse_prefix4(std::string_view text);
Prefix6 parse_prefix6(std::string_view text);

// The same with the bits behind the length required to be zero. std::invalid_argument names the
// prefix that was probably meant.
Prefix4 parse_network4(std::string_view text);
Prefix6 parse_network6(std::string_view text);

// A map entry from the text of its two prefixes; one without a length is a single address (RFC 7757
// section 3.2). std::invalid_argument as for prefixes.
MapEntry parse_map_entry(std::string_view prefix4, std::string_view prefix6);

// The canonical form (RFC 5952): "192.0.0.1", "64:ff9b::", "192.0.0.1/32", "64:ff9b::/96"; a map entry
// is its two prefixes with a blank between.
std::string to_string(const in_addr& address);
std::string to_string(const in6_addr& address);
std::string to_string(const Prefix4& prefix);
std::string to_string(const Prefix6& prefix);
std::string to_string(const MapEntry& entry);

// With the bits behind the length cleared.
Prefix4 masked(const Prefix4& prefix);
Prefix6 masked(const Prefix6& prefix);

// True if the first `prefix.length` bits agree.
bool contains(const Prefix4& prefix, const in_addr& address);
bool contains(const Prefix6& prefix, const in6_addr& address);

}  // namespace ipxlat

#endif
