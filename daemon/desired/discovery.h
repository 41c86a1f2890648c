// SPDX-License-Identifier: GPL-2.0-only
// The prefix of a CLAT that nobody has given one: of those that were learnt.
#ifndef IPXLAT_DAEMON_DESIRED_DISCOVERY_H
#define IPXLAT_DAEMON_DESIRED_DISCOVERY_H

#include <optional>
#include <string>

#include "daemon/config/config.h"
#include "daemon/plan/knowledge.h"
#include "daemon/plan/seen.h"

namespace ipxlat {

struct ChosenPrefix {
  LearntPrefix learnt;
  const char* from;  // as in Report::pref64_from
};

// One that was learnt on `link`: what routers tell before what resolvers do (RFC 8781 section 5.1). That
// which its device has, `kept`, stays as long as it is among them; else one that is reached there, and of
// those the one toward which RFC 6724 section 5 has the better source, rules 6 and 8 (RFC 8781 section 6).
std::optional<ChosenPrefix> choose_pref64(const Seen& seen, const SeenLink& link,
                                          const std::optional<Prefix6>& kept);

// Of the links that are up and may be the uplink of a CLAT whose prefix is not given. Resolvers are those of
// the configuration, else those that the link's routers name, else the host's.
Discovery discovery_of(const Config& config, const Seen& seen);

}  // namespace ipxlat

#endif
