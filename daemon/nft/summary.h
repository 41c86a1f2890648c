// SPDX-License-Identifier: GPL-2.0-only
// A table in words, which are the same for a table that is wanted and for one that was read if both do the
// same.
#ifndef IPXLAT_DAEMON_NFT_SUMMARY_H
#define IPXLAT_DAEMON_NFT_SUMMARY_H

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "daemon/nft/table.h"

namespace ipxlat::nft {

// One chain, set, flowtable or named object. Counts and what rules put into a set are left out.
struct ItemSummary {
  std::string definition;
  // rules in order; elements of a set or devices of a flowtable, sorted
  std::vector<std::string> contents{};
  uint32_t type = 0;  // of an object: NFT_OBJECT_*
  bool operator==(const ItemSummary&) const = default;
};

using ItemSummaries = std::map<std::string, ItemSummary>;  // by name

struct TableSummary {
  Family family = Family::kInet;
  std::string name;
  std::string comment;  // the owner's mark, if it is ours
  uint32_t flags = 0;   // NFT_TABLE_F_*
  ItemSummaries chains{};
  ItemSummaries sets{};
  ItemSummaries flowtables{};
  ItemSummaries objects{};

  bool operator==(const TableSummary&) const = default;
};

using TableSummaries = std::vector<TableSummary>;

// What stands for a set without a name in the words of its rule.
std::string in_braces(const std::vector<std::string>& elements);

// How `table` looks when nobody touched it. std::bad_alloc.
TableSummary summary(const Table& table);

}  // namespace ipxlat::nft

#endif
