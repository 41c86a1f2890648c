// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/address_oracle.h"

#include <algorithm>
#include <cstring>

namespace ipxlat::test {
namespace {

// RFC 1812 5.3.7, RFC 3927
const std::vector<Prefix4>& special4() {
  static const std::vector<Prefix4> kPrefixes{parse_prefix4("0.0.0.0/8"), parse_prefix4("127.0.0.0/8"),
                                              parse_prefix4("169.254.0.0/16"), parse_prefix4("224.0.0.0/4"),
                                              parse_prefix4("255.255.255.255/32")};
  return kPrefixes;
}

// RFC 4291 2.4, 2.5.5.2
const std::vector<Prefix6>& special6() {
  static const std::vector<Prefix6> kPrefixes{parse_prefix6("::/128"), parse_prefix6("::1/128"),
                                              parse_prefix6("::ffff:0:0/96"), parse_prefix6("fe80::/10"),
                                              parse_prefix6("ff00::/8")};
  return kPrefixes;
}

template <class Address>
bool bit(const Address& address, size_t at) {
  return reinterpret_cast<const uint8_t*>(&address)[at / 8] >> (7 - at % 8) & 1;
}

template <class Address>
void set_bit(Address& address, size_t at, bool value) {
  auto* byte = reinterpret_cast<uint8_t*>(&address) + at / 8;
  const auto mask = static_cast<uint8_t>(0x80 >> at % 8);
  *byte = static_cast<uint8_t>(value ? *byte | mask : *byte & ~mask);
}

template <class Prefix, class Address>
bool matches(const Prefix& prefix, const Address& address) {
  const size_t bytes = prefix.length / 8;
  if (std::memcmp(&prefix.address, &address, bytes)) return false;
  for (size_t at = 8 * bytes; at < prefix.length; at++)
    if (bit(prefix.address, at) != bit(address, at)) return false;
  return true;
}

template <class Prefix>
bool has_host_bits(const Prefix& prefix) {
  for (size_t at = prefix.length; at < 8 * sizeof prefix.address; at++)
    if (bit(prefix.address, at)) return true;
  return false;
}

// RFC 6052 2.2: the place of the embedded address's bit, which steps over the octet at 64
size_t embedded_at(uint8_t prefix_length, size_t at) {
  size_t to = prefix_length + at;
  return prefix_length < 96 && to >= 64 ? to + 8 : to;
}

template <class Address, class Member>
const MapEntry* longest(const std::vector<MapEntry>& map, const Address& address, Member member) {
  const MapEntry* found = nullptr;
  for (const MapEntry& entry : map)
    if (matches(entry.*member, address) && (!found || (found->*member).length < (entry.*member).length))
      found = &entry;
  return found;
}

}  // namespace

bool is_special(const in_addr& address) {
  return std::any_of(special4().begin(), special4().end(),
                     [&](const Prefix4& prefix) { return matches(prefix, address); });
}

bool is_special(const in6_addr& address) {
  return std::any_of(special6().begin(), special6().end(),
                     [&](const Prefix6& prefix) { return matches(prefix, address); });
}

bool is_allowed(const MapEntry& entry) {
  if (entry.prefix4.length > 32 || entry.prefix6.length > 128) return false;
  if (has_host_bits(entry.prefix4) || has_host_bits(entry.prefix6)) return false;
  // a large IPv4 prefix may contain special ranges, but not lie within one
  for (const Prefix4& range : special4())
    if (entry.prefix4.length >= range.length && matches(range, entry.prefix4.address)) return false;
  return !is_special(entry.prefix6.address) && 32 - entry.prefix4.length <= 128 - entry.prefix6.length;
}

bool is_allowed_remote(const Prefix6& prefix) {
  switch (prefix.length) {
    case 32:
    case 40:
    case 48:
    case 56:
    case 64:
      // RFC 6052 2.1: the well-known prefix has one length
      if (matches(parse_prefix6("64:ff9b::/96"), prefix.address)) return false;
      break;
    case 96:
      break;
    default:
      return false;
  }
  return !has_host_bits(prefix) && !is_special(prefix.address) && prefix.address.s6_addr[8] == 0;
}

in6_addr written6(const MapEntry& entry, const in_addr& address) {
  in6_addr out = entry.prefix6.address;
  for (size_t at = entry.prefix4.length; at < 32; at++)
    set_bit(out, entry.prefix6.length + at - entry.prefix4.length, bit(address, at));
  return out;
}

in_addr written4(const MapEntry& entry, const in6_addr& address) {
  in_addr out = entry.prefix4.address;
  for (size_t at = entry.prefix4.length; at < 32; at++)
    set_bit(out, at, bit(address, entry.prefix6.length + at - entry.prefix4.length));
  return out;
}

const MapEntry* AddressOracle::entry(const in_addr& address) const {
  return longest(config_.map, address, &MapEntry::prefix4);
}

const MapEntry* AddressOracle::entry(const in6_addr& address) const {
  return longest(config_.map, address, &MapEntry::prefix6);
}

std::optional<in6_addr> AddressOracle::far(const in_addr& address) const {
  const auto& prefix = config_.settings.remote_prefix6;
  if (!prefix) return {};
  in6_addr out = prefix->address;
  for (size_t at = 0; at < 32; at++) set_bit(out, embedded_at(prefix->length, at), bit(address, at));
  return out;
}

std::optional<in_addr> AddressOracle::far(const in6_addr& address) const {
  const auto& prefix = config_.settings.remote_prefix6;
  if (!prefix || !matches(*prefix, address)) return {};
  in_addr out{};
  for (size_t at = 0; at < 32; at++) set_bit(out, at, bit(address, embedded_at(prefix->length, at)));
  return out;
}

std::optional<in6_addr> AddressOracle::either(const in_addr& address) const {
  const MapEntry* found = entry(address);
  return found ? written6(*found, address) : far(address);
}

std::optional<in_addr> AddressOracle::either(const in6_addr& address) const {
  const MapEntry* found = entry(address);
  return found ? written4(*found, address) : far(address);
}

std::optional<Ends<in6_addr>> AddressOracle::ends(const Ends<in_addr>& in) const {
  auto destination = either(in.destination);
  auto source = either(in.source);
  // RFC 7757 4.2.1, where it is needed
  if (entry(in.destination) && far(in.source)) source = far(in.source);
  if (!source || !destination) return {};
  return Ends<in6_addr>{*source, *destination};
}

std::optional<Ends<in_addr>> AddressOracle::ends(const Ends<in6_addr>& in) const {
  auto source = either(in.source);
  auto destination = either(in.destination);
  if (!source || !destination) return {};
  return Ends<in_addr>{*source, *destination};
}

std::optional<Ends<in6_addr>> AddressOracle::quoted_ends(const Ends<in_addr>& in) const {
  // it travelled the other way
  auto turned = ends(Ends<in_addr>{in.destination, in.source});
  if (!turned) return {};
  return Ends<in6_addr>{turned->destination, turned->source};
}

}  // namespace ipxlat::test
