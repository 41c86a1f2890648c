// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/nft/change.h"

#include <libnftnl/chain.h>
#include <libnftnl/flowtable.h>
#include <libnftnl/object.h>
#include <libnftnl/rule.h>
#include <libnftnl/set.h>
#include <libnftnl/table.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netlink.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>

#include "daemon/nft/encode.h"
#include "lib/owner.h"
#include "lib/siphash.h"

namespace ipxlat::nft {
namespace {

// keeps the attribute that lists them far below its 64 KiB
constexpr size_t kElementsPerMessage = 400;

const ItemSummary* find(const ItemSummaries& items, const std::string& name) {
  const auto found = items.find(name);
  return found == items.end() ? nullptr : &found->second;
}

// True if `item` cannot become what `others` have of its name.
bool differs(const std::string& name, const ItemSummary& item, const ItemSummaries& others) {
  const ItemSummary* other = find(others, name);
  return !other || other->definition != item.definition;
}

bool any_made_anew(const ItemSummaries& wanted, const ItemSummaries& seen) {
  return std::any_of(seen.begin(), seen.end(), [&](const auto& item) {
    return wanted.contains(item.first) && differs(item.first, item.second, wanted);
  });
}

std::vector<std::string> without(const std::vector<std::string>& all,
                                 const std::vector<std::string>& others) {
  std::vector<std::string> rest;
  for (const auto& one : all)
    if (std::find(others.begin(), others.end(), one) == others.end()) rest.push_back(one);
  return rest;
}

// Takes away what is not to be there. Needs no value of it, only names.
class Remover {
 public:
  Remover(Batch& batch, const Table& table) : batch_(batch), table_(table) {}

  void rules(const std::string& chain) {
    auto object = own(nftnl_rule_alloc(), nftnl_rule_free);
    nftnl_rule_set_str(object.get(), NFTNL_RULE_TABLE, table_.name.c_str());
    nftnl_rule_set_str(object.get(), NFTNL_RULE_CHAIN, chain.c_str());
    put(NFT_MSG_DELRULE, "flushing of chain " + chain,
        [&](nlmsghdr* header) { nftnl_rule_nlmsg_build_payload(header, object.get()); });
  }

  void chain(const std::string& name) {
    auto object = own(nftnl_chain_alloc(), nftnl_chain_free);
    nftnl_chain_set_str(object.get(), NFTNL_CHAIN_TABLE, table_.name.c_str());
    nftnl_chain_set_str(object.get(), NFTNL_CHAIN_NAME, name.c_str());
    put(NFT_MSG_DELCHAIN, "removal of chain " + name,
        [&](nlmsghdr* header) { nftnl_chain_nlmsg_build_payload(header, object.get()); });
  }

  void set(const std::string& name) {
    auto object = named_set(name);
    put(NFT_MSG_DELSET, "removal of set " + name,
        [&](nlmsghdr* header) { nftnl_set_nlmsg_build_payload(header, object.get()); });
  }

  void elements(const std::string& set) {
    auto object = named_set(set);
    put(NFT_MSG_DELSETELEM, "flushing of set " + set,
        [&](nlmsghdr* header) { nftnl_set_elems_nlmsg_build_payload(header, object.get()); });
  }

  void flowtable(const std::string& name) {
    auto object = own(nftnl_flowtable_alloc(), nftnl_flowtable_free);
    nftnl_flowtable_set_str(object.get(), NFTNL_FLOWTABLE_TABLE, table_.name.c_str());
    nftnl_flowtable_set_str(object.get(), NFTNL_FLOWTABLE_NAME, name.c_str());
    put(NFT_MSG_DELFLOWTABLE, "removal of flowtable " + name,
        [&](nlmsghdr* header) { nftnl_flowtable_nlmsg_build_payload(header, object.get()); });
  }

  void object(const std::string& name, uint32_t type) {
    auto object = own<nftnl_obj>(nftnl_obj_alloc(), nftnl_obj_free);
    nftnl_obj_set_str(object.get(), NFTNL_OBJ_TABLE, table_.name.c_str());
    nftnl_obj_set_str(object.get(), NFTNL_OBJ_NAME, name.c_str());
    nftnl_obj_set_u32(object.get(), NFTNL_OBJ_TYPE, type);
    put(NFT_MSG_DELOBJ, "removal of object " + name,
        [&](nlmsghdr* header) { nftnl_obj_nlmsg_build_payload(header, object.get()); });
  }

  Handle<nftnl_set> named_set(const std::string& name) const {
    auto object = own(nftnl_set_alloc(), nftnl_set_free);
    nftnl_set_set_str(object.get(), NFTNL_SET_TABLE, table_.name.c_str());
    nftnl_set_set_str(object.get(), NFTNL_SET_NAME, name.c_str());
    return object;
  }

 private:
  void put(uint16_t type, const std::string& subject, const std::function<void(nlmsghdr*)>& fill) {
    batch_.put(type, table_.family, 0, subject, fill);
  }

  Batch& batch_;
  const Table& table_;
};

class Maker {
 public:
  Maker(Batch& batch, const Table& table, const TableSummary& seen)
      : batch_(batch), table_(table), seen_(seen), wanted_(summary(table)), remove_(batch, table) {
    // a rule holds on to the set, flowtable or object that it has, even if there is another of that name
    all_rules_ = any_made_anew(wanted_.sets, seen.sets) || any_made_anew(wanted_.objects, seen.objects) ||
                 any_made_anew(wanted_.flowtables, seen.flowtables);
  }

  // What uses something goes before it and comes after it.
  void make() {
    remove();
    for (const auto& object : table_.objects)
      if (differs(object.name, wanted_.objects[object.name], seen_.objects)) add(object);
    for (const auto& flowtable : table_.flowtables) change(flowtable);
    for (const auto& chain : table_.chains)
      if (differs(chain.name, wanted_.chains[chain.name], seen_.chains)) add(chain);
    for (const auto& set : table_.sets) change(set);
    for (const auto& chain : table_.chains)
      if (gets_rules(chain.name))
        for (const auto& rule : chain.rules) add(chain, rule);
  }

 private:
  bool gets_rules(const std::string& chain) const {
    const ItemSummary *wanted = find(wanted_.chains, chain), *seen = find(seen_.chains, chain);
    return all_rules_ || !wanted || !seen || *wanted != *seen;
  }

  void remove() {
    for (const auto& [name, chain] : seen_.chains)
      if (gets_rules(name)) remove_.rules(name);
    for (const auto& [name, set] : seen_.sets)
      if (differs(name, set, wanted_.sets))
        remove_.set(name);
      else if (!set.contents.empty() && set.contents != wanted_.sets[name].contents)
        remove_.elements(name);
    for (const auto& [name, chain] : seen_.chains)
      if (differs(name, chain, wanted_.chains)) remove_.chain(name);
    for (const auto& [name, flowtable] : seen_.flowtables)
      if (differs(name, flowtable, wanted_.flowtables)) remove_.flowtable(name);
    for (const auto& [name, object] : seen_.objects)
      if (differs(name, object, wanted_.objects)) remove_.object(name, object.type);
  }

  void add(const Object& object) {
    auto made = encode(table_, object);
    put(NFT_MSG_NEWOBJ, "object " + object.name,
        [&](nlmsghdr* header) { nftnl_obj_nlmsg_build_payload(header, made.get()); });
  }

  // Its flows stay where it gets other devices.
  void change(const Flowtable& flowtable) {
    const ItemSummary& wanted = wanted_.flowtables[flowtable.name];
    const bool stays = !differs(flowtable.name, wanted, seen_.flowtables);
    const auto now = stays ? seen_.flowtables.at(flowtable.name).contents : std::vector<std::string>{};
    put_devices(NFT_MSG_NEWFLOWTABLE, flowtable, without(wanted.contents, now));
    put_devices(NFT_MSG_DELFLOWTABLE, flowtable, without(now, wanted.contents));
  }

  void put_devices(uint16_t type, Flowtable flowtable, const std::vector<std::string>& devices) {
    if (devices.empty()) return;
    flowtable.devices = devices;
    auto object = encode(table_, flowtable);
    put(type, "flowtable " + flowtable.name,
        [&](nlmsghdr* header) { nftnl_flowtable_nlmsg_build_payload(header, object.get()); });
  }

  void add(const Chain& chain) {
    auto object = encode(table_, chain);
    put(NFT_MSG_NEWCHAIN, "chain " + chain.name,
        [&](nlmsghdr* header) { nftnl_chain_nlmsg_build_payload(header, object.get()); });
  }

  void change(const NamedSet& set) {
    const ItemSummary& wanted = wanted_.sets[set.name];
    const ItemSummary* seen = find(seen_.sets, set.name);
    if (differs(set.name, wanted, seen_.sets)) {
      auto object = encode(table_, set);
      put(NFT_MSG_NEWSET, "set " + set.name,
          [&](nlmsghdr* header) { nftnl_set_nlmsg_build_payload(header, object.get()); });
      seen = nullptr;
    }
    if (!seen || wanted.contents != seen->contents)
      add_elements(set.set, set.name, [&] { return remove_.named_set(set.name); });
  }

  void add_elements(const Set& set, const std::string& name,
                    const std::function<Handle<nftnl_set>()>& empty) {
    const auto all = boundaries(set);
    for (size_t first = 0; first < all.size(); first += kElementsPerMessage) {
      auto part = empty();
      for (size_t i = first; i < std::min(all.size(), first + kElementsPerMessage); i++)
        add_element(part.get(), all[i]);
      put(NFT_MSG_NEWSETELEM, "elements of set " + name,
          [&](nlmsghdr* header) { nftnl_set_elems_nlmsg_build_payload(header, part.get()); });
    }
  }

  void add(const Chain& chain, const Rule& rule) {
    const auto add_set = [&](const Set& set) {
      const uint32_t id = batch_.new_set();
      auto object = encode_anonymous(table_, set, id);
      put(NFT_MSG_NEWSET, "set of a rule",
          [&](nlmsghdr* header) { nftnl_set_nlmsg_build_payload(header, object.get()); });
      add_elements(set, "of a rule", [&] { return encode_anonymous(table_, set, id); });
      return SetReference{"__set%d", id};
    };
    auto object = encode(table_, chain, rule, add_set);
    batch_.put(NFT_MSG_NEWRULE, table_.family, NLM_F_CREATE | NLM_F_APPEND, "rule \"" + rule.comment + "\"",
               [&](nlmsghdr* header) { nftnl_rule_nlmsg_build_payload(header, object.get()); });
  }

  void put(uint16_t type, const std::string& subject, const std::function<void(nlmsghdr*)>& fill) {
    batch_.put(type, table_.family, type == NFT_MSG_DELFLOWTABLE ? 0 : NLM_F_CREATE, subject, fill);
  }

  Batch& batch_;
  const Table& table_;
  const TableSummary& seen_;
  TableSummary wanted_;
  Remover remove_;
  bool all_rules_ = false;
};

// Null if there is none.
const TableSummary* find(const TableSummaries& all, Family family) {
  const auto found = std::ranges::find(all, family, &TableSummary::family);
  return found == all.end() ? nullptr : &*found;
}

// A comment cannot be changed, and in the transaction that wakes a table no chain gets a hook.
bool cannot_become(const TableSummary& seen, const Table& table) {
  if (seen.comment != owner_mark(table.owner)) return true;
  if (!seen.flags) return false;
  const ItemSummaries wanted = summary(table).chains;
  return std::ranges::any_of(table.chains, [&](const Chain& chain) {
    return !chain.type.empty() && differs(chain.name, wanted.at(chain.name), seen.chains);
  });
}

void add(Batch& batch, const Table& table, const TableSummary* seen) {
  const bool anew = seen && cannot_become(*seen, table);
  if (anew) batch.remove(table.family, table.name);
  const TableSummary none;
  const TableSummary& now = seen && !anew ? *seen : none;
  // a table that sleeps is woken
  if (&now == &none || now.flags) {
    auto object = encode(table);
    batch.put(NFT_MSG_NEWTABLE, table.family, NLM_F_CREATE, "table " + table.name,
              [&](nlmsghdr* header) { nftnl_table_nlmsg_build_payload(header, object.get()); });
  }
  Maker(batch, table, now).make();
}

}  // namespace

Batch change(const std::vector<Table>& tables, const TableSummaries& seen) {
  Batch batch;
  for (const auto& table : tables) add(batch, table, find(seen, table.family));
  for (const auto& table : seen)
    if (std::ranges::find(tables, table.family, &Table::family) == tables.end())
      batch.remove(table.family, table.name);
  return batch;
}

std::string digest(const std::vector<Table>& tables) {
  const auto bytes = change(tables, {}).finish(0);
  char text[17];
  std::snprintf(text, sizeof text, "%016" PRIx64, siphash24(SipKey{}, bytes));
  return text;
}

}  // namespace ipxlat::nft
