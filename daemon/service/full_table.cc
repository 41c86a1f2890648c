// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/service/full_table.h"

#include <utility>

namespace ipxlat {

std::optional<TableUse> read_table_use() {
  // not asked for where there is no table, since the question alone loads a module
  const auto table = read_connection_table();
  if (!table) return std::nullopt;
  const auto losses = read_connection_losses();
  if (!losses) return std::nullopt;
  return TableUse{*table, *losses};
}

std::string FullTable::news(const std::optional<TableUse>& use) {
  const auto last = std::exchange(last_, use);
  if (!last || !use) return {};
  const ConnectionLosses &before = last->losses, &now = use->losses;
  // counted anew: the module was loaded anew
  if (now.drop < before.drop || now.early_drop < before.early_drop) return {};
  const uint64_t dropped = now.drop - before.drop, let_go = now.early_drop - before.early_drop;
  if (!dropped && !let_go) return {};
  return "the connection tracker has dropped " + std::to_string(dropped) + " packets and let " +
         std::to_string(let_go) + " unanswered flows go since the last look; it has " +
         std::to_string(use->table.entries) + " of " + std::to_string(use->table.limit) + " entries";
}

}  // namespace ipxlat
