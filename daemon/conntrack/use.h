// SPDX-License-Identifier: GPL-2.0-only
// How full the connection tracker's table is in this network namespace, and what that has cost.
#ifndef IPXLAT_DAEMON_CONNTRACK_USE_H
#define IPXLAT_DAEMON_CONNTRACK_USE_H

#include <cstdint>
#include <iosfwd>
#include <optional>

namespace ipxlat::conntrack {

struct Use {
  uint64_t entries = 0;
  uint64_t most = 0;
  uint64_t dropped = 0;  // packets, since there is a table
  uint64_t let_go = 0;   // entries of flows that nobody had answered, for want of room
};

// The statistics as /proc/net/stat/nf_conntrack has them; a column that is missing counts 0.
Use parse_statistics(std::istream& text);

// Nothing as long as nothing is tracked.
std::optional<Use> read_use();

}  // namespace ipxlat::conntrack

#endif
