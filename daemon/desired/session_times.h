// SPDX-License-Identifier: GPL-2.0-only
// How long the state of a translated flow lives after its last packet: RFC 6146 section 4, RFC 7857
// section 2. Longer than the kernel's own times, which the host's other connections keep.
#ifndef IPXLAT_DAEMON_DESIRED_SESSION_TIMES_H
#define IPXLAT_DAEMON_DESIRED_SESSION_TIMES_H

#include <vector>

#include "daemon/nft/rule_builder.h"
#include "daemon/nft/table.h"
#include "daemon/plan/seen.h"
#include "daemon/plan/unit.h"

namespace ipxlat {

// The objects of a table of family ip6 or ip, and what a rule has to say to a flow's first packet. Each
// object looks itself whether the packet is of its protocol.
std::vector<nft::Object> session_times(nft::Family family);
nft::RuleBuilder& give_session_times(nft::RuleBuilder& match);

// Some flows have what the network namespace has, so that must not be less: those of ICMP, of which libnftnl
// can tell no object, and offloaded ones that fall idle, for which the kernel looks at no object. With
// `manage` false there is a warning instead.
void want_times_of_namespace(Unit& unit, const Seen& seen, bool offloads, bool manage);

}  // namespace ipxlat

#endif
