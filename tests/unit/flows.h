// SPDX-License-Identifier: GPL-2.0-only
// Entries of the connection tracker, made up.
#ifndef IPXLAT_TESTS_UNIT_FLOWS_H
#define IPXLAT_TESTS_UNIT_FLOWS_H

#include <linux/netfilter/nf_conntrack_common.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>

#include <string>

#include "lib/address.h"
#include "lib/flow.h"
#include "lib/settings.h"

namespace ipxlat {

inline Endpoint6 end6(const std::string& address, uint16_t port) { return {parse_address6(address), port}; }
inline Endpoint4 end4(const std::string& address, uint16_t port) { return {parse_address4(address), port}; }

// What `from` sends to `to`, and what `answerer` sends back to `seen`.
template <class Address>
Flow<Address> flow(uint8_t protocol, Endpoint<Address> from, Endpoint<Address> to, Endpoint<Address> answerer,
                   Endpoint<Address> seen) {
  Flow<Address> flow;
  flow.original = {from, to, protocol, 0};
  flow.reply = {answerer, seen, protocol, 0};
  flow.status = IPS_SEEN_REPLY;
  // an echo has one identifier in each direction
  if (protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6) flow.reply.source.port = seen.port;
  if (protocol == IPPROTO_ICMP) flow.original.icmp_type = ICMP_ECHO;
  if (protocol == IPPROTO_ICMPV6) {
    flow.original.icmp_type = ICMP6_ECHO_REQUEST;
    flow.reply.icmp_type = ICMP6_ECHO_REPLY;
  }
  return flow;
}

// A client's, as a NAT makes it: `as` is what its source becomes.
template <class Address>
Flow<Address> outbound(uint8_t protocol, Endpoint<Address> from, Endpoint<Address> to, Endpoint<Address> as) {
  return flow(protocol, from, to, to, as);
}

// What comes to `at` and is led to `server`.
template <class Address>
Flow<Address> inbound(uint8_t protocol, Endpoint<Address> from, Endpoint<Address> at,
                      Endpoint<Address> server) {
  return flow(protocol, from, at, server, from);
}

// The prefix is 64:ff9b::/96, the pool written below 64:ff9b:1:fffe::/96.
inline DeviceConfig gateway_device(const std::string& pool4, const std::string& pool6) {
  DeviceConfig device;
  device.settings.remote_prefix6 = parse_prefix6("64:ff9b::/96");
  device.map = {{parse_prefix4(pool4), parse_prefix6(pool6)}};
  return device;
}
inline DeviceConfig masquerading_device() {
  return gateway_device("198.18.0.0/15", "64:ff9b:1:fffe::c612:0/111");
}
inline DeviceConfig pool_device() {
  return gateway_device("203.0.113.16/28", "64:ff9b:1:fffe::cb00:7110/124");
}

}  // namespace ipxlat

#endif
