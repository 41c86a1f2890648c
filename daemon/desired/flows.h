// SPDX-License-Identifier: GPL-2.0-only
// Entries of the connection tracker that were made under other rules: what goes on sending keeps its entry,
// and with it a translation that leads nowhere now.
#ifndef IPXLAT_DAEMON_DESIRED_FLOWS_H
#define IPXLAT_DAEMON_DESIRED_FLOWS_H

#include <string>
#include <vector>

#include "daemon/config/instances.h"
#include "daemon/plan/flush.h"
#include "daemon/plan/seen.h"

namespace ipxlat {

// What goes to pref64 (with routes4 to that part of it) and is not translated into the pool, what goes to the
// rest of it and is, and in masquerade mode what leaves the pool and
// not with an address of an uplink.
std::vector<Flush> nat64_flushes(const Nat64Config& config, const Seen& seen);

// What comes from the inside address of a shared CLAT and leaves with an address that the uplink does not
// have.
Flush clat_flush(const std::string& instance, const Prefix6& inside, const std::string& uplink,
                 const Seen& seen);

}  // namespace ipxlat

#endif
