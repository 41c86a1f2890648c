// SPDX-License-Identifier: GPL-2.0-only
// A CLAT: IPv4 for the programs of a host whose uplink has IPv6 only. No sysctl is touched, but for
// downlinks.
#ifndef IPXLAT_DAEMON_DESIRED_CLAT_H
#define IPXLAT_DAEMON_DESIRED_CLAT_H

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "daemon/config/instances.h"
#include "daemon/desired/clat_end.h"
#include "daemon/desired/clat_place.h"
#include "daemon/nft/table.h"
#include "daemon/plan/seen.h"
#include "daemon/plan/unit.h"
#include "lib/siphash.h"

namespace ipxlat {

// One for each uplink, in the order of clat_places(). `secret` makes dedicated addresses. `taken` are the
// addresses of 192.0.0.0/29, in host byte order, that units made before these have; those that these take are
// added.
std::vector<Unit> clat_units(const ClatConfig& config, const Seen& seen, const SipKey& secret, Time now,
                             std::set<uint32_t>& taken);

// The tables of an end at an address, at a place that shall be on. `ifindex` of the device, 0 if it is not
// there; `tracked` if the host may track connections.
std::vector<nft::Table> clat_tables(const ClatConfig& config, const ClatPlace& place, const ClatEnd& end,
                                    uint32_t ifindex, bool tracked);

}  // namespace ipxlat

#endif
