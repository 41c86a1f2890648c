// SPDX-License-Identifier: GPL-2.0-only
// How full the connection tracker of this network namespace is, and what came of it.
#ifndef IPXLAT_LIB_CONNECTION_TABLE_H
#define IPXLAT_LIB_CONNECTION_TABLE_H

#include <cstdint>
#include <optional>
#include <string>

#include "lib/result.h"

namespace ipxlat {

struct ConnectionTable {
  uint64_t entries = 0;
  uint64_t limit = 0;  // of all network namespaces together; 0 is none
};

// Nothing where connection tracking is not loaded. `directory` is that of its sysctls.
std::optional<ConnectionTable> read_connection_table(
    const std::string& directory = "/proc/sys/net/netfilter");

// Of all CPUs, since the namespace was made; each CPU's wraps at 2^32.
struct ConnectionLosses {
  uint64_t drop = 0;           // packets, for want of an entry
  uint64_t early_drop = 0;     // entries that made room for others
  uint64_t insert_failed = 0;  // packets, since another entry was already there
};

// EPERM without CAP_NET_ADMIN.
Result<ConnectionLosses> read_connection_losses();

}  // namespace ipxlat

#endif
