// SPDX-License-Identifier: GPL-2.0-only
// From which prefix a host takes the source of what it sends to a destination.
#ifndef IPXLAT_DAEMON_DESIRED_SOURCE_PREFIX_H
#define IPXLAT_DAEMON_DESIRED_SOURCE_PREFIX_H

#include <string>
#include <tuple>
#include <vector>

#include "daemon/plan/seen.h"

namespace ipxlat {

// The /64s of `link` from which hosts make addresses of their own (RFC 4862), in the order in which RFC 6724
// section 5 prefers them toward `destination`: rules 3, 6 and 8, with the policy of its section 2.1.
std::vector<Prefix6> source_prefixes(const Seen& seen, const std::string& link, const Prefix6& destination);

// Compares what several destinations are reached from: the less the better, by the same rules.
using SourcePreference = std::tuple<bool, bool, int>;
SourcePreference preference_of_source(const Seen& seen, const std::string& link, const Prefix6& destination);

}  // namespace ipxlat

#endif
