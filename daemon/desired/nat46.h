// SPDX-License-Identifier: GPL-2.0-only
// IPv6-only servers at IPv4 addresses: a device with a map, and in front of it NAT44 for services at ports.
#ifndef IPXLAT_DAEMON_DESIRED_NAT46_H
#define IPXLAT_DAEMON_DESIRED_NAT46_H

#include "daemon/config/instances.h"
#include "daemon/plan/seen.h"
#include "daemon/plan/unit.h"

namespace ipxlat {

Unit nat46_unit(const Nat46Config& config, const Seen& seen);

}  // namespace ipxlat

#endif
