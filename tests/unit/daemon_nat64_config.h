// SPDX-License-Identifier: GPL-2.0-only
// A gateway that masquerades, as tests of its nftables rules have it.
#ifndef IPXLAT_TESTS_UNIT_DAEMON_NAT64_CONFIG_H
#define IPXLAT_TESTS_UNIT_DAEMON_NAT64_CONFIG_H

#include "daemon/config/instances.h"
#include "lib/networks.h"

namespace ipxlat {

inline Nat64Config nat64_config() {
  Nat64Config config;
  config.name = config.device = "edge";
  config.settings.remote_prefix6 = parse_prefix6("64:ff9b::/96");
  config.uplinks = {"eth1"};
  config.pool4 = {parse_prefix4("198.18.0.0/15")};
  config.pool6 = {internal6(config.pool4[0])};
  return config;
}

// Two pools, four blocks an address for sixteen clients, whose ports everybody reaches.
inline Nat64Config blocks_config() {
  Nat64Config config = nat64_config();
  config.mode = Nat64Mode::kPool;
  config.pool4 = {parse_prefix4("203.0.113.16/31"), parse_prefix4("192.0.2.0/31")};
  config.pool6 = {internal6(config.pool4[0]), internal6(config.pool4[1])};
  config.port_blocks = PortBlocks{4, {parse_prefix6("2001:db8:1:10::/61"), parse_prefix6("2001:db8:2::/62")}};
  config.endpoint_independent_filtering = true;
  return config;
}

}  // namespace ipxlat

#endif
