// SPDX-License-Identifier: GPL-2.0-only
// Says when the connection tracker had no room, which new flows notice and nobody else.
#ifndef IPXLAT_DAEMON_SERVICE_FULL_TABLE_H
#define IPXLAT_DAEMON_SERVICE_FULL_TABLE_H

#include <optional>
#include <string>

#include "daemon/conntrack/use.h"

namespace ipxlat {

class FullTable {
 public:
  // A sentence if it has cost anything since the last call, else empty. The first call only remembers.
  std::string news(const std::optional<conntrack::Use>& use);

 private:
  std::optional<conntrack::Use> last_;
};

}  // namespace ipxlat

#endif
