// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/discovery/name_answer.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>

#include "lib/networks.h"

namespace ipxlat {
namespace {

constexpr std::array<uint8_t, 6> kLengths = {96, 64, 56, 48, 40, 32};
constexpr uint32_t kOne = 0xc00000aa, kOther = 0xc00000ab;  // of ipv4only.arpa (RFC 7050 section 8.2)

bool is_behind(const Prefix6& prefix, uint32_t address4, const in6_addr& address6) {
  return covers(embedded(prefix, host(in_addr{htonl(address4)})), host(address6));
}

struct Candidate {
  Prefix6 prefix;
  uint32_t other;  // of the two
};

std::vector<Candidate> candidates(const in6_addr& address) {
  std::vector<Candidate> all;
  for (const uint8_t length : kLengths) {
    const Prefix6 prefix = masked({address, length});
    if (!is_pref64(prefix)) continue;
    if (is_behind(prefix, kOne, address)) all.push_back({prefix, kOther});
    if (is_behind(prefix, kOther, address)) all.push_back({prefix, kOne});
  }
  return all;
}

std::optional<Prefix6> prefix_of(const in6_addr& address, const std::vector<in6_addr>& addresses) {
  auto all = candidates(address);
  if (all.size() > 1)
    std::erase_if(all, [&](const Candidate& one) {
      return std::ranges::none_of(
          addresses, [&](const in6_addr& another) { return is_behind(one.prefix, one.other, another); });
    });
  return all.size() == 1 ? std::optional(all.front().prefix) : std::nullopt;
}

}  // namespace

std::vector<Prefix6> prefixes_of_answer(const std::vector<in6_addr>& addresses) {
  std::vector<Prefix6> prefixes;
  for (const auto& address : addresses)
    if (const auto prefix = prefix_of(address, addresses);
        prefix && std::ranges::find(prefixes, *prefix) == prefixes.end())
      prefixes.push_back(*prefix);
  return prefixes;
}

}  // namespace ipxlat
