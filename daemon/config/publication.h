// SPDX-License-Identifier: GPL-2.0-only
// A service of an IPv6-only server that IPv4 reaches at the gateway (RFC 6146 section 3.1: a static entry),
// or all of a server.
#ifndef IPXLAT_DAEMON_CONFIG_PUBLICATION_H
#define IPXLAT_DAEMON_CONFIG_PUBLICATION_H

#include <netinet/in.h>

#include <cstdint>
#include <optional>
#include <string>

namespace ipxlat {

struct Publication {
  uint8_t protocol = IPPROTO_TCP;    // or IPPROTO_UDP, IPPROTO_ICMP; kEverything: all of the address
  std::optional<in_addr> address{};  // of the pool; without one it is the uplink's
  uint16_t port = 0;                 // as are both: host byte order, 0 for ICMP
  in6_addr to{};
  uint16_t to_port = 0;

  static constexpr uint8_t kEverything = 0;

  // "tcp 203.0.113.16:80", "203.0.113.17", and the same for the same thing of IPv4.
  std::string outside() const;
};

}  // namespace ipxlat

#endif
