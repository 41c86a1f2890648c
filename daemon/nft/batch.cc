// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/nft/batch.h"

#include <libnftnl/batch.h>
#include <libnftnl/chain.h>
#include <libnftnl/common.h>
#include <libnftnl/rule.h>
#include <libnftnl/set.h>
#include <libnftnl/table.h>
#include <libnftnl/udata.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netlink.h>

#include <cinttypes>
#include <cstdio>
#include <memory>
#include <new>

#include "daemon/nft/expression.h"
#include "lib/owner.h"
#include "lib/siphash.h"

namespace ipxlat::nft {
namespace {

constexpr size_t kMessageMost = 64 * 1024;
// keeps the attribute that lists them far below its 64 KiB
constexpr size_t kElementsPerMessage = 400;
// how nft(8) prints the keys of a set
constexpr uint32_t kHostOrder = 1, kNetworkOrder = 2;

template <class T>
using Handle = std::unique_ptr<T, void (*)(const T*)>;

template <class T>
Handle<T> own(T* object, void (*release)(const T*)) {
  if (!object) throw std::bad_alloc();
  return Handle<T>(object, release);
}

Handle<nftnl_udata_buf> comment_data(const std::string& comment) {
  auto data = own(nftnl_udata_buf_alloc(2 + NFTNL_UDATA_COMMENT_MAXLEN), nftnl_udata_buf_free);
  // the type of a comment is 0 for tables and for rules
  nftnl_udata_put_strz(data.get(), NFTNL_UDATA_TABLE_COMMENT, comment.c_str());
  return data;
}

struct Boundary {
  Bytes key;
  uint32_t flags;
};

void add_element(nftnl_set* set, const Boundary& boundary) {
  nftnl_set_elem* element = nftnl_set_elem_alloc();
  if (!element) throw std::bad_alloc();
  nftnl_set_elem_add(set, element);  // owns it
  nftnl_set_elem_set(element, NFTNL_SET_ELEM_KEY, boundary.key.data(),
                     static_cast<uint32_t>(boundary.key.size()));
  if (boundary.flags) nftnl_set_elem_set_u32(element, NFTNL_SET_ELEM_FLAGS, boundary.flags);
}

// As the kernel wants intervals: where each begins and, flagged, where it has ended.
std::vector<Boundary> boundaries(const Set& set) {
  std::vector<Boundary> result;
  if (set.intervals && !set.elements.empty()) {
    const Bytes lowest(set.elements.front().begin.size(), 0);
    if (set.elements.front().begin != lowest) result.push_back({lowest, NFT_SET_ELEM_INTERVAL_END});
  }
  for (const auto& element : set.elements) {
    result.push_back({element.begin, 0});
    if (!element.end.empty()) result.push_back({element.end, NFT_SET_ELEM_INTERVAL_END});
  }
  return result;
}

uint32_t key_length(KeyType type) {
  switch (type) {
    case KeyType::kAddress4:
      return 4;
    case KeyType::kAddress6:
      return 16;
    case KeyType::kProtocol:
      return 1;
    case KeyType::kInterface:
      return 16;
  }
  return 0;
}

Handle<nftnl_set> make_set(const Table& table, const Set& from, uint32_t id) {
  auto set = own(nftnl_set_alloc(), nftnl_set_free);
  nftnl_set_set_u32(set.get(), NFTNL_SET_FAMILY, static_cast<uint32_t>(table.family));
  nftnl_set_set_str(set.get(), NFTNL_SET_TABLE, table.name.c_str());
  nftnl_set_set_str(set.get(), NFTNL_SET_NAME, "__set%d");
  nftnl_set_set_u32(set.get(), NFTNL_SET_ID, id);
  uint32_t flags = NFT_SET_ANONYMOUS | NFT_SET_CONSTANT;
  if (from.intervals) flags |= NFT_SET_INTERVAL;
  nftnl_set_set_u32(set.get(), NFTNL_SET_FLAGS, flags);
  nftnl_set_set_u32(set.get(), NFTNL_SET_KEY_TYPE, static_cast<uint32_t>(from.type));
  nftnl_set_set_u32(set.get(), NFTNL_SET_KEY_LEN, key_length(from.type));
  return set;
}

}  // namespace

void Batch::message(uint16_t type, Family family, uint16_t flags, std::string subject,
                    const std::function<void(nlmsghdr*)>& fill) {
  std::vector<char> scratch(kMessageMost);
  subjects_.push_back(std::move(subject));
  nlmsghdr* header = nftnl_nlmsg_build_hdr(scratch.data(), type, static_cast<uint16_t>(family),
                                           static_cast<uint16_t>(flags | NLM_F_ACK), last_sequence());
  fill(header);
  bytes_.insert(bytes_.end(), scratch.data(), scratch.data() + NLMSG_ALIGN(header->nlmsg_len));
}

void Batch::add_table(const Table& table, const std::string& comment) {
  auto object = own(nftnl_table_alloc(), nftnl_table_free);
  nftnl_table_set_str(object.get(), NFTNL_TABLE_NAME, table.name.c_str());
  if (!comment.empty()) {
    auto data = comment_data(comment);
    nftnl_table_set_data(object.get(), NFTNL_TABLE_USERDATA, nftnl_udata_buf_data(data.get()),
                         nftnl_udata_buf_len(data.get()));
  }
  message(NFT_MSG_NEWTABLE, table.family, NLM_F_CREATE, "table " + table.name,
          [&](nlmsghdr* header) { nftnl_table_nlmsg_build_payload(header, object.get()); });
}

void Batch::remove(Family family, const std::string& name) {
  auto object = own(nftnl_table_alloc(), nftnl_table_free);
  nftnl_table_set_str(object.get(), NFTNL_TABLE_NAME, name.c_str());
  message(NFT_MSG_DELTABLE, family, 0, "removal of table " + name,
          [&](nlmsghdr* header) { nftnl_table_nlmsg_build_payload(header, object.get()); });
}

void Batch::replace(const Table& table) {
  // the first makes sure that there is one to remove
  add_table(table, {});
  remove(table.family, table.name);
  add_table(table, table_comment(table));
  add_contents(table);
}

void Batch::add_contents(const Table& table) {
  for (const auto& chain : table.chains) add_chain(table, chain);
  for (const auto& chain : table.chains)
    for (const auto& rule : chain.rules) add_rule(table, chain, rule);
}

void Batch::add_chain(const Table& table, const Chain& chain) {
  auto object = own(nftnl_chain_alloc(), nftnl_chain_free);
  nftnl_chain_set_str(object.get(), NFTNL_CHAIN_TABLE, table.name.c_str());
  nftnl_chain_set_str(object.get(), NFTNL_CHAIN_NAME, chain.name.c_str());
  nftnl_chain_set_str(object.get(), NFTNL_CHAIN_TYPE, chain.type);
  nftnl_chain_set_u32(object.get(), NFTNL_CHAIN_HOOKNUM, static_cast<uint32_t>(chain.hook));
  nftnl_chain_set_s32(object.get(), NFTNL_CHAIN_PRIO, chain.priority);
  nftnl_chain_set_u32(object.get(), NFTNL_CHAIN_POLICY, NF_ACCEPT);
  message(NFT_MSG_NEWCHAIN, table.family, NLM_F_CREATE, "chain " + chain.name,
          [&](nlmsghdr* header) { nftnl_chain_nlmsg_build_payload(header, object.get()); });
}

void Batch::add_rule(const Table& table, const Chain& chain, const Rule& rule) {
  auto object = own(nftnl_rule_alloc(), nftnl_rule_free);
  nftnl_rule_set_str(object.get(), NFTNL_RULE_TABLE, table.name.c_str());
  nftnl_rule_set_str(object.get(), NFTNL_RULE_CHAIN, chain.name.c_str());
  nftnl_rule_set_u32(object.get(), NFTNL_RULE_FAMILY, static_cast<uint32_t>(table.family));
  auto data = comment_data(rule.comment);
  nftnl_rule_set_data(object.get(), NFTNL_RULE_USERDATA, nftnl_udata_buf_data(data.get()),
                      nftnl_udata_buf_len(data.get()));
  for (const auto& expression : rule.expressions) {
    const auto* lookup = std::get_if<Lookup>(&expression);
    append(object.get(), expression, lookup ? add_set(table, lookup->set) : 0);
  }
  message(NFT_MSG_NEWRULE, table.family, NLM_F_CREATE | NLM_F_APPEND, "rule \"" + rule.comment + "\"",
          [&](nlmsghdr* header) { nftnl_rule_nlmsg_build_payload(header, object.get()); });
}

uint32_t Batch::add_set(const Table& table, const Set& set) {
  const uint32_t id = ++sets_;
  auto object = make_set(table, set, id);
  auto data = own(nftnl_udata_buf_alloc(NFTNL_UDATA_COMMENT_MAXLEN), nftnl_udata_buf_free);
  nftnl_udata_put_u32(data.get(), NFTNL_UDATA_SET_KEYBYTEORDER,
                      set.type == KeyType::kInterface ? kHostOrder : kNetworkOrder);
  nftnl_set_set_data(object.get(), NFTNL_SET_USERDATA, nftnl_udata_buf_data(data.get()),
                     nftnl_udata_buf_len(data.get()));
  message(NFT_MSG_NEWSET, table.family, NLM_F_CREATE, "set",
          [&](nlmsghdr* header) { nftnl_set_nlmsg_build_payload(header, object.get()); });

  const auto all = boundaries(set);
  for (size_t first = 0; first < all.size(); first += kElementsPerMessage) {
    auto part = make_set(table, set, id);
    for (size_t i = first; i < std::min(all.size(), first + kElementsPerMessage); i++)
      add_element(part.get(), all[i]);
    message(NFT_MSG_NEWSETELEM, table.family, NLM_F_CREATE, "elements of a set",
            [&](nlmsghdr* header) { nftnl_set_elems_nlmsg_build_payload(header, part.get()); });
  }
  return id;
}

std::vector<uint8_t> Batch::finish() const {
  std::vector<uint8_t> result;
  char header[NLMSG_LENGTH(64)];
  const auto put = [&](const nlmsghdr* message) {
    result.insert(result.end(), header, header + NLMSG_ALIGN(message->nlmsg_len));
  };
  put(nftnl_batch_begin(header, 0));
  result.insert(result.end(), bytes_.begin(), bytes_.end());
  put(nftnl_batch_end(header, last_sequence() + 1));
  return result;
}

std::string Batch::subject(uint32_t sequence) const {
  if (sequence == 0 || sequence > subjects_.size()) return "the transaction";
  return subjects_[sequence - 1];
}

std::string digest(const Table& table) {
  Batch batch;
  batch.add_contents(table);
  char text[17];
  std::snprintf(text, sizeof text, "%016" PRIx64, siphash24(SipKey{}, batch.bytes_));
  return text;
}

std::string table_comment(const Table& table) { return owner_mark(table.owner) + " " + digest(table); }

}  // namespace ipxlat::nft
