// SPDX-License-Identifier: GPL-2.0-only
// A NAT64 gateway: a device between Linux's NAT66 and, in masquerade mode, its NAT44.
#ifndef IPXLAT_DAEMON_DESIRED_NAT64_H
#define IPXLAT_DAEMON_DESIRED_NAT64_H

#include "daemon/config/instances.h"
#include "daemon/plan/seen.h"
#include "daemon/plan/unit.h"

namespace ipxlat {

Unit nat64_unit(const Nat64Config& config, const Seen& seen);

}  // namespace ipxlat

#endif
