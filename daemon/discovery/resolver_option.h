// SPDX-License-Identifier: GPL-2.0-only
// The option of a router advertisement that names resolvers (RFC 8106 section 5.1).
#ifndef IPXLAT_DAEMON_DISCOVERY_RESOLVER_OPTION_H
#define IPXLAT_DAEMON_DISCOVERY_RESOLVER_OPTION_H

#include <netinet/in.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace ipxlat {

struct ResolverOption {
  std::vector<in6_addr> addresses;
  std::chrono::seconds lifetime{};  // 0: they are not to be asked any more; 0xffffffff: without end
};

// `option` is whole, type and length included. Empty if it is another one, or malformed.
std::optional<ResolverOption> read_resolver_option(std::span<const uint8_t> option);

}  // namespace ipxlat

#endif
