// SPDX-License-Identifier: GPL-2.0-only
// What the mapping log of a gateway needs of the network namespace.
#ifndef IPXLAT_DAEMON_DESIRED_MAPPING_EVENTS_H
#define IPXLAT_DAEMON_DESIRED_MAPPING_EVENTS_H

#include "daemon/plan/seen.h"
#include "daemon/plan/unit.h"

namespace ipxlat {

// Makes `unit` want that the connection tracker announces flows. With `manage` false it is warned of if it
// does not.
void want_mapping_events(Unit& unit, const Seen& seen, bool manage);

}  // namespace ipxlat

#endif
