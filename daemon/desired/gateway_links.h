// SPDX-License-Identifier: GPL-2.0-only
// What a gateway asks of its links, by the names that its configuration has.
#ifndef IPXLAT_DAEMON_DESIRED_GATEWAY_LINKS_H
#define IPXLAT_DAEMON_DESIRED_GATEWAY_LINKS_H

#include <string>
#include <vector>

#include "daemon/plan/seen.h"
#include "daemon/plan/unit.h"

namespace ipxlat {

// A warning for each that is not there.
void warn_of_missing(Unit& unit, const Seen& seen, const std::vector<std::string>& links);

// The links of a flowtable: those that are there, and the device with them; none if none is there.
std::vector<std::string> fast_links(const Seen& seen, const std::vector<std::string>& links,
                                    const std::string& device);

// Proxy ARP for `networks` on the uplinks whose neighbours count them to their own network and ask for their
// addresses; of more than 256 of them a warning instead.
void want_proxies(Unit& unit, const Seen& seen, const std::vector<std::string>& uplinks,
                  const std::vector<Prefix4>& networks);

}  // namespace ipxlat

#endif
