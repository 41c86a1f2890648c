// SPDX-License-Identifier: GPL-2.0-only
// Entries of the connection tracker of this network namespace.
#ifndef IPXLAT_DAEMON_CONNTRACK_ENTRIES_H
#define IPXLAT_DAEMON_CONNTRACK_ENTRIES_H

#include "daemon/conntrack/filter.h"
#include "lib/result.h"

namespace ipxlat::conntrack {

// Deletes those that match; what comes meanwhile may stay. Reads the whole table.
Result<void> delete_entries(const Filter& filter);

}  // namespace ipxlat::conntrack

#endif
