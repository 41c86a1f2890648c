// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/doctor/read_rule.h"

#include <arpa/inet.h>  // in front of what <linux/netfilter.h> includes
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/xt_conntrack.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace ipxlat::ctl::doctor {
namespace {

using Instructions = std::vector<Instruction>;

// Four registers of 16 bytes, or sixteen of 4, in the same place.
uint32_t place(const nftnl_expr* expr, uint16_t attribute) {
  uint32_t reg = nftnl_expr_get_u32(expr, attribute);
  if (reg >= NFT_REG32_00) return (reg - NFT_REG32_00) * 4;
  return reg == NFT_REG_VERDICT ? 0 : (reg - NFT_REG_1) * 16;
}

Bytes bytes_of(const nftnl_expr* expr, uint16_t attribute) {
  uint32_t length = 0;
  const auto* data = static_cast<const uint8_t*>(nftnl_expr_get(expr, attribute, &length));
  return data ? Bytes(data, data + length) : Bytes();
}

void read_meta(const nftnl_expr* expr, Instructions& into) {
  if (!nftnl_expr_is_set(expr, NFTNL_EXPR_META_DREG)) return;
  uint32_t to = place(expr, NFTNL_EXPR_META_DREG);
  switch (nftnl_expr_get_u32(expr, NFTNL_EXPR_META_KEY)) {
    case NFT_META_IIF:
      into.emplace_back(Load{to, 4, Key::kIif});
      break;
    case NFT_META_OIF:
      into.emplace_back(Load{to, 4, Key::kOif});
      break;
    case NFT_META_IIFNAME:
      into.emplace_back(Load{to, 16, Key::kIifname});
      break;
    case NFT_META_OIFNAME:
      into.emplace_back(Load{to, 16, Key::kOifname});
      break;
    case NFT_META_NFPROTO:
      into.emplace_back(Load{to, 1, Key::kNfproto});
      break;
    case NFT_META_L4PROTO:
      into.emplace_back(Load{to, 1, Key::kL4proto});
      break;
    case NFT_META_MARK:
      into.emplace_back(Load{to, 4, Key::kMark});
      break;
    default:
      into.emplace_back(Forget{});
  }
}

void read_payload(const nftnl_expr* expr, Instructions& into) {
  if (!nftnl_expr_is_set(expr, NFTNL_EXPR_PAYLOAD_DREG)) return;
  uint32_t base = nftnl_expr_get_u32(expr, NFTNL_EXPR_PAYLOAD_BASE);
  Load load{place(expr, NFTNL_EXPR_PAYLOAD_DREG), nftnl_expr_get_u32(expr, NFTNL_EXPR_PAYLOAD_LEN),
            Key::kNetwork, nftnl_expr_get_u32(expr, NFTNL_EXPR_PAYLOAD_OFFSET)};
  if (base == NFT_PAYLOAD_TRANSPORT_HEADER) load.key = Key::kTransport;
  if (base == NFT_PAYLOAD_NETWORK_HEADER || base == NFT_PAYLOAD_TRANSPORT_HEADER)
    into.emplace_back(load);
  else
    into.emplace_back(Forget{});
}

void read_ct(const nftnl_expr* expr, Instructions& into) {
  if (!nftnl_expr_is_set(expr, NFTNL_EXPR_CT_DREG)) return;
  uint32_t to = place(expr, NFTNL_EXPR_CT_DREG);
  uint32_t key = nftnl_expr_get_u32(expr, NFTNL_EXPR_CT_KEY);
  if (key == NFT_CT_STATE || key == NFT_CT_STATUS)
    into.emplace_back(Load{to, 4, key == NFT_CT_STATE ? Key::kCtState : Key::kCtStatus});
  else
    into.emplace_back(Forget{});
}

void read_bitwise(const nftnl_expr* expr, Instructions& into) {
  Bitwise op{place(expr, NFTNL_EXPR_BITWISE_SREG), place(expr, NFTNL_EXPR_BITWISE_DREG),
             bytes_of(expr, NFTNL_EXPR_BITWISE_MASK), bytes_of(expr, NFTNL_EXPR_BITWISE_XOR)};
  // shifts have neither
  if (op.mask.empty() || op.mask.size() != op.flip.size())
    into.emplace_back(Forget{});
  else
    into.emplace_back(std::move(op));
}

void read_compare(const nftnl_expr* expr, Instructions& into) {
  into.emplace_back(Compare{place(expr, NFTNL_EXPR_CMP_SREG),
                            static_cast<Compare::Operator>(nftnl_expr_get_u32(expr, NFTNL_EXPR_CMP_OP)),
                            bytes_of(expr, NFTNL_EXPR_CMP_DATA)});
}

void read_range(const nftnl_expr* expr, Instructions& into) {
  into.emplace_back(Range{place(expr, NFTNL_EXPR_RANGE_SREG), bytes_of(expr, NFTNL_EXPR_RANGE_FROM_DATA),
                          bytes_of(expr, NFTNL_EXPR_RANGE_TO_DATA),
                          nftnl_expr_get_u32(expr, NFTNL_EXPR_RANGE_OP) == NFT_RANGE_NEQ});
}

void read_lookup(const nftnl_expr* expr, Instructions& into) {
  bool gives = nftnl_expr_is_set(expr, NFTNL_EXPR_LOOKUP_DREG);
  if (gives && nftnl_expr_get_u32(expr, NFTNL_EXPR_LOOKUP_DREG) != NFT_REG_VERDICT) {
    into.emplace_back(Doubt{});
    into.emplace_back(Forget{});
    return;
  }
  into.emplace_back(
      Lookup{place(expr, NFTNL_EXPR_LOOKUP_SREG), nftnl_expr_get_str(expr, NFTNL_EXPR_LOOKUP_SET),
             (nftnl_expr_get_u32(expr, NFTNL_EXPR_LOOKUP_FLAGS) & NFT_LOOKUP_F_INV) != 0, gives});
}

void read_immediate(const nftnl_expr* expr, Instructions& into) {
  if (!nftnl_expr_is_set(expr, NFTNL_EXPR_IMM_VERDICT)) {
    into.emplace_back(Forget{});
    return;
  }
  uint32_t code = nftnl_expr_get_u32(expr, NFTNL_EXPR_IMM_VERDICT);
  // whoever reads the queue decides
  if (code == NF_QUEUE) into.emplace_back(Doubt{});
  if (auto give = read_verdict(code, nftnl_expr_get_str(expr, NFTNL_EXPR_IMM_CHAIN)))
    into.emplace_back(*give);
}

// iptables' "-m conntrack --ctstate", the one of its matches that most rule sets hang on.
bool read_conntrack_match(const nftnl_expr* expr, Instructions& into) {
  Bytes bytes = bytes_of(expr, NFTNL_EXPR_MT_INFO);
  xt_conntrack_mtinfo3 info{};
  uint32_t revision = nftnl_expr_get_u32(expr, NFTNL_EXPR_MT_REV);
  if ((revision != 2 && revision != 3) || bytes.size() < sizeof(xt_conntrack_mtinfo2)) return false;
  std::memcpy(&info, bytes.data(), std::min(bytes.size(), sizeof info));
  if (info.match_flags != XT_CONNTRACK_STATE) return false;
  uint32_t states = info.state_mask & 0x0f;
  if (info.state_mask & XT_CONNTRACK_STATE_UNTRACKED) states |= NF_CT_STATE_UNTRACKED_BIT;
  Bytes mask(4);
  std::memcpy(mask.data(), &states, 4);
  bool inverted = info.invert_flags & XT_CONNTRACK_STATE;
  into.emplace_back(Load{0, 4, Key::kCtState});
  into.emplace_back(Bitwise{0, 0, mask, Bytes(4)});
  into.emplace_back(Compare{0, inverted ? Compare::kEqual : Compare::kNotEqual, Bytes(4)});
  return true;
}

void read_match(const nftnl_expr* expr, Instructions& into) {
  std::string_view name = nftnl_expr_get_str(expr, NFTNL_EXPR_MT_NAME);
  if (name == "comment" || (name == "conntrack" && read_conntrack_match(expr, into))) return;
  into.emplace_back(Doubt{});
}

void read_target(const nftnl_expr* expr, Instructions& into) {
  std::string_view name = nftnl_expr_get_str(expr, NFTNL_EXPR_TG_NAME);
  if (name == "REJECT") into.emplace_back(Give{Give::kDrop});
}

void read_reject(const nftnl_expr*, Instructions& into) { into.emplace_back(Give{Give::kDrop}); }

void skip(const nftnl_expr*, Instructions&) {}

struct Reader {
  const char* name;
  void (*read)(const nftnl_expr* expr, Instructions& into);
};

constexpr Reader kReaders[] = {
    {"meta", read_meta},   {"payload", read_payload}, {"ct", read_ct},         {"bitwise", read_bitwise},
    {"cmp", read_compare}, {"range", read_range},     {"lookup", read_lookup}, {"immediate", read_immediate},
    {"match", read_match}, {"target", read_target},   {"reject", read_reject}, {"counter", skip},
    {"log", skip},         {"notrack", skip},         {"nat", skip},           {"masq", skip},
    {"redir", skip},       {"flow_offload", skip},    {"dup", skip},           {"objref", skip},
    {"last", skip},
};

// What is unknown may write to registers, and may be a match that does not hold.
void read_expression(const nftnl_expr* expr, Instructions& into) {
  std::string_view name = nftnl_expr_get_str(expr, NFTNL_EXPR_NAME);
  for (const Reader& reader : kReaders)
    if (name == reader.name) return reader.read(expr, into);
  into.emplace_back(Doubt{});
  into.emplace_back(Forget{});
}

}  // namespace

std::optional<Give> read_verdict(uint32_t code, const char* chain) {
  const std::string name = chain ? chain : "";
  switch (static_cast<int32_t>(code)) {
    case NF_DROP:
      return Give{Give::kDrop};
    case NF_ACCEPT:
    case NF_QUEUE:
      return Give{Give::kAccept};
    case NFT_JUMP:
      return Give{Give::kJump, name};
    case NFT_GOTO:
      return Give{Give::kGoto, name};
    case NFT_RETURN:
      return Give{Give::kReturn};
    default:
      return {};
  }
}

Rule read_rule(nftnl_rule* rule) {
  Rule read{nftnl_rule_get_u64(rule, NFTNL_RULE_HANDLE), {}};
  const auto add = [](nftnl_expr* expr, void* into) {
    read_expression(expr, *static_cast<Instructions*>(into));
    return 0;
  };
  nftnl_expr_foreach(rule, add, &read.instructions);
  return read;
}

}  // namespace ipxlat::ctl::doctor
