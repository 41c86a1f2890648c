// SPDX-License-Identifier: GPL-2.0-only
#include "lib/gateway.h"

#include <linux/icmp.h>

#include <utility>

#include "lib/core_config.h"

namespace ipxlat {
namespace {

// The IPv4 protocol of either family's.
uint8_t protocol4(uint8_t protocol) { return protocol == IPPROTO_ICMPV6 ? uint8_t{IPPROTO_ICMP} : protocol; }

Inside between(uint8_t protocol, bool inbound, Endpoint4 inside, Endpoint4 remote) {
  if (protocol == IPPROTO_ICMP) remote.port = 0;
  return {protocol, inbound, inside, remote};
}

}  // namespace

Gateway::Gateway(std::string name, GatewayMode mode, const DeviceConfig& device)
    : name_(std::move(name)), mode_(mode), device_(std::make_shared<const CoreConfig>(device)) {}

std::optional<in_addr> Gateway::remote(const in6_addr& address) const {
  in_addr four{};
  if (!ipxlat_addr_extract(&device_->get().settings.remote_prefix6, &address, &four.s_addr))
    return std::nullopt;
  return four;
}

std::optional<in_addr> Gateway::inside(const in6_addr& address) const {
  const ipxlat_map_entry* entry = ipxlat_map_find6(&device_->map(), &address);
  if (!entry) return std::nullopt;
  return in_addr{ipxlat_map_entry_to4(entry, &address)};
}

bool Gateway::is_inside(const in_addr& address) const {
  return ipxlat_map_find4(&device_->map(), address.s_addr) != nullptr;
}

std::optional<Session> Gateway::session(const Flow6& flow) const {
  const uint8_t protocol = protocol4(flow.original.protocol);
  if (const auto to = remote(flow.original.destination.address)) {
    const auto as = inside(flow.reply.destination.address);
    if (!as || inside(flow.original.source.address)) return std::nullopt;
    return Session{
        between(protocol, false, {*as, flow.reply.destination.port}, {*to, flow.original.destination.port}),
        flow.original.source};
  }
  const auto from = remote(flow.original.source.address);
  const auto at = inside(flow.original.destination.address);
  if (!from || !at || inside(flow.reply.source.address)) return std::nullopt;
  return Session{
      between(protocol, true, {*at, flow.original.destination.port}, {*from, flow.original.source.port}),
      flow.reply.source};
}

std::optional<Leg4> Gateway::leg(const Flow4& flow) const {
  const uint8_t protocol = flow.original.protocol;
  if (is_inside(flow.original.source.address))
    return Leg4{between(protocol, false, flow.original.source, flow.original.destination),
                flow.reply.destination};
  if (!is_inside(flow.reply.source.address)) return std::nullopt;
  return Leg4{between(protocol, true, flow.reply.source, flow.reply.destination), flow.original.destination};
}

Tuple4 tuple_of(const Inside& between) {
  Tuple4 tuple{between.inside, between.remote, between.protocol, 0};
  if (between.protocol == IPPROTO_ICMP) {
    tuple.destination.port = tuple.source.port;
    tuple.icmp_type = between.inbound ? ICMP_ECHOREPLY : ICMP_ECHO;
  }
  return tuple;
}

const char* protocol_name(uint8_t protocol) {
  if (protocol == IPPROTO_TCP) return "tcp";
  return protocol == IPPROTO_UDP ? "udp" : "icmp";
}

}  // namespace ipxlat
