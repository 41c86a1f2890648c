// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/kernel/nft_tables.h"

#include <libmnl/libmnl.h>
#include <libnftnl/chain.h>
#include <libnftnl/flowtable.h>
#include <libnftnl/object.h>
#include <libnftnl/rule.h>
#include <libnftnl/set.h>
#include <libnftnl/table.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include <algorithm>
#include <cerrno>

#include "daemon/kernel/nft_socket.h"
#include "daemon/nft/change.h"
#include "daemon/nft/handle.h"
#include "daemon/nft/words.h"
#include "lib/owner.h"

namespace ipxlat::nft {
namespace {

constexpr auto kAllFamilies = static_cast<Family>(NFPROTO_UNSPEC);
constexpr int kAttempts = 10;

// Reads on one socket.
class Reader {
 public:
  explicit Reader(Socket& socket) : socket_(socket) {}

  // Names, comments and flags.
  Result<TableSummaries> tables() {
    TableSummaries found;
    const auto take = [&](const nlmsghdr* message) {
      auto table = own(nftnl_table_alloc(), nftnl_table_free);
      if (nftnl_table_nlmsg_parse(message, table.get()) < 0) return false;
      uint32_t length = 0;
      const void* data = nftnl_table_get_data(table.get(), NFTNL_TABLE_USERDATA, &length);
      found.push_back({static_cast<Family>(nftnl_table_get_u32(table.get(), NFTNL_TABLE_FAMILY)),
                       nftnl_table_get_str(table.get(), NFTNL_TABLE_NAME), comment_of(data, length),
                       nftnl_table_get_u32(table.get(), NFTNL_TABLE_FLAGS)});
      return true;
    };
    if (auto done = socket_.dump(NFT_MSG_GETTABLE, kAllFamilies, [](nlmsghdr*) {}, take); !done)
      return done.error();
    return found;
  }

  Result<void> contents(TableSummary& table) {
    table_ = &table;
    anonymous_.clear();
    // rules name the sets that they have
    for (auto part : {&Reader::chains, &Reader::sets, &Reader::rules, &Reader::flowtables, &Reader::objects})
      if (auto done = (this->*part)(); !done) return done;
    return {};
  }

 private:
  Result<void> dump(uint16_t type, uint16_t table_attribute,
                    const std::function<bool(const nlmsghdr*)>& take) {
    const auto fill = [&](nlmsghdr* header) {
      mnl_attr_put_strz(header, table_attribute, table_->name.c_str());
    };
    return socket_.dump(type, table_->family, fill, take);
  }

  Result<void> chains() {
    return dump(NFT_MSG_GETCHAIN, NFTA_CHAIN_TABLE, [this](const nlmsghdr* message) {
      auto chain = own(nftnl_chain_alloc(), nftnl_chain_free);
      if (nftnl_chain_nlmsg_parse(message, chain.get()) < 0) return false;
      // older kernels give those of every table
      if (nftnl_chain_get_str(chain.get(), NFTNL_CHAIN_TABLE) == table_->name)
        table_->chains[nftnl_chain_get_str(chain.get(), NFTNL_CHAIN_NAME)] = {words(chain.get())};
      return true;
    });
  }

  Result<void> sets() {
    std::vector<Handle<nftnl_set>> found;
    const auto take = [&](const nlmsghdr* message) {
      found.push_back(own(nftnl_set_alloc(), nftnl_set_free));
      return nftnl_set_nlmsg_parse(message, found.back().get()) >= 0;
    };
    if (auto done = dump(NFT_MSG_GETSET, NFTA_SET_TABLE, take); !done) return done;
    for (const auto& set : found) {
      std::vector<std::string> elements;
      // what rules put there is theirs, and may be a lot
      if (!(nftnl_set_get_u32(set.get(), NFTNL_SET_FLAGS) & NFT_SET_EVAL))
        if (auto done = read_elements(set.get(), elements); !done) return done;
      const std::string name = nftnl_set_get_str(set.get(), NFTNL_SET_NAME);
      if (nftnl_set_get_u32(set.get(), NFTNL_SET_FLAGS) & NFT_SET_ANONYMOUS)
        anonymous_[name] = in_braces(elements);
      else
        table_->sets[name] = {words(set.get()), std::move(elements)};
    }
    return {};
  }

  Result<void> read_elements(const nftnl_set* set, std::vector<std::string>& into) {
    auto asked = own(nftnl_set_alloc(), nftnl_set_free);
    nftnl_set_set_str(asked.get(), NFTNL_SET_TABLE, table_->name.c_str());
    nftnl_set_set_str(asked.get(), NFTNL_SET_NAME, nftnl_set_get_str(set, NFTNL_SET_NAME));
    const auto fill = [&](nlmsghdr* header) { nftnl_set_nlmsg_build_payload(header, asked.get()); };
    auto read = own(nftnl_set_alloc(), nftnl_set_free);
    const auto take = [&](const nlmsghdr* message) {
      return nftnl_set_elems_nlmsg_parse(message, read.get()) >= 0;
    };
    auto done = socket_.dump(NFT_MSG_GETSETELEM, table_->family, fill, take);
    if (done) into = element_words(read.get());
    return done;
  }

  Result<void> rules() {
    return dump(NFT_MSG_GETRULE, NFTA_RULE_TABLE, [this](const nlmsghdr* message) {
      auto rule = own(nftnl_rule_alloc(), nftnl_rule_free);
      if (nftnl_rule_nlmsg_parse(message, rule.get()) < 0) return false;
      const auto contents = [this](const std::string& set) { return anonymous_[set]; };
      table_->chains[nftnl_rule_get_str(rule.get(), NFTNL_RULE_CHAIN)].contents.push_back(
          words(rule.get(), contents));
      return true;
    });
  }

  Result<void> flowtables() {
    return dump(NFT_MSG_GETFLOWTABLE, NFTA_FLOWTABLE_TABLE, [this](const nlmsghdr* message) {
      auto flowtable = own(nftnl_flowtable_alloc(), nftnl_flowtable_free);
      if (nftnl_flowtable_nlmsg_parse(message, flowtable.get()) < 0) return false;
      auto names = devices(flowtable.get());
      std::sort(names.begin(), names.end());
      table_->flowtables[nftnl_flowtable_get_str(flowtable.get(), NFTNL_FLOWTABLE_NAME)] = {
          words(flowtable.get()), std::move(names)};
      return true;
    });
  }

  Result<void> objects() {
    return dump(NFT_MSG_GETOBJ, NFTA_OBJ_TABLE, [this](const nlmsghdr* message) {
      auto object = own<nftnl_obj>(nftnl_obj_alloc(), nftnl_obj_free);
      if (nftnl_obj_nlmsg_parse(message, object.get()) < 0) return false;
      table_->objects[nftnl_obj_get_str(object.get(), NFTNL_OBJ_NAME)] = {
          words(object.get()), {}, nftnl_obj_get_u32(object.get(), NFTNL_OBJ_TYPE)};
      return true;
    });
  }

  Socket& socket_;
  TableSummary* table_ = nullptr;
  std::map<std::string, std::string> anonymous_;  // sets by name, in words
};

// Those that `chosen` chooses, all of one generation, which `generation` is set to.
Result<TableSummaries> read_once(const std::function<bool(const TableSummary&)>& chosen,
                                 uint32_t& generation) {
  auto socket = Socket::open();
  if (!socket) return socket.error();
  auto before = socket->generation();
  if (!before) return before.error();
  generation = *before;
  Reader reader(*socket);
  auto tables = reader.tables();
  if (!tables) return tables.error();
  std::erase_if(*tables, [&](const TableSummary& table) { return !chosen(table); });
  for (auto& table : *tables)
    if (auto done = reader.contents(table); !done) return done.error();
  auto after = socket->generation();
  if (!after) return after.error();
  if (*after != generation) return NetlinkError{EINTR, "nftables changes all the time"};
  return tables;
}

// ENOENT as well: what was listed a moment ago is gone.
bool disturbed(const NetlinkError& error) {
  return error.code == EINTR || error.code == ERESTART || error.code == ENOENT;
}

}  // namespace

Result<TableSummaries> read_tables() {
  for (int attempt = 1;; attempt++) {
    uint32_t generation = 0;
    auto found =
        read_once([](const TableSummary& table) { return is_owner_mark(table.comment); }, generation);
    if (found || !disturbed(found.error()) || attempt == kAttempts) return found;
  }
}

namespace {

Result<void> set_once(const std::string& name, const std::vector<Table>& tables) {
  uint32_t generation = 0;
  const auto concerned = [&](const TableSummary& one) {
    const auto same_family = [&](const Table& table) { return table.family == one.family; };
    return one.name == name && (is_owner_mark(one.comment) || std::ranges::any_of(tables, same_family));
  };
  auto seen = read_once(concerned, generation);
  if (!seen) return seen.error();
  const Batch batch = change(tables, *seen);
  if (batch.empty()) return {};
  auto socket = Socket::open();
  if (!socket) return socket.error();
  return socket->commit(batch, generation);
}

}  // namespace

Result<void> set_tables(const std::string& name, const std::vector<Table>& tables) {
  for (int attempt = 1;; attempt++) {
    auto done = set_once(name, tables);
    // what a transaction wants and does not find will not be there the next time
    if (done || (done.error().code != EINTR && done.error().code != ERESTART) || attempt == kAttempts)
      return done;
  }
}

}  // namespace ipxlat::nft
