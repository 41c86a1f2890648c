// SPDX-License-Identifier: GPL-2.0-only
// Says when the connection tracker had no room, which new flows notice and nobody else.
#ifndef IPXLAT_DAEMON_SERVICE_FULL_TABLE_H
#define IPXLAT_DAEMON_SERVICE_FULL_TABLE_H

#include <optional>
#include <string>

#include "lib/connection_table.h"

namespace ipxlat {

struct TableUse {
  ConnectionTable table;
  ConnectionLosses losses;
};

// Nothing as long as nothing is tracked, or what came of it cannot be read.
std::optional<TableUse> read_table_use();

class FullTable {
 public:
  // A sentence if it has cost anything since the last call, else empty. The first call only remembers.
  std::string news(const std::optional<TableUse>& use);

 private:
  std::optional<TableUse> last_;
};

}  // namespace ipxlat

#endif
