// SPDX-License-Identifier: GPL-2.0-only
// What one instance wants there to be.
#ifndef IPXLAT_DAEMON_PLAN_TARGET_H
#define IPXLAT_DAEMON_PLAN_TARGET_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/nft/table.h"
#include "daemon/plan/report.h"
#include "daemon/plan/seen.h"
#include "lib/networks.h"
#include "lib/settings.h"

namespace ipxlat {

struct Device {
  std::string name;
  DeviceConfig config;
  uint32_t mtu = 1500;  // bytes
};

struct Address {
  std::string link;
  Network network;
  bool operator==(const Address&) const = default;
};

struct Route {
  Network destination;
  RouteType type = RouteType::kUnicast;
  std::string link;     // empty for a blackhole
  uint32_t metric = 0;  // IPv6 knows no 0
  uint32_t mtu = 0;     // 0: the link's
  bool operator==(const Route&) const = default;
};

struct Proxy {
  std::string link;
  in_addr address{};
};

struct Sysctl {
  std::string path;  // below /proc/sys
  std::string value;
};

// An instance that is off or failed wants nothing.
struct Target {
  Report report;
  std::optional<Device> device;
  std::vector<Address> addresses;
  std::vector<nft::Table> tables;
  std::vector<Route> routes;
  std::vector<Proxy> proxies;
  std::vector<Sysctl> sysctls;
};

}  // namespace ipxlat

#endif
