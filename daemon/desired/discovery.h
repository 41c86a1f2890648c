// SPDX-License-Identifier: GPL-2.0-only
// The prefix of a CLAT that nobody has given one: of those that were learnt.
#ifndef IPXLAT_DAEMON_DESIRED_DISCOVERY_H
#define IPXLAT_DAEMON_DESIRED_DISCOVERY_H

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "daemon/config/config.h"
#include "daemon/plan/knowledge.h"
#include "daemon/plan/seen.h"

namespace ipxlat {

// One that was learnt on an uplink through which it is reached. That which the device has is kept as long as
// it is among them; else the one toward which RFC 6724 section 5 has the better source, rules 6 and 8 (RFC
// 8781 section 6).
std::optional<LearntPrefix> choose_pref64(const ClatConfig& config, const Seen& seen);

// Whether the kernel reads what routers advertise on `link`, and so hands it on: sysctls accept_ra and
// forwarding.
bool hears_routers(const Seen& seen, const std::string& link);

// The links, by index, on which somebody has to advertise one: those that may be the uplink of such a CLAT,
// and are up.
std::set<uint32_t> links_to_discover(const Config& config, const Seen& seen);

}  // namespace ipxlat

#endif
