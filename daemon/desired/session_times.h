// SPDX-License-Identifier: GPL-2.0-only
// How long the state of a translated flow lives after its last packet: RFC 6146 section 4, RFC 7857
// section 2. Longer than the kernel's own times, which the host's other connections keep.
#ifndef IPXLAT_DAEMON_DESIRED_SESSION_TIMES_H
#define IPXLAT_DAEMON_DESIRED_SESSION_TIMES_H

#include <vector>

#include "daemon/nft/table.h"
#include "daemon/plan/seen.h"
#include "daemon/plan/unit.h"

namespace ipxlat {

// The objects of a table of family ip6 or ip, and the rules with which a flow's first packet gets its own.
std::vector<nft::Object> session_times(nft::Family family);
std::vector<nft::Rule> give_session_times(nft::Family family);

// Some flows have what the network namespace has, so that must not be less: those of ICMP, of which libnftnl
// can tell no object, and offloaded ones that fall idle, for which the kernel looks at no object. With
// `manage` false there is a warning instead.
void want_times_of_namespace(Unit& unit, const Seen& seen, bool offloads, bool manage);

}  // namespace ipxlat

#endif
