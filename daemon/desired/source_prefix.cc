// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/source_prefix.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace ipxlat {
namespace {

// The row of RFC 6724 section 2.1's table that is the address's, longest first; each has a label of its own.
size_t label(const in6_addr& address) {
  static const Prefix6 kPolicy[] = {parse_prefix6("::1/128"),   parse_prefix6("::ffff:0:0/96"),
                                    parse_prefix6("::/96"),     parse_prefix6("2001::/32"),
                                    parse_prefix6("2002::/16"), parse_prefix6("3ffe::/16"),
                                    parse_prefix6("fec0::/10"), parse_prefix6("fc00::/7")};
  const auto* row =
      std::ranges::find_if(kPolicy, [&](const Prefix6& prefix) { return contains(prefix, address); });
  return static_cast<size_t>(row - kPolicy);
}

// How many of the first 64 bits agree.
int common_bits(const in6_addr& a, const in6_addr& b) {
  for (int bit = 0; bit < 64; bit++)
    if ((a.s6_addr[bit / 8] ^ b.s6_addr[bit / 8]) & (0x80 >> bit % 8)) return bit;
  return 64;
}

// Whether it is deprecated, by prefix.
std::map<Prefix6, bool> prefixes_of(const Seen& seen, const std::string& link) {
  std::map<Prefix6, bool> deprecated;
  for (const auto& address : seen.addresses) {
    const auto* network = std::get_if<Prefix6>(&address.network);
    const bool made_here = network && address.link == link && address.autoconf && !address.ours &&
                           !address.temporary && !address.link_local;
    if (!made_here || network->length != 64) continue;
    const auto [place, added] = deprecated.emplace(masked(*network), address.deprecated);
    if (!added) place->second &= address.deprecated;
  }
  return deprecated;
}

SourcePreference preference(const Prefix6& source, bool deprecated, const Prefix6& destination) {
  return {deprecated, label(source.address) != label(destination.address),
          -common_bits(source.address, destination.address)};
}

}  // namespace

std::vector<Prefix6> source_prefixes(const Seen& seen, const std::string& link, const Prefix6& destination) {
  const auto deprecated = prefixes_of(seen, link);
  const auto rank = [&](const Prefix6& prefix) {
    return std::tuple(preference(prefix, deprecated.at(prefix), destination), prefix);
  };
  std::vector<Prefix6> prefixes;
  for (const auto& [prefix, old] : deprecated) prefixes.push_back(prefix);
  std::sort(prefixes.begin(), prefixes.end(),
            [&](const Prefix6& a, const Prefix6& b) { return rank(a) < rank(b); });
  return prefixes;
}

SourcePreference preference_of_source(const Seen& seen, const std::string& link, const Prefix6& destination) {
  SourcePreference best{true, true, 1};
  for (const auto& [prefix, deprecated] : prefixes_of(seen, link))
    best = std::min(best, preference(prefix, deprecated, destination));
  return best;
}

}  // namespace ipxlat
