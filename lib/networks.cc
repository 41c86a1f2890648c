// SPDX-License-Identifier: GPL-2.0-only
#include "lib/networks.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

#include "core/addr.h"

namespace ipxlat {

std::string to_string(const Network& network) {
  return std::visit([](const auto& prefix) { return to_string(prefix); }, network);
}

bool is_ipv6(const Network& network) { return std::holds_alternative<Prefix6>(network); }

bool is_default(const Network& network) {
  return std::visit([](const auto& prefix) { return prefix.length == 0; }, network);
}

bool covers(const Prefix4& outer, const Prefix4& inner) {
  return outer.length <= inner.length && contains(outer, inner.address);
}

bool covers(const Prefix6& outer, const Prefix6& inner) {
  return outer.length <= inner.length && contains(outer, inner.address);
}

bool overlap(const Prefix4& a, const Prefix4& b) { return covers(a, b) || covers(b, a); }

bool overlap(const Prefix6& a, const Prefix6& b) { return covers(a, b) || covers(b, a); }

Prefix4 host(const in_addr& address) { return {address, 32}; }

Prefix6 host(const in6_addr& address) { return {address, 128}; }

in_addr last_address(const Prefix4& prefix) {
  const uint64_t last = ntohl(prefix.address.s_addr) | (size(prefix) - 1);
  return {htonl(static_cast<uint32_t>(last))};
}

in6_addr last_address(const Prefix6& prefix) {
  in6_addr address = prefix.address;
  for (unsigned bit = prefix.length; bit < 128; bit++) address.s6_addr[bit / 8] |= 0x80 >> bit % 8;
  return address;
}

uint64_t size(const Prefix4& prefix) { return uint64_t{1} << (32 - prefix.length); }

Prefix6 nth_part(const Prefix6& prefix, uint8_t length, uint64_t number) {
  Prefix6 part{prefix.address, length};
  for (unsigned bit = length; number; number >>= 1) {
    bit--;
    if (number & 1) part.address.s6_addr[bit / 8] |= 0x80 >> bit % 8;
  }
  return part;
}

std::array<Prefix6, 2> halves(const Prefix6& prefix) {
  const auto length = static_cast<uint8_t>(prefix.length + 1);
  return {nth_part(prefix, length, 0), nth_part(prefix, length, 1)};
}

Prefix6 internal6(const Prefix4& network) {
  static const Prefix6 kInternal = parse_prefix6("64:ff9b:1:fffe::/96");
  return embedded(kInternal, network);
}

Prefix6 embedded(const Prefix6& pref64, const Prefix4& network) {
  const ipxlat_prefix6 prefix{pref64.address, pref64.length};
  Prefix6 result;
  ipxlat_addr_embed(&prefix, network.address.s_addr, &result.address);
  // bits 64 to 71 lie between the prefix and what follows them
  const unsigned straight = pref64.length + network.length;
  const bool passes_u = pref64.length < 96 && straight > 64;
  result.length = static_cast<uint8_t>(straight + (passes_u ? 8 : 0));
  return result;
}

bool is_pref64(const Prefix6& prefix) {
  const ipxlat_prefix6 checked{prefix.address, prefix.length};
  return !ipxlat_addr_remote_refusal(&checked);
}

std::vector<Prefix4> aggregated(std::vector<Prefix4> prefixes) {
  std::sort(prefixes.begin(), prefixes.end());
  std::vector<Prefix4> result;
  for (Prefix4 next : prefixes) {
    if (!result.empty() && covers(result.back(), next)) continue;
    // two halves make a whole, which may be the second half of a larger one
    while (!result.empty() && result.back().length == next.length) {
      Prefix4 whole = masked(Prefix4{next.address, static_cast<uint8_t>(next.length - 1)});
      if (!covers(whole, result.back())) break;
      result.pop_back();
      next = whole;
    }
    result.push_back(next);
  }
  return result;
}

}  // namespace ipxlat
