// SPDX-License-Identifier: GPL-2.0-only
// Room in the connection tracker's table, which all network namespaces have in common, for the flows of NAT64
// instances and for those that a SIIT offloads. Only the initial namespace can say how large it is.
#ifndef IPXLAT_DAEMON_DESIRED_TABLE_SIZE_H
#define IPXLAT_DAEMON_DESIRED_TABLE_SIZE_H

#include <vector>

#include "daemon/config/config.h"
#include "daemon/plan/seen.h"
#include "daemon/plan/unit.h"

namespace ipxlat {

// `units` are all of `config`. Never less than somebody else has set.
void want_room(std::vector<Unit>& units, const Config& config, const Seen& seen);

}  // namespace ipxlat

#endif
