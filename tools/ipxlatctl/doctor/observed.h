// SPDX-License-Identifier: GPL-2.0-only
// What there is on this host, as far as the checks ask for it: one reading.
#ifndef IPXLAT_TOOLS_IPXLATCTL_DOCTOR_OBSERVED_H
#define IPXLAT_TOOLS_IPXLATCTL_DOCTOR_OBSERVED_H

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lib/connection_table.h"
#include "lib/networks.h"
#include "tools/ipxlatctl/doctor/ruleset.h"

namespace ipxlat::ctl::doctor {

struct Link {
  uint32_t index = 0;
  uint32_t mtu = 0;       // bytes
  bool address4 = false;  // it has an IPv4 address
};

// Who else configures interfaces.
constexpr const char* kNetworkManager = "NetworkManager";
constexpr const char* kNetworkd = "systemd-networkd";
constexpr const char* kIfupdown = "ifupdown";

// A device, with what ipxlatd says of its instance, if it is one of its.
struct Translator {
  std::string device;
  std::string kind;      // "nat64", "clat", "siit"; "" if nobody says
  std::string instance;  // "nat64.edge"; "" likewise
  bool off = false;      // its instance is: no packet is to go into the device
  std::optional<Prefix6> pref64;
  std::vector<Prefix4> routes4;  // what of pref64 leads into the device; empty: all of it
  std::vector<Prefix4> near4;    // the IPv4 side of its map: a pool, a CLAT's address; the first few
  uint32_t lowest_ipv6_mtu = 1280;
  bool tracked4 = true;  // connection tracking sees its IPv4 side
  bool tracked6 = true;  // and its IPv6 side
  std::vector<std::string> uplinks;
  std::vector<std::string> downlinks;  // empty: whatever routes to it
};

// How the kernel would route an address.
struct RouteAnswer {
  std::string type;  // "unicast", "local", "unreachable" and so on; "none" if no route matches
  std::string link;
  Network destination;  // of the route
  uint32_t metric = 0;
};

struct Observed {
  std::string module_problem;  // the sentence; "" if the kernel has ipxlat
  std::vector<Translator> translators;
  std::map<std::string, Link> links;
  std::map<std::string, std::string> managers;  // by the link that they configure
  std::map<std::string, RouteAnswer> routes;    // by address
  std::map<std::string, std::string> sysctls;   // path below /proc/sys to value, of those that there are

  Ruleset ruleset;                      // without ipxlatd's own
  std::string ruleset_unread;           // why it could not be read
  std::set<std::string> legacy_tables;  // of the iptables that is no nftables: "filter"

  std::set<std::string> kernel_modules;  // loaded, built in, or there to be loaded
  std::string kernel_modules_unread;

  std::optional<ConnectionLosses> connection_losses;  // nothing where they cannot be read

  // What the resolver of this host says are the IPv6 addresses of ipv4only.arpa, if there is a NAT64.
  std::optional<std::vector<in6_addr>> ipv4only;
  std::string ipv4only_unread;

  std::optional<uint64_t> sysctl_number(const std::string& path) const;
};

// An address that stands for all of the Internet, and those that stand for what leads into a device.
in_addr some_ipv4_host();
std::vector<in_addr> some_hosts_of(const Translator& translator);
in6_addr some_host_behind(const Prefix6& pref64);
in6_addr some_host_behind(const Prefix6& pref64, const in_addr& address);

}  // namespace ipxlat::ctl::doctor

#endif
