// SPDX-License-Identifier: GPL-2.0-only
// What a router needs of sysctls.
#ifndef IPXLAT_DAEMON_DESIRED_FORWARDING_H
#define IPXLAT_DAEMON_DESIRED_FORWARDING_H

#include <string>
#include <vector>

#include "daemon/plan/seen.h"
#include "daemon/plan/unit.h"

namespace ipxlat {

// Makes `unit` want forwarding of both families. An interface of `uplinks`, or with a route from a
// router advertisement, goes on listening to routers although the host becomes one. With
// `manage` false a missing sysctl makes the unit fail, with a sentence that names it.
void want_forwarding(Unit& unit, const Seen& seen, const std::vector<std::string>& uplinks, bool manage);

}  // namespace ipxlat

#endif
