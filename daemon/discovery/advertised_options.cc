// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/discovery/advertised_options.h"

#include <netinet/icmp6.h>

#include <optional>

namespace ipxlat {
namespace {

constexpr size_t kUnit = 8;  // bytes, of an option's length

std::optional<AdvertisedOption> read_option(std::span<const uint8_t> option) {
  if (const auto pref64 = read_pref64_option(option)) return *pref64;
  if (const auto resolvers = read_resolver_option(option)) return *resolvers;
  return std::nullopt;
}

}  // namespace

std::vector<AdvertisedOption> read_advertised_options(std::span<const uint8_t> message) {
  if (message.size() < sizeof(nd_router_advert) || message[0] != ND_ROUTER_ADVERT || message[1] != 0)
    return {};
  std::vector<AdvertisedOption> options;
  for (auto rest = message.subspan(sizeof(nd_router_advert)); !rest.empty();) {
    const size_t length = rest.size() < sizeof(nd_opt_hdr) ? 0 : rest[1] * kUnit;
    if (length == 0 || length > rest.size()) return {};
    if (const auto option = read_option(rest.first(length))) options.push_back(*option);
    rest = rest.subspan(length);
  }
  return options;
}

}  // namespace ipxlat
