// SPDX-License-Identifier: GPL-2.0-only
// Room for the flows of gateways in the connection tracker's table, which all network namespaces have in
// common: only the initial one can say how large it is.
#ifndef IPXLAT_DAEMON_DESIRED_TABLE_SIZE_H
#define IPXLAT_DAEMON_DESIRED_TABLE_SIZE_H

#include <vector>

#include "daemon/config/instances.h"
#include "daemon/plan/seen.h"
#include "daemon/plan/unit.h"

namespace ipxlat {

// `units` begins with those of `gateways`, in their order. Never less than somebody else has set.
void want_room(std::vector<Unit>& units, const std::vector<Nat64Config>& gateways, const Seen& seen);

}  // namespace ipxlat

#endif
