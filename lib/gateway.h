// SPDX-License-Identifier: GPL-2.0-only
// The flows of a NAT64 that is composed of a NAT of IPv6, a device and perhaps a NAT of IPv4:
//
//   client -> pref64 + remote, as pool6   |device|   inside (pool4) -> remote, as the public address
//
// In pool mode what is inside is public; else a second flow has the public address, and is found by the
// endpoints that both have in common.
#ifndef IPXLAT_LIB_GATEWAY_H
#define IPXLAT_LIB_GATEWAY_H

#include <memory>
#include <optional>
#include <string>

#include "lib/flow.h"
#include "lib/settings.h"

namespace ipxlat {

class CoreConfig;

// What both flows of a session agree in. With ICMP, whose identifier is the port inside, the remote end has
// no port.
struct Inside {
  uint8_t protocol = 0;  // IPPROTO_TCP, _UDP or _ICMP
  bool inbound = false;  // IPv4 began it
  Endpoint4 inside, remote;
};

struct Session {
  Inside between;
  Endpoint6 client;
};

struct Leg4 {
  Inside between;
  Endpoint4 outside;  // as the remote end sees the client
};

enum class GatewayMode { kPool, kMasquerade, kUnknown };

class Gateway {
 public:
  // `device` has a remote prefix. std::invalid_argument: the core refuses it.
  Gateway(std::string name, GatewayMode mode, const DeviceConfig& device);

  const std::string& name() const { return name_; }
  GatewayMode mode() const { return mode_; }

  // Nothing if the flow is not a client's through this gateway.
  std::optional<Session> session(const Flow6& flow) const;
  std::optional<Leg4> leg(const Flow4& flow) const;

 private:
  std::optional<in_addr> remote(const in6_addr& address) const;
  std::optional<in_addr> inside(const in6_addr& address) const;
  bool is_inside(const in_addr& address) const;

  std::string name_;
  GatewayMode mode_;
  std::shared_ptr<const CoreConfig> device_;
};

// The direction of the second flow that is known from the first.
Tuple4 tuple_of(const Inside& between);

// "tcp", "udp" or "icmp".
const char* protocol_name(uint8_t protocol);

}  // namespace ipxlat

#endif
