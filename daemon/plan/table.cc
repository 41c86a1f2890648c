// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/plan/table.h"

#include "daemon/plan/seen.h"

namespace ipxlat {
namespace {

std::string text(nft::Family family) {
  switch (family) {
    case nft::Family::kInet:
      return "inet ";
    case nft::Family::kIp4:
      return "ip ";
    case nft::Family::kIp6:
      return "ip6 ";
    case nft::Family::kNetdev:
      return "netdev ";
  }
  return "";
}

}  // namespace

Table::Table(nft::Table table)
    : summary(nft::summary(table)), content(std::make_shared<nft::Table>(std::move(table))) {}

Table::Table(nft::TableSummary read) : summary(std::move(read)) {}

std::string Table::key() const { return "nftables table " + text(summary.family) + summary.name; }

std::string Table::describe(Action action, const Table*) const {
  if (action == Action::kDrop) return "delete " + key();
  size_t rules = 0;
  for (const auto& [name, chain] : summary.chains) rules += chain.contents.size();
  return "write " + key() + " with " + std::to_string(rules) + " rules";
}

std::vector<Found<Table>> Table::find(const Seen& seen, const MadeResources&) {
  std::vector<Found<Table>> found;
  // the kernel's room reads none but those with our comment
  for (const auto& one : seen.tables) found.push_back({Table(one), true});
  return found;
}

}  // namespace ipxlat
