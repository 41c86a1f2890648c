// SPDX-License-Identifier: GPL-2.0-only
// Connection tracking entries of this network namespace.
#ifndef IPXLAT_DAEMON_KERNEL_CONNTRACK_ENTRIES_H
#define IPXLAT_DAEMON_KERNEL_CONNTRACK_ENTRIES_H

#include "daemon/plan/flush.h"
#include "lib/result.h"

namespace ipxlat {

// Deletes those that `flush` names. Entries that came meanwhile may stay.
Result<void> delete_entries(const Flush& flush);

}  // namespace ipxlat

#endif
