// SPDX-License-Identifier: GPL-2.0-only
#include "lib/address.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>
#include <optional>
#include <stdexcept>

namespace ipxlat {
namespace {

// What differs between the families.
struct Family4 {
  using Address = in_addr;
  using Prefix = Prefix4;
  static constexpr int kFamily = AF_INET;
  static constexpr unsigned kBits = 32;
  static constexpr const char* kName = "IPv4";
};

struct Family6 {
  using Address = in6_addr;
  using Prefix = Prefix6;
  static constexpr int kFamily = AF_INET6;
  static constexpr unsigned kBits = 128;
  static constexpr const char* kName = "IPv6";
};

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

template <class Family>
std::optional<typename Family::Address> read_address(std::string_view text) {
  typename Family::Address address;
  // inet_pton() would stop at a zero byte and take what is before it
  if (text.find('\0') != text.npos) return std::nullopt;
  if (inet_pton(Family::kFamily, std::string(text).c_str(), &address) != 1) return std::nullopt;
  return address;
}

template <class Family>
typename Family::Address parse_address(std::string_view text) {
  if (auto address = read_address<Family>(text)) return *address;
  throw std::invalid_argument(quoted(text) + " is not an " + Family::kName + " address");
}

template <class Family>
std::optional<typename Family::Prefix> read_prefix(std::string_view text) {
  size_t slash = text.find('/');
  if (slash == text.npos) return std::nullopt;
  auto address = read_address<Family>(text.substr(0, slash));
  const char* end = text.data() + text.size();
  uint8_t length = 0;
  auto [stop, error] = std::from_chars(text.data() + slash + 1, end, length);
  if (!address || error != std::errc() || stop != end || length > Family::kBits) return std::nullopt;
  return typename Family::Prefix{*address, length};
}

template <class Family>
typename Family::Prefix parse_prefix(std::string_view text) {
  if (auto prefix = read_prefix<Family>(text)) return *prefix;
  throw std::invalid_argument(quoted(text) + " is not an " + Family::kName +
                              " prefix (an address, a slash, 0 to " + std::to_string(Family::kBits) + ")");
}

template <class Family>
typename Family::Prefix parse_map_prefix(std::string_view text) {
  if (auto address = read_address<Family>(text)) return {*address, Family::kBits};
  return parse_prefix<Family>(text);
}

template <class Family>
typename Family::Prefix parse_network(std::string_view text) {
  auto prefix = parse_prefix<Family>(text);
  if (prefix == masked(prefix)) return prefix;
  throw std::invalid_argument(quoted(text) + " has bits set behind its length; " + to_string(masked(prefix)) +
                              " would be allowed");
}

template <class Family>
std::string format_address(const typename Family::Address& address) {
  char text[INET6_ADDRSTRLEN];
  return inet_ntop(Family::kFamily, &address, text, sizeof text);
}

template <class Prefix>
std::string format_prefix(const Prefix& prefix) {
  return to_string(prefix.address) + "/" + std::to_string(prefix.length);
}

template <class Prefix>
std::strong_ordering compare(const Prefix& a, const Prefix& b) {
  int order = std::memcmp(&a.address, &b.address, sizeof a.address);
  return order != 0 ? order <=> 0 : a.length <=> b.length;
}

template <class Prefix>
Prefix mask(Prefix prefix) {
  auto* bytes = reinterpret_cast<uint8_t*>(&prefix.address);
  for (size_t i = 0; i < sizeof prefix.address; ++i) {
    size_t before = 8 * i;
    if (before >= prefix.length)
      bytes[i] = 0;
    else if (before + 8 > prefix.length)
      bytes[i] &= static_cast<uint8_t>(0xff00 >> (prefix.length - before));
  }
  return prefix;
}

}  // namespace

std::strong_ordering operator<=>(const Prefix4& a, const Prefix4& b) { return compare(a, b); }
std::strong_ordering operator<=>(const Prefix6& a, const Prefix6& b) { return compare(a, b); }
std::strong_ordering operator<=>(const MapEntry& a, const MapEntry& b) {
  auto order = a.prefix4 <=> b.prefix4;
  return order != 0 ? order : a.prefix6 <=> b.prefix6;
}
bool operator==(const Prefix4& a, const Prefix4& b) { return (a <=> b) == 0; }
bool operator==(const Prefix6& a, const Prefix6& b) { return (a <=> b) == 0; }
bool operator==(const MapEntry& a, const MapEntry& b) { return (a <=> b) == 0; }

in_addr parse_address4(std::string_view text) { return parse_address<Family4>(text); }
in6_addr parse_address6(std::string_view text) { return parse_address<Family6>(text); }
Prefix4 parse_prefix4(std::string_view text) { return parse_prefix<Family4>(text); }
Prefix6 parse_prefix6(std::string_view text) { return parse_prefix<Family6>(text); }
Prefix4 parse_network4(std::string_view text) { return parse_network<Family4>(text); }
Prefix6 parse_network6(std::string_view text) { return parse_network<Family6>(text); }

MapEntry parse_map_entry(std::string_view prefix4, std::string_view prefix6) {
  return {parse_map_prefix<Family4>(prefix4), parse_map_prefix<Family6>(prefix6)};
}

std::string to_string(const in_addr& address) { return format_address<Family4>(address); }
std::string to_string(const in6_addr& address) { return format_address<Family6>(address); }
std::string to_string(const Prefix4& prefix) { return format_prefix(prefix); }
std::string to_string(const Prefix6& prefix) { return format_prefix(prefix); }
std::string to_string(const MapEntry& entry) {
  return to_string(entry.prefix4) + " " + to_string(entry.prefix6);
}

Prefix4 masked(const Prefix4& prefix) { return mask(prefix); }
Prefix6 masked(const Prefix6& prefix) { return mask(prefix); }

bool contains(const Prefix4& prefix, const in_addr& address) {
  return mask(Prefix4{address, prefix.length}) == mask(prefix);
}
bool contains(const Prefix6& prefix, const in6_addr& address) {
  return mask(Prefix6{address, prefix.length}) == mask(prefix);
}

}  // namespace ipxlat
