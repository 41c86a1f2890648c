// SPDX-License-Identifier: GPL-2.0-only
// What the operator wants of each instance, as ipxlatd.toml(5) describes it, with the defaults filled in.
#ifndef IPXLAT_DAEMON_CONFIG_INSTANCES_H
#define IPXLAT_DAEMON_CONFIG_INSTANCES_H

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "daemon/config/port_blocks.h"
#include "daemon/config/publication.h"
#include "lib/address.h"
#include "lib/settings.h"

namespace ipxlat {

enum class Nat64Mode { kMasquerade, kPool };

enum class MappingLogKind { kNone, kSessions, kBlocks };

// Who had which public address and port, and when.
struct MappingLogConfig {
  MappingLogKind kind = MappingLogKind::kNone;
  bool destinations = false;
  std::string file{};  // absolute; empty: the daemon's log

  bool operator==(const MappingLogConfig&) const = default;
};

// pool6[i] is how pool4[i] is written on the IPv6 side: 96 + pool4[i].length bits long.
struct Nat64Config {
  std::string name;
  std::string device;
  Settings settings;                   // remote_prefix6 is the pref64, and is set
  bool lowest_ipv6_mtu_given = false;  // if not, downlinks decide
  std::vector<Prefix4> routes4;        // what of pref64 leads here; none: all of it
  Nat64Mode mode = Nat64Mode::kMasquerade;
  std::vector<std::string> downlinks;
  std::vector<std::string> uplinks;
  std::vector<Prefix4> pool4;
  std::vector<Prefix6> pool6;
  std::vector<Prefix4> allow_private;
  std::vector<Publication> forward;
  bool flowtable = true;
  std::optional<uint32_t> max_flows{};                 // there is to be room for, of all clients
  uint8_t client_prefix_length = 64;                   // whose addresses are one client, for what follows
  std::optional<uint32_t> max_flows_per_client{};      // at one time
  std::optional<uint32_t> max_new_flows_per_client{};  // in a second
  std::optional<PortBlocks> port_blocks{};
  bool endpoint_independent_filtering = false;
  bool drained = false;  // takes no new flows: not a key, but what somebody asked the daemon for
  bool manage_sysctls = true;
  MappingLogConfig log{};

  // That part of pref64.
  std::vector<Prefix6> routed6() const;
};

enum class ClatMode { kAuto, kForce, kOff };

struct SharedAddress {};
struct DedicatedAddress {};
struct TemporaryAddress {};

struct ClatConfig {
  std::string name;
  std::string device;
  std::vector<std::string> uplinks;   // fnmatch(3) patterns
  std::optional<Prefix6> pref64;      // none: it is discovered
  std::vector<in6_addr> resolvers{};  // who are asked for it; none: those of the uplink, or of the host
  ClatMode mode = ClatMode::kAuto;
  std::variant<DedicatedAddress, SharedAddress, TemporaryAddress, in6_addr, Prefix6> address6;
  std::optional<Prefix4> local4;  // with a prefix, and only then
  uint32_t route_metric = 2048;
  std::vector<std::string> downlinks{};  // toward IPv4 networks behind the host, of which NAT44 makes it
  bool manage_sysctls = true;            // of those
};

struct SiitConfig {
  std::string name;
  std::string device;
  Settings settings;
  std::vector<MapEntry> map;
  std::vector<std::string> flowtable_links{};  // between which flows are offloaded, if any
  bool manage_sysctls = true;
};

// Servers that have only IPv6, at IPv4 addresses of the gateway.
struct Nat46Config {
  std::string name;
  std::string device;
  Settings settings;  // remote_prefix6 is that of the clients, and is set
  std::vector<std::string> downlinks;
  std::vector<std::string> uplinks;
  std::vector<Publication> forward;  // each with an address
  Prefix4 inside4;                   // where servers are that have services at ports
  bool manage_sysctls = true;
};

}  // namespace ipxlat

#endif
