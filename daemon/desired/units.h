// SPDX-License-Identifier: GPL-2.0-only
// What a whole configuration wants.
#ifndef IPXLAT_DAEMON_DESIRED_UNITS_H
#define IPXLAT_DAEMON_DESIRED_UNITS_H

#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/plan/seen.h"
#include "daemon/plan/unit.h"
#include "lib/siphash.h"

namespace ipxlat {

// What every instance of `config` wants, in the order nat64, clat, siit, nat46, at the time `now`.
std::vector<Unit> make_units(const Config& config, const Seen& seen, const SipKey& secret, Time now);

}  // namespace ipxlat

#endif
