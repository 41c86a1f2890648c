// SPDX-License-Identifier: GPL-2.0-only
// The nftables rules of a NAT64 gateway. Where a rule stands decides what it costs, and whom: a chain of type
// nat is asked once a flow, one of family ip never by IPv6, and an interface is compared by its index. What
// the device refuses by itself needs no rule.
#ifndef IPXLAT_DAEMON_DESIRED_NAT64_RULES_H
#define IPXLAT_DAEMON_DESIRED_NAT64_RULES_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/instances.h"
#include "daemon/nft/table.h"

namespace ipxlat {

struct NamedLink {
  std::string name;
  uint32_t ifindex;  // 0 if it is not there
};

// What the rules have to know of the host.
struct Nat64Links {
  uint32_t ifindex = 0;               // of the device, 0 if it is not there
  std::optional<uint16_t> segment{};  // bytes of a TCP segment that fits all links that are known
  std::vector<std::string> fast6{};   // over which IPv6 is offloaded, if any
  std::vector<std::string> fast4{};   // over which IPv4 is offloaded, if any
  std::vector<Prefix4> outside{};     // single addresses of the uplinks
  std::vector<NamedLink> uplinks{};
  std::vector<NamedLink> downlinks{};
};

// The tables ipxlat-NAME of the families ip6 and ip.
std::vector<nft::Table> nat64_tables(const Nat64Config& config, const Nat64Links& links);

nft::Table nat64_table6(const Nat64Config& config, const Nat64Links& links);
nft::Table nat64_table4(const Nat64Config& config, const Nat64Links& links);

}  // namespace ipxlat

#endif
