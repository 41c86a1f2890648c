// SPDX-License-Identifier: GPL-2.0-only
// What there is in the network namespace, as far as the daemon looks: one reading of it, never patched.
#ifndef IPXLAT_DAEMON_PLAN_SEEN_H
#define IPXLAT_DAEMON_PLAN_SEEN_H

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/nft/summary.h"
#include "daemon/plan/knowledge.h"
#include "lib/networks.h"
#include "lib/settings.h"

namespace ipxlat {

// Among Seen::sysctls, though it only says which boot this is.
inline constexpr const char* kBootId = "kernel/random/boot_id";

struct SeenLink {
  uint32_t ifindex = 0;
  std::string name;
  std::string kind;   // "ipxlat" for a device of ours or of somebody else's making
  std::string alias;  // owner_mark() on a device of ours
  bool up = false;
  bool carrier = false;
  uint32_t mtu = 0;                    // bytes
  std::optional<DeviceConfig> config;  // of a device of ours

  bool ours() const;
  bool operator==(const SeenLink&) const = default;
};

struct SeenAddress {
  std::string link;
  Network network;  // the whole address, with the length
  bool ours = false;
  bool tentative = false;  // duplicate address detection runs
  bool duplicate = false;  // and found one
  bool temporary = false;
  bool deprecated = false;
  bool autoconf = false;  // from a router advertisement, by whoever read it
  bool link_local = false;

  bool operator==(const SeenAddress&) const = default;
};

enum class RouteType { kUnicast, kBlackhole, kUnreachable, kOther };

// Of the main table. A route with several next hops is several of these.
struct SeenRoute {
  Network destination;
  RouteType type = RouteType::kUnicast;
  std::string link;  // of a unicast route alone
  uint32_t metric = 0;
  uint32_t mtu = 0;  // 0: the link's
  bool ours = false;
  bool from_ra = false;
  // of an IPv6 route
  std::optional<Prefix6> source{};   // only for what comes from there
  std::optional<Prefix6> gateway{};  // a whole address; none where the link needs none
  // of an IPv4 route
  std::optional<Prefix4> preferred_source{};  // a whole address

  bool operator==(const SeenRoute&) const = default;
};

// An address that is answered for on a link (proxy ARP).
struct SeenProxy {
  std::string link;
  in_addr address{};
  bool ours = false;

  bool operator==(const SeenProxy& other) const {
    return link == other.link && address.s_addr == other.address.s_addr && ours == other.ours;
  }
};

// A sysctl that the daemon changed, by its path below /proc/sys.
struct ChangedSysctl {
  std::string former;
  std::string value;  // what the daemon wrote

  bool operator==(const ChangedSysctl&) const = default;
};

struct Seen {
  std::vector<SeenLink> links;
  std::vector<SeenAddress> addresses;
  std::vector<SeenRoute> routes;
  std::vector<SeenProxy> proxies;
  std::vector<nft::TableSummary> tables;
  std::map<std::string, std::string> sysctls;  // path below /proc/sys to value
  std::set<std::string> fixed;                 // those that this namespace cannot change
  uint64_t memory = 0;                         // of the machine, in bytes
  // known to the daemon, not to the kernel
  Knowledge known;
  std::map<std::string, ChangedSysctl> changed;  // by path
  std::set<std::string> made_addresses;          // by key, whether they are still there or not

  const SeenLink* link(const std::string& name) const;
  // Empty if there is no such sysctl.
  std::string sysctl(const std::string& path) const;

  bool operator==(const Seen&) const = default;
};

}  // namespace ipxlat

#endif
