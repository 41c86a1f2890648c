// SPDX-License-Identifier: GPL-2.0-only
#include "lib/transport.h"

#include <netinet/in.h>

namespace ipxlat {

std::optional<size_t> check_at(uint8_t protocol) {
  switch (protocol) {
    case IPPROTO_TCP:
      return 16;
    case IPPROTO_UDP:
    case IPPROTO_UDPLITE:
    case IPPROTO_DCCP:
      return 6;
    case IPPROTO_ICMP:
    case IPPROTO_ICMPV6:
      return 2;
    default:
      return {};
  }
}

}  // namespace ipxlat
