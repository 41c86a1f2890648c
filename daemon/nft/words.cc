// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/nft/words.h"

#include <libnftnl/chain.h>
#include <libnftnl/expr.h>
#include <libnftnl/flowtable.h>
#include <libnftnl/object.h>
#include <libnftnl/rule.h>
#include <libnftnl/set.h>
#include <libnftnl/udata.h>
#include <linux/netfilter/nf_tables.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace ipxlat::nft {
namespace {

constexpr std::string_view kNoTimeout = "timeout 0ms ";
constexpr size_t kExpressionMost = 4096;  // bytes of its words, those of a set not counted

std::string hex(const void* data, uint32_t length) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const auto* byte = static_cast<const uint8_t*>(data); length; byte++, length--) {
    text += kDigits[*byte >> 4];
    text += kDigits[*byte & 15];
  }
  return text;
}

void put(std::string& text, const char* name, uint64_t value) {
  text += std::string(text.empty() ? "" : " ") + name + " " + std::to_string(value);
}

std::vector<std::string> names(const char* const* array) {
  std::vector<std::string> all;
  for (; array && *array; array++) all.push_back(*array);
  return all;
}

std::string element(nftnl_set_elem* from) {
  uint32_t length = 0;
  const void* key = nftnl_set_elem_get(from, NFTNL_SET_ELEM_KEY, &length);
  std::string text = hex(key, length);
  if (nftnl_set_elem_is_set(from, NFTNL_SET_ELEM_KEY_END)) {
    key = nftnl_set_elem_get(from, NFTNL_SET_ELEM_KEY_END, &length);
    text += "-" + hex(key, length);
  }
  if (nftnl_set_elem_is_set(from, NFTNL_SET_ELEM_FLAGS))
    put(text, "flags", nftnl_set_elem_get_u32(from, NFTNL_SET_ELEM_FLAGS));
  if (nftnl_set_elem_is_set(from, NFTNL_SET_ELEM_DATA)) {
    const void* value = nftnl_set_elem_get(from, NFTNL_SET_ELEM_DATA, &length);
    text += " to " + hex(value, length);
  }
  if (nftnl_set_elem_is_set(from, NFTNL_SET_ELEM_VERDICT))
    put(text, "verdict", nftnl_set_elem_get_u32(from, NFTNL_SET_ELEM_VERDICT));
  if (nftnl_set_elem_is_set(from, NFTNL_SET_ELEM_CHAIN))
    text += std::string(" ") + nftnl_set_elem_get_str(from, NFTNL_SET_ELEM_CHAIN);
  return text;
}

struct RuleWords {
  const std::function<std::string(const std::string&)>& anonymous;
  std::string text;

  static int take(nftnl_expr* expression, void* into) {
    static_cast<RuleWords*>(into)->add(expression);
    return 0;
  }

  void add(nftnl_expr* expression) {
    const std::string name = nftnl_expr_get_str(expression, NFTNL_EXPR_NAME);
    const bool lookup = name == "lookup";
    std::string set;
    if (name == "counter") {
      nftnl_expr_set_u64(expression, NFTNL_EXPR_CTR_PACKETS, 0);
      nftnl_expr_set_u64(expression, NFTNL_EXPR_CTR_BYTES, 0);
    }
    if (lookup) {
      set = nftnl_expr_get_str(expression, NFTNL_EXPR_LOOKUP_SET);
      // the kernel tells of none, too
      nftnl_expr_set_u32(expression, NFTNL_EXPR_LOOKUP_FLAGS,
                         nftnl_expr_get_u32(expression, NFTNL_EXPR_LOOKUP_FLAGS));
    }
    std::string said(kExpressionMost, '\0');
    nftnl_expr_snprintf(said.data(), said.size(), expression, NFTNL_OUTPUT_DEFAULT, 0);
    said.resize(std::strlen(said.c_str()));
    if (lookup) {
      // not in the expression, which keeps the memory of a name that is set a second time
      const std::string named = " set " + set + " ";
      if (const size_t at = said.find(named); at != std::string::npos)
        said.replace(at, named.size(), " set set ");
      if (set.starts_with("__")) set = anonymous(set);
    }
    // so it does of an element's timeout, which must not be asked for where the set has none
    if (const size_t at = said.find(kNoTimeout); at != std::string::npos) said.erase(at, kNoTimeout.size());
    text += " [" + name + " " + said + set + "]";
  }
};

}  // namespace

std::string words(const nftnl_chain* chain) {
  if (!nftnl_chain_is_set(chain, NFTNL_CHAIN_TYPE)) return "other chains lead here";
  std::string text = nftnl_chain_get_str(chain, NFTNL_CHAIN_TYPE);
  put(text, "hook", nftnl_chain_get_u32(chain, NFTNL_CHAIN_HOOKNUM));
  text += " priority " + std::to_string(nftnl_chain_get_s32(chain, NFTNL_CHAIN_PRIO));
  put(text, "policy", nftnl_chain_get_u32(chain, NFTNL_CHAIN_POLICY));
  std::vector<std::string> devices;
  if (nftnl_chain_is_set(chain, NFTNL_CHAIN_DEVICES))
    devices = names(nftnl_chain_get_array(chain, NFTNL_CHAIN_DEVICES));
  else if (nftnl_chain_is_set(chain, NFTNL_CHAIN_DEV))
    devices = {nftnl_chain_get_str(chain, NFTNL_CHAIN_DEV)};
  std::sort(devices.begin(), devices.end());
  for (const auto& device : devices) text += " " + device;
  return text;
}

std::string words(const nftnl_flowtable* flowtable) {
  std::string text = "priority " + std::to_string(nftnl_flowtable_get_s32(flowtable, NFTNL_FLOWTABLE_PRIO));
  put(text, "flags", nftnl_flowtable_get_u32(flowtable, NFTNL_FLOWTABLE_FLAGS));
  return text;
}

std::vector<std::string> devices(const nftnl_flowtable* flowtable) {
  return names(nftnl_flowtable_get_array(flowtable, NFTNL_FLOWTABLE_DEVICES));
}

std::string words(nftnl_obj* object) {
  std::string text;
  const uint32_t type = nftnl_obj_get_u32(object, NFTNL_OBJ_TYPE);
  put(text, "type", type);
  if (type == NFT_OBJECT_LIMIT) {
    put(text, "rate", nftnl_obj_get_u64(object, NFTNL_OBJ_LIMIT_RATE));
    put(text, "unit", nftnl_obj_get_u64(object, NFTNL_OBJ_LIMIT_UNIT));
    put(text, "burst", nftnl_obj_get_u32(object, NFTNL_OBJ_LIMIT_BURST));
    put(text, "of", nftnl_obj_get_u32(object, NFTNL_OBJ_LIMIT_TYPE));
    put(text, "flags", nftnl_obj_get_u32(object, NFTNL_OBJ_LIMIT_FLAGS));
  }
  if (type == NFT_OBJECT_CT_TIMEOUT) {
    put(text, "family", nftnl_obj_get_u16(object, NFTNL_OBJ_CT_TIMEOUT_L3PROTO));
    put(text, "protocol", nftnl_obj_get_u8(object, NFTNL_OBJ_CT_TIMEOUT_L4PROTO));
    uint32_t length = 0;
    const void* seconds = nftnl_obj_get_data(object, NFTNL_OBJ_CT_TIMEOUT_ARRAY, &length);
    text += " seconds " + hex(seconds, length);
  }
  return text;
}

std::string words(const nftnl_set* set) {
  std::string text;
  const auto optional = [&](const char* name, uint16_t attribute) {
    const auto of = static_cast<nftnl_set_attr>(attribute);
    if (nftnl_set_is_set(set, of)) put(text, name, nftnl_set_get_u32(set, of));
  };
  put(text, "key", nftnl_set_get_u32(set, NFTNL_SET_KEY_TYPE));
  put(text, "length", nftnl_set_get_u32(set, NFTNL_SET_KEY_LEN));
  put(text, "flags", nftnl_set_get_u32(set, NFTNL_SET_FLAGS));
  optional("value", NFTNL_SET_DATA_TYPE);
  optional("objects", NFTNL_SET_OBJ_TYPE);
  optional("size", NFTNL_SET_DESC_SIZE);
  if (nftnl_set_is_set(set, NFTNL_SET_TIMEOUT))
    put(text, "timeout", nftnl_set_get_u64(set, NFTNL_SET_TIMEOUT));
  return text;
}

std::vector<std::string> element_words(nftnl_set* set) {
  std::vector<std::string> all;
  const auto take = [](nftnl_set_elem* from, void* into) {
    static_cast<std::vector<std::string>*>(into)->push_back(element(from));
    return 0;
  };
  nftnl_set_elem_foreach(set, take, &all);
  std::sort(all.begin(), all.end());
  return all;
}

std::string words(nftnl_rule* rule, const std::function<std::string(const std::string&)>& anonymous) {
  uint32_t length = 0;
  const void* data = nftnl_rule_get_data(rule, NFTNL_RULE_USERDATA, &length);
  RuleWords result{anonymous, comment_of(data, length) + ":"};
  nftnl_expr_foreach(rule, RuleWords::take, &result);
  return result.text;
}

std::string comment_of(const void* data, uint32_t length) {
  std::string comment;
  if (!data) return comment;
  const auto take = [](const nftnl_udata* attribute, void* into) {
    const auto* text = static_cast<const char*>(nftnl_udata_get(attribute));
    if (nftnl_udata_type(attribute) == NFTNL_UDATA_RULE_COMMENT)
      static_cast<std::string*>(into)->assign(text, strnlen(text, nftnl_udata_len(attribute)));
    return 0;
  };
  nftnl_udata_parse(data, length, take, &comment);
  return comment;
}

}  // namespace ipxlat::nft
