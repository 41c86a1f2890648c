// SPDX-License-Identifier: GPL-2.0-only
// An nftables table.
#ifndef IPXLAT_DAEMON_PLAN_TABLE_H
#define IPXLAT_DAEMON_PLAN_TABLE_H

#include <memory>
#include <string>
#include <vector>

#include "daemon/nft/summary.h"
#include "daemon/nft/table.h"
#include "daemon/plan/kind.h"

namespace ipxlat {

struct Table {
  nft::TableSummary summary;
  // What it is written from; null where it was read, for that cannot be written again.
  std::shared_ptr<const nft::Table> content;

  Table(nft::Table table);        // NOLINT(google-explicit-constructor)
  Table(nft::TableSummary read);  // NOLINT(google-explicit-constructor)

  std::string key() const;
  bool operator==(const Table& other) const { return summary == other.summary; }
  std::string describe(Action action, const Table* former) const;
  static std::vector<Found<Table>> find(const Seen& seen, const MadeResources& made);
};

}  // namespace ipxlat

#endif
