// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/service/full_table.h"

#include <utility>

namespace ipxlat {

std::string FullTable::news(const std::optional<conntrack::Use>& use) {
  const auto last = std::exchange(last_, use);
  // counted anew: the module was loaded anew
  if (!last || !use || use->dropped < last->dropped || use->let_go < last->let_go) return {};
  const uint64_t dropped = use->dropped - last->dropped, let_go = use->let_go - last->let_go;
  if (!dropped && !let_go) return {};
  return "the connection tracker has dropped " + std::to_string(dropped) + " packets and let " +
         std::to_string(let_go) + " unanswered flows go since the last look; it has " +
         std::to_string(use->entries) + " of " + std::to_string(use->most) + " entries";
}

}  // namespace ipxlat
