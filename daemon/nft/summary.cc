// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/nft/summary.h"

#include <libnftnl/object.h>

#include <algorithm>

#include "daemon/nft/encode.h"
#include "daemon/nft/words.h"
#include "lib/owner.h"

namespace ipxlat::nft {
namespace {

std::vector<std::string> elements(const Table& table, const Set& from) {
  auto set = encode_anonymous(table, from, 0);
  for (const auto& boundary : boundaries(from)) add_element(set.get(), boundary);
  return element_words(set.get());
}

ItemSummary summary(const Table& table, const Chain& chain) {
  ItemSummary item{words(encode(table, chain).get())};
  std::vector<std::string> sets;
  const auto refer = [&](const Set& set) {
    sets.push_back(in_braces(elements(table, set)));
    return SetReference{"__" + std::to_string(sets.size() - 1)};
  };
  const auto told = [&](const std::string& name) { return sets.at(std::stoul(name.substr(2))); };
  for (const auto& rule : chain.rules)
    item.contents.push_back(words(encode(table, chain, rule, refer).get(), told));
  return item;
}

ItemSummary summary(const Table& table, const NamedSet& set) {
  ItemSummary item{words(encode(table, set).get())};
  if (!set.dynamic) item.contents = elements(table, set.set);
  return item;
}

ItemSummary summary(const Table& table, const Flowtable& flowtable) {
  ItemSummary item{words(encode(table, flowtable).get()), flowtable.devices};
  std::sort(item.contents.begin(), item.contents.end());
  return item;
}

ItemSummary summary(const Table& table, const Object& object) {
  auto made = encode(table, object);
  return {words(made.get()), {}, nftnl_obj_get_u32(made.get(), NFTNL_OBJ_TYPE)};
}

template <class Item>
ItemSummaries summaries(const Table& table, const std::vector<Item>& items) {
  ItemSummaries result;
  for (const auto& item : items) result[item.name] = summary(table, item);
  return result;
}

}  // namespace

std::string in_braces(const std::vector<std::string>& elements) {
  std::string text = "{";
  for (const auto& element : elements) text += " " + element;
  return text + " }";
}

TableSummary summary(const Table& table) {
  TableSummary result{table.family, table.name, owner_mark(table.owner)};
  result.chains = summaries(table, table.chains);
  result.sets = summaries(table, table.sets);
  result.flowtables = summaries(table, table.flowtables);
  result.objects = summaries(table, table.objects);
  return result;
}

}  // namespace ipxlat::nft
