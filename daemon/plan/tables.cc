// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/plan/tables.h"

#include <algorithm>
#include <map>

#include "daemon/plan/seen.h"

namespace ipxlat {
namespace {

std::string text(nft::Family family) {
  switch (family) {
    case nft::Family::kInet:
      return "inet";
    case nft::Family::kIp4:
      return "ip";
    case nft::Family::kIp6:
      return "ip6";
    case nft::Family::kNetdev:
      return "netdev";
  }
  return "";
}

nft::TableSummaries summaries_of(const std::vector<nft::Table>& tables) {
  nft::TableSummaries all;
  for (const auto& table : tables) all.push_back(nft::summary(table));
  return all;
}

}  // namespace

Tables::Tables(std::vector<nft::Table> wanted) : Tables(summaries_of(wanted)) {
  content = std::make_shared<std::vector<nft::Table>>(std::move(wanted));
}

Tables::Tables(nft::TableSummaries read) : name(read.front().name), summaries(std::move(read)) {
  std::ranges::sort(summaries, {}, &nft::TableSummary::family);
}

std::string Tables::describe(Action action, const Tables*) const {
  if (action == Action::kDrop) return "delete " + key();
  std::string families;
  size_t rules = 0;
  for (const auto& table : summaries) {
    families += (families.empty() ? "" : " and ") + text(table.family);
    for (const auto& [chain, item] : table.chains) rules += item.contents.size();
  }
  return "write " + key() + " (" + families + ") with " + std::to_string(rules) + " rules";
}

std::vector<Found<Tables>> Tables::find(const Seen& seen, const MadeResources&) {
  std::map<std::string, nft::TableSummaries> by_name;
  for (const auto& one : seen.tables) by_name[one.name].push_back(one);
  std::vector<Found<Tables>> found;
  // the kernel's room reads none but those with our comment
  for (auto& [name, all] : by_name) found.push_back({Tables(std::move(all)), true});
  return found;
}

}  // namespace ipxlat
