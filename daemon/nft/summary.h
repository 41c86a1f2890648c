// SPDX-License-Identifier: GPL-2.0-only
// What is read back of a table: enough to tell whether it is still the one that was written.
#ifndef IPXLAT_DAEMON_NFT_SUMMARY_H
#define IPXLAT_DAEMON_NFT_SUMMARY_H

#include <string>
#include <vector>

#include "daemon/nft/table.h"

namespace ipxlat::nft {

struct TableSummary {
  Family family = Family::kInet;
  std::string name;
  std::string comment;             // with the owner's mark and the digest
  std::vector<std::string> rules;  // "chain: comment" of each

  bool operator==(const TableSummary&) const = default;
};

using TableSummaries = std::vector<TableSummary>;

// How `table` looks when nobody touched it.
TableSummary summary(const Table& table);

}  // namespace ipxlat::nft

#endif
