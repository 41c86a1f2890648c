// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/discovery/resolver_option.h"

#include <cstring>

namespace ipxlat {
namespace {

constexpr uint8_t kType = 25;
constexpr size_t kUnit = 8;    // bytes, of the length
constexpr size_t kHeader = 8;  // bytes, with the lifetime

}  // namespace

std::optional<ResolverOption> read_resolver_option(std::span<const uint8_t> option) {
  if (option.size() < kHeader || option[0] != kType || option[1] * kUnit != option.size())
    return std::nullopt;
  const auto addresses = option.subspan(kHeader);
  if (addresses.empty() || addresses.size() % sizeof(in6_addr) != 0) return std::nullopt;
  const uint32_t lifetime = uint32_t{option[4]} << 24 | option[5] << 16 | option[6] << 8 | option[7];
  ResolverOption read{{}, std::chrono::seconds(lifetime)};
  for (size_t at = 0; at < addresses.size(); at += sizeof(in6_addr)) {
    in6_addr address;
    std::memcpy(&address, addresses.data() + at, sizeof address);
    if (IN6_IS_ADDR_UNSPECIFIED(&address) || IN6_IS_ADDR_LOOPBACK(&address) ||
        IN6_IS_ADDR_MULTICAST(&address))
      continue;
    read.addresses.push_back(address);
  }
  return read;
}

}  // namespace ipxlat
