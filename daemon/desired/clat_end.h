// SPDX-License-Identifier: GPL-2.0-only
// Which addresses the host's own end of a CLAT has: of IPv6 one of its uplink or an inside one, of IPv4 one
// of 192.0.0.0/29 (RFC 7335).
#ifndef IPXLAT_DAEMON_DESIRED_CLAT_END_H
#define IPXLAT_DAEMON_DESIRED_CLAT_END_H

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/config/instances.h"
#include "daemon/desired/clat_place.h"
#include "daemon/plan/address.h"
#include "daemon/plan/seen.h"
#include "daemon/plan/time.h"
#include "lib/settings.h"
#include "lib/siphash.h"

namespace ipxlat {

struct ClatEnd {
  std::vector<MapEntry> near;      // what begins now has the first; others are of what is open
  std::string mode;                // as in Report::address6_mode
  bool masqueraded = false;        // near is inside, and becomes the uplink's address
  bool own = true;                 // the IPv4 of near are addresses of the device
  bool ready = true;               // false while duplicate address detection runs
  std::vector<Address> claimed{};  // on the uplink
  std::optional<Time> until{};     // another one is to be chosen then, even if nothing changes
  std::vector<std::string> warnings{};
  std::string failure{};  // a sentence; then there is none

  std::vector<Prefix6> near6() const {
    std::vector<Prefix6> all;
    for (const auto& entry : near) all.push_back(entry.prefix6);
    return all;
  }
};

// At a place that shall be on. `secret` makes addresses. `taken` are the addresses of 192.0.0.0/29, in host
// byte order, that other ends have; those of this one are added.
ClatEnd choose_clat_end(const ClatConfig& config, const ClatPlace& place, const Seen& seen,
                        const SipKey& secret, Time now, std::set<uint32_t>& taken);

}  // namespace ipxlat

#endif
