// SPDX-License-Identifier: GPL-2.0-only
// The nftables tables of one name, which are written in one transaction: one for each family that needs
// rules.
#ifndef IPXLAT_DAEMON_PLAN_TABLES_H
#define IPXLAT_DAEMON_PLAN_TABLES_H

#include <memory>
#include <string>
#include <vector>

#include "daemon/nft/summary.h"
#include "daemon/nft/table.h"
#include "daemon/plan/kind.h"

namespace ipxlat {

struct Tables {
  std::string name;
  nft::TableSummaries summaries;  // by family
  // What they are written from; null where they were read, for those cannot be written again.
  std::shared_ptr<const std::vector<nft::Table>> content;

  // Of one name, and at least one.
  explicit Tables(std::vector<nft::Table> wanted);
  explicit Tables(nft::TableSummaries read);

  std::string key() const { return "nftables tables " + name; }
  bool operator==(const Tables& other) const { return summaries == other.summaries; }
  std::string describe(Action action, const Tables* former) const;
  static std::vector<Found<Tables>> find(const Seen& seen, const MadeResources& made);
};

}  // namespace ipxlat

#endif
