// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/nft/lacking.h"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include <algorithm>
#include <map>
#include <vector>

namespace ipxlat::nft {
namespace {

std::vector<const nlattr*> attributes(const void* begin, size_t length) {
  std::vector<const nlattr*> all;
  const auto* attribute = static_cast<const nlattr*>(begin);
  for (int left = static_cast<int>(length); mnl_attr_ok(attribute, left);) {
    all.push_back(attribute);
    left -= static_cast<int>(MNL_ALIGN(attribute->nla_len));
    attribute = mnl_attr_next(attribute);
  }
  return all;
}

std::vector<const nlattr*> attributes(const nlattr* nest) {
  return attributes(mnl_attr_get_payload(nest), mnl_attr_get_payload_len(nest));
}

const nlattr* find(const std::vector<const nlattr*>& all, uint16_t type) {
  const auto found = std::find_if(all.begin(), all.end(), [type](const nlattr* attribute) {
    return mnl_attr_get_type(attribute) == type;
  });
  return found == all.end() ? nullptr : *found;
}

const nlattr* find(const nlattr* nest, uint16_t type) { return find(attributes(nest), type); }

const nlattr* find(const nlmsghdr* message, uint16_t type) {
  const void* begin = mnl_nlmsg_get_payload_offset(message, sizeof(nfgenmsg));
  return find(attributes(begin, mnl_nlmsg_get_payload_len(message) - MNL_ALIGN(sizeof(nfgenmsg))), type);
}

// Of the family's own where each has one.
std::string by_family(const std::string& name, uint8_t family) {
  switch (family) {
    case NFPROTO_IPV4:
      return name + "_ipv4";
    case NFPROTO_IPV6:
      return name + "_ipv6";
    case NFPROTO_NETDEV:
      return name + "_netdev";
  }
  return name + "_inet";
}

// Empty if it is a part of nf_tables.
std::string module_of_expression(const std::string& name, uint8_t family) {
  static const std::map<std::string, std::string> kModules = {
      {"connlimit", "nft_connlimit"}, {"ct", "nft_ct"},     {"flow_offload", "nft_flow_offload"},
      {"fwd", "nft_fwd_netdev"},      {"hash", "nft_hash"}, {"limit", "nft_limit"},
      {"masq", "nft_masq"},           {"nat", "nft_nat"},   {"notrack", "nft_ct"},
      {"socket", "nft_socket"}};
  if (name == "dup" || name == "reject") return by_family("nft_" + name, family);
  const auto found = kModules.find(name);
  return found == kModules.end() ? std::string() : found->second;
}

// The name of an expression, or of the one that a set's element is to have.
std::string name_of(const nlattr* expression) {
  const nlattr* name = find(expression, NFTA_EXPR_NAME);
  const std::string text = name ? mnl_attr_get_str(name) : "";
  const nlattr* data = find(expression, NFTA_EXPR_DATA);
  if (text != "dynset" || !data) return text;
  const nlattr* inner = find(data, NFTA_DYNSET_EXPR);
  if (const nlattr* list = find(data, NFTA_DYNSET_EXPRESSIONS)) inner = find(list, NFTA_LIST_ELEM);
  return inner ? name_of(inner) : text;
}

std::string lacking_expression(const nlmsghdr* message, size_t offset, uint8_t family) {
  const nlattr* all = find(message, NFTA_RULE_EXPRESSIONS);
  if (!all) return {};
  const auto* blamed = reinterpret_cast<const char*>(message) + offset;
  for (const nlattr* expression : attributes(all)) {
    const auto* begin = reinterpret_cast<const char*>(expression);
    if (blamed < begin || blamed >= begin + mnl_attr_get_len(expression)) continue;
    const std::string name = name_of(expression);
    const std::string module = module_of_expression(name, family);
    if (!module.empty()) return "this kernel lacks the expression \"" + name + "\", module " + module;
  }
  return {};
}

std::string lacking_object(const nlmsghdr* message) {
  const nlattr* type = find(message, NFTA_OBJ_TYPE);
  const uint32_t number = type ? ntohl(mnl_attr_get_u32(type)) : 0;
  if (number == NFT_OBJECT_LIMIT) return "this kernel lacks limits, module nft_limit";
  if (number == NFT_OBJECT_CT_TIMEOUT) return "this kernel lacks timeouts of flows, module nft_ct";
  return {};
}

std::string lacking_chain(const nlmsghdr* message) {
  const nlattr* type = find(message, NFTA_CHAIN_TYPE);
  const bool nat = type && std::string(mnl_attr_get_str(type)) == "nat";
  return nat ? "this kernel lacks chains of type nat, module nft_chain_nat" : "";
}

}  // namespace

std::string lacking(const nlmsghdr* message, size_t offset) {
  const auto* header = static_cast<const nfgenmsg*>(mnl_nlmsg_get_payload(message));
  switch (NFNL_MSG_TYPE(message->nlmsg_type)) {
    case NFT_MSG_NEWRULE:
      return lacking_expression(message, offset, header->nfgen_family);
    case NFT_MSG_NEWOBJ:
      return lacking_object(message);
    case NFT_MSG_NEWCHAIN:
      return lacking_chain(message);
    case NFT_MSG_NEWFLOWTABLE:
      return "this kernel lacks flowtables, module nf_flow_table_inet, or there is no such device";
  }
  return {};
}

}  // namespace ipxlat::nft
