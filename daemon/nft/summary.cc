// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/nft/summary.h"

#include "daemon/nft/batch.h"

namespace ipxlat::nft {

TableSummary summary(const Table& table) {
  TableSummary result{table.family, table.name, table_comment(table), {}};
  for (const auto& chain : table.chains)
    for (const auto& rule : chain.rules) result.rules.push_back(chain.name + ": " + rule.comment);
  return result;
}

}  // namespace ipxlat::nft
