// SPDX-License-Identifier: GPL-2.0-only
// The smallest things that the daemon makes and takes away.
#ifndef IPXLAT_DAEMON_PLAN_RESOURCE_H
#define IPXLAT_DAEMON_PLAN_RESOURCE_H

#include <string>
#include <variant>

#include "daemon/plan/address.h"
#include "daemon/plan/device.h"
#include "daemon/plan/flush.h"
#include "daemon/plan/proxy.h"
#include "daemon/plan/route.h"
#include "daemon/plan/sysctl.h"
#include "daemon/plan/tables.h"

namespace ipxlat {

// In the order in which they are made: rules come before the routes that lead packets to them.
using Resource = std::variant<Device, Address, Tables, Flush, Sysctl, Route, Proxy>;

inline std::string key(const Resource& resource) {
  return std::visit([](const auto& one) { return one.key(); }, resource);
}

}  // namespace ipxlat

#endif
