// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/nft/encode.h"

#include <libnftnl/chain.h>
#include <libnftnl/flowtable.h>
#include <libnftnl/object.h>
#include <libnftnl/rule.h>
#include <libnftnl/set.h>
#include <libnftnl/table.h>
#include <libnftnl/udata.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include <algorithm>
#include <array>
#include <string>

#include "lib/owner.h"

namespace ipxlat::nft {
namespace {

// how nft(8) prints keys and values
constexpr uint32_t kHostOrder = 1, kNetworkOrder = 2;

Handle<nftnl_udata_buf> comment_data(const std::string& comment) {
  auto data = own(nftnl_udata_buf_alloc(2 + NFTNL_UDATA_COMMENT_MAXLEN), nftnl_udata_buf_free);
  // the type of a comment is 0 for tables and for rules
  nftnl_udata_put_strz(data.get(), NFTNL_UDATA_TABLE_COMMENT, comment.c_str());
  return data;
}

// Ends with a null pointer, as libnftnl wants it.
std::vector<const char*> pointers(const std::vector<std::string>& names) {
  std::vector<const char*> all;
  for (const auto& name : names) all.push_back(name.c_str());
  all.push_back(nullptr);
  return all;
}

uint32_t byte_order(KeyType type) {
  return type == KeyType::kInterface || type == KeyType::kMark ? kHostOrder : kNetworkOrder;
}

Handle<nftnl_set> encode_set(const Table& table, const std::string& name, const Set& set, uint32_t flags,
                             std::optional<KeyType> value) {
  auto object = own(nftnl_set_alloc(), nftnl_set_free);
  nftnl_set_set_u32(object.get(), NFTNL_SET_FAMILY, static_cast<uint32_t>(table.family));
  nftnl_set_set_str(object.get(), NFTNL_SET_TABLE, table.name.c_str());
  nftnl_set_set_str(object.get(), NFTNL_SET_NAME, name.c_str());
  if (set.intervals) flags |= NFT_SET_INTERVAL;
  if (value) flags |= NFT_SET_MAP;
  nftnl_set_set_u32(object.get(), NFTNL_SET_FLAGS, flags);
  nftnl_set_set_u32(object.get(), NFTNL_SET_KEY_TYPE, static_cast<uint32_t>(set.type));
  nftnl_set_set_u32(object.get(), NFTNL_SET_KEY_LEN, length(set.type));
  auto data = own(nftnl_udata_buf_alloc(NFTNL_UDATA_COMMENT_MAXLEN), nftnl_udata_buf_free);
  nftnl_udata_put_u32(data.get(), NFTNL_UDATA_SET_KEYBYTEORDER, byte_order(set.type));
  if (value) {
    nftnl_set_set_u32(object.get(), NFTNL_SET_DATA_TYPE, static_cast<uint32_t>(*value));
    nftnl_set_set_u32(object.get(), NFTNL_SET_DATA_LEN, length(*value));
    nftnl_udata_put_u32(data.get(), NFTNL_UDATA_SET_DATABYTEORDER, byte_order(*value));
  }
  nftnl_set_set_data(object.get(), NFTNL_SET_USERDATA, nftnl_udata_buf_data(data.get()),
                     nftnl_udata_buf_len(data.get()));
  return object;
}

struct FillObject {
  nftnl_obj* object;

  void type(ObjectType value) const {
    nftnl_obj_set_u32(object, NFTNL_OBJ_TYPE, static_cast<uint32_t>(value));
  }
  void operator()(const NamedCounter&) const { type(ObjectType::kCounter); }
  void operator()(const NamedLimit& limit) const {
    type(ObjectType::kLimit);
    nftnl_obj_set_u64(object, NFTNL_OBJ_LIMIT_RATE, limit.rate);
    nftnl_obj_set_u64(object, NFTNL_OBJ_LIMIT_UNIT, limit.unit);
    nftnl_obj_set_u32(object, NFTNL_OBJ_LIMIT_BURST, limit.burst);
    nftnl_obj_set_u32(object, NFTNL_OBJ_LIMIT_TYPE, NFT_LIMIT_PKTS);
    nftnl_obj_set_u32(object, NFTNL_OBJ_LIMIT_FLAGS, 0);
  }
  void operator()(const ConntrackTimeout& timeout) const {
    type(ObjectType::kConntrackTimeout);
    nftnl_obj_set_u16(object, NFTNL_OBJ_CT_TIMEOUT_L3PROTO, static_cast<uint16_t>(timeout.family));
    nftnl_obj_set_u8(object, NFTNL_OBJ_CT_TIMEOUT_L4PROTO, timeout.protocol);
    // libnftnl copies as many as a protocol can have
    std::array<uint32_t, NFTNL_CTTIMEOUT_ARRAY_MAX> seconds{};
    std::copy_n(timeout.seconds.begin(), std::min(timeout.seconds.size(), seconds.size()), seconds.begin());
    nftnl_obj_set_data(object, NFTNL_OBJ_CT_TIMEOUT_ARRAY, seconds.data(), sizeof seconds);
  }
};

}  // namespace

Handle<nftnl_table> encode(const Table& table) {
  auto object = own(nftnl_table_alloc(), nftnl_table_free);
  nftnl_table_set_str(object.get(), NFTNL_TABLE_NAME, table.name.c_str());
  nftnl_table_set_u32(object.get(), NFTNL_TABLE_FLAGS, 0);
  if (table.owner.empty()) return object;
  auto data = comment_data(owner_mark(table.owner));
  nftnl_table_set_data(object.get(), NFTNL_TABLE_USERDATA, nftnl_udata_buf_data(data.get()),
                       nftnl_udata_buf_len(data.get()));
  return object;
}

Handle<nftnl_chain> encode(const Table& table, const Chain& chain) {
  auto object = own(nftnl_chain_alloc(), nftnl_chain_free);
  nftnl_chain_set_str(object.get(), NFTNL_CHAIN_TABLE, table.name.c_str());
  nftnl_chain_set_str(object.get(), NFTNL_CHAIN_NAME, chain.name.c_str());
  if (chain.type.empty()) return object;
  nftnl_chain_set_str(object.get(), NFTNL_CHAIN_TYPE, chain.type.c_str());
  nftnl_chain_set_u32(object.get(), NFTNL_CHAIN_HOOKNUM, static_cast<uint32_t>(chain.hook));
  nftnl_chain_set_s32(object.get(), NFTNL_CHAIN_PRIO, chain.priority);
  nftnl_chain_set_u32(object.get(), NFTNL_CHAIN_POLICY, chain.drops ? NF_DROP : NF_ACCEPT);
  if (!chain.devices.empty())
    nftnl_chain_set_array(object.get(), NFTNL_CHAIN_DEVICES, pointers(chain.devices).data());
  return object;
}

Handle<nftnl_flowtable> encode(const Table& table, const Flowtable& flowtable) {
  auto object = own(nftnl_flowtable_alloc(), nftnl_flowtable_free);
  nftnl_flowtable_set_str(object.get(), NFTNL_FLOWTABLE_TABLE, table.name.c_str());
  nftnl_flowtable_set_str(object.get(), NFTNL_FLOWTABLE_NAME, flowtable.name.c_str());
  nftnl_flowtable_set_u32(object.get(), NFTNL_FLOWTABLE_HOOKNUM, NF_NETDEV_INGRESS);
  nftnl_flowtable_set_s32(object.get(), NFTNL_FLOWTABLE_PRIO, flowtable.priority);
  nftnl_flowtable_set_array(object.get(), NFTNL_FLOWTABLE_DEVICES, pointers(flowtable.devices).data());
  return object;
}

Handle<nftnl_obj> encode(const Table& table, const Object& from) {
  auto object = own<nftnl_obj>(nftnl_obj_alloc(), nftnl_obj_free);
  nftnl_obj_set_str(object.get(), NFTNL_OBJ_TABLE, table.name.c_str());
  nftnl_obj_set_str(object.get(), NFTNL_OBJ_NAME, from.name.c_str());
  std::visit(FillObject{object.get()}, from.what);
  return object;
}

Handle<nftnl_rule> encode(const Table& table, const Chain& chain, const Rule& rule,
                          const std::function<SetReference(const Set&)>& refer) {
  auto object = own(nftnl_rule_alloc(), nftnl_rule_free);
  nftnl_rule_set_str(object.get(), NFTNL_RULE_TABLE, table.name.c_str());
  nftnl_rule_set_str(object.get(), NFTNL_RULE_CHAIN, chain.name.c_str());
  nftnl_rule_set_u32(object.get(), NFTNL_RULE_FAMILY, static_cast<uint32_t>(table.family));
  auto data = comment_data(rule.comment);
  nftnl_rule_set_data(object.get(), NFTNL_RULE_USERDATA, nftnl_udata_buf_data(data.get()),
                      nftnl_udata_buf_len(data.get()));
  for (const auto& expression : rule.expressions) {
    const auto* lookup = std::get_if<Lookup>(&expression);
    append(object.get(), expression, lookup ? refer(lookup->set) : SetReference{});
  }
  return object;
}

Handle<nftnl_set> encode(const Table& table, const NamedSet& set) {
  // what rules add to is to be told beforehand
  const uint32_t flags =
      (set.dynamic ? uint32_t{NFT_SET_EVAL} : 0) | (set.timeout.count() ? uint32_t{NFT_SET_TIMEOUT} : 0);
  auto object = encode_set(table, set.name, set.set, flags, set.value);
  if (set.size) nftnl_set_set_u32(object.get(), NFTNL_SET_DESC_SIZE, set.size);
  if (set.timeout.count())
    nftnl_set_set_u64(object.get(), NFTNL_SET_TIMEOUT, static_cast<uint64_t>(set.timeout.count()));
  // the kernel wants a number, though a named set has no need of it
  nftnl_set_set_u32(object.get(), NFTNL_SET_ID, 0);
  return object;
}

Handle<nftnl_set> encode_anonymous(const Table& table, const Set& set, uint32_t id) {
  auto object = encode_set(table, "__set%d", set, NFT_SET_ANONYMOUS | NFT_SET_CONSTANT, std::nullopt);
  nftnl_set_set_u32(object.get(), NFTNL_SET_ID, id);
  return object;
}

std::vector<Boundary> boundaries(const Set& set) {
  std::vector<Boundary> result;
  if (set.intervals && !set.elements.empty()) {
    const Bytes lowest(set.elements.front().begin.size(), 0);
    if (set.elements.front().begin != lowest) result.push_back({nullptr, lowest, true});
  }
  for (const auto& element : set.elements) {
    result.push_back({&element, element.begin, false});
    if (!element.end.empty()) result.push_back({nullptr, element.end, true});
  }
  return result;
}

void add_element(nftnl_set* set, const Boundary& boundary) {
  nftnl_set_elem* to = nftnl_set_elem_alloc();
  if (!to) throw std::bad_alloc();
  nftnl_set_elem_add(set, to);  // owns it
  const auto put = [to](uint16_t attribute, const Bytes& bytes) {
    nftnl_set_elem_set(to, attribute, bytes.data(), static_cast<uint32_t>(bytes.size()));
  };
  put(NFTNL_SET_ELEM_KEY, boundary.key);
  if (boundary.ends) nftnl_set_elem_set_u32(to, NFTNL_SET_ELEM_FLAGS, NFT_SET_ELEM_INTERVAL_END);
  if (boundary.element && !boundary.element->value.empty()) put(NFTNL_SET_ELEM_DATA, boundary.element->value);
  if (boundary.element && !boundary.element->chain.empty()) {
    nftnl_set_elem_set_u32(to, NFTNL_SET_ELEM_VERDICT, static_cast<uint32_t>(NFT_GOTO));
    nftnl_set_elem_set_str(to, NFTNL_SET_ELEM_CHAIN, boundary.element->chain.c_str());
  }
}

}  // namespace ipxlat::nft
