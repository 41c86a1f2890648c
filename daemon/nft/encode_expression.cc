// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/nft/encode_expression.h"

#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_tuple_common.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables.h>
#include <netinet/tcp.h>

#include <new>

namespace ipxlat::nft {
namespace {

constexpr uint32_t kFirst = NFT_REG_1;
constexpr uint32_t kSecond = NFT_REG_2;
constexpr uint32_t kThird = NFT_REG_3;

// An endpoint fills five registers of 4 bytes: its address and its port. The second one follows.
struct EndpointRegisters {
  uint32_t address, port;
};
constexpr EndpointRegisters kKey = {NFT_REG_1, NFT_REG_2}, kValue = {NFT_REG32_05, NFT_REG32_09};

class Appender {
 public:
  Appender(nftnl_rule* rule, const SetReference& anonymous) : rule_(rule), anonymous_(anonymous) {}

  void operator()(const Meta& meta) {
    begin("meta").u32(NFTNL_EXPR_META_KEY, meta.key).u32(NFTNL_EXPR_META_DREG, kFirst);
  }

  void operator()(const ByInterface& by) {
    (*this)(Meta{by.in ? uint32_t{NFT_META_IIF} : uint32_t{NFT_META_OIF}});
    begin("cmp").u32(NFTNL_EXPR_CMP_SREG, kFirst).u32(NFTNL_EXPR_CMP_OP, NFT_CMP_EQ);
    nftnl_expr_set_u32(expr_, NFTNL_EXPR_CMP_DATA, by.ifindex);
  }

  void operator()(const Conntrack& ct) {
    begin("ct").u32(NFTNL_EXPR_CT_KEY, ct.key).u32(NFTNL_EXPR_CT_DREG, kFirst);
  }

  void operator()(const Payload& payload) { load(payload, kFirst); }

  void operator()(const Bitwise& bitwise) {
    const Bytes zeros(bitwise.mask.size(), 0);
    begin("bitwise")
        .u32(NFTNL_EXPR_BITWISE_SREG, kFirst)
        .u32(NFTNL_EXPR_BITWISE_DREG, kFirst)
        .u32(NFTNL_EXPR_BITWISE_LEN, static_cast<uint32_t>(bitwise.mask.size()))
        .bytes(NFTNL_EXPR_BITWISE_MASK, bitwise.mask)
        .bytes(NFTNL_EXPR_BITWISE_XOR, zeros);
  }

  void operator()(const Compare& compare) {
    begin("cmp")
        .u32(NFTNL_EXPR_CMP_SREG, kFirst)
        .u32(NFTNL_EXPR_CMP_OP, static_cast<uint32_t>(compare.comparison))
        .bytes(NFTNL_EXPR_CMP_DATA, compare.value);
  }

  void operator()(const Lookup& lookup) {
    look_up(anonymous_.name, lookup.inverted);
    if (anonymous_.id) u32(NFTNL_EXPR_LOOKUP_SET_ID, anonymous_.id);
  }

  void operator()(const NamedLookup& lookup) { look_up(lookup.set, lookup.inverted); }

  void operator()(const MapLookup& lookup) {
    look_up(lookup.map, false)
        .u32(NFTNL_EXPR_LOOKUP_DREG, lookup.to_verdict ? uint32_t{NFT_REG_VERDICT} : kFirst);
  }

  void operator()(const AddToSet& add) {
    begin("dynset").u32(NFTNL_EXPR_DYNSET_SREG_KEY, kFirst).text(NFTNL_EXPR_DYNSET_SET_NAME, add.set);
    u32(NFTNL_EXPR_DYNSET_OP, add.rate_most ? uint32_t{NFT_DYNSET_OP_UPDATE} : uint32_t{NFT_DYNSET_OP_ADD});
    if (add.flows_most) {
      nftnl_expr* limit = of_element("connlimit");
      nftnl_expr_set_u32(limit, NFTNL_EXPR_CONNLIMIT_COUNT, *add.flows_most);
      nftnl_expr_set_u32(limit, NFTNL_EXPR_CONNLIMIT_FLAGS, NFT_CONNLIMIT_F_INV);
    }
    if (add.rate_most) {
      nftnl_expr* limit = of_element("limit");
      nftnl_expr_set_u64(limit, NFTNL_EXPR_LIMIT_RATE, *add.rate_most);
      nftnl_expr_set_u64(limit, NFTNL_EXPR_LIMIT_UNIT, 1);
      nftnl_expr_set_u32(limit, NFTNL_EXPR_LIMIT_BURST, *add.rate_most);
      nftnl_expr_set_u32(limit, NFTNL_EXPR_LIMIT_TYPE, NFT_LIMIT_PKTS);
      nftnl_expr_set_u32(limit, NFTNL_EXPR_LIMIT_FLAGS, NFT_LIMIT_F_INV);
    }
  }

  void operator()(const HashOfSource6& hash) {
    load({NFT_PAYLOAD_NETWORK_HEADER, 8, sizeof(in6_addr)}, kSecond);
    begin("hash")
        .u32(NFTNL_EXPR_HASH_SREG, kSecond)
        .u32(NFTNL_EXPR_HASH_DREG, kFirst)
        .u32(NFTNL_EXPR_HASH_LEN, sizeof(in6_addr))
        .u32(NFTNL_EXPR_HASH_MODULUS, hash.modulus)
        .u32(NFTNL_EXPR_HASH_SEED, 1)
        .u32(NFTNL_EXPR_HASH_TYPE, NFT_HASH_JENKINS);
    swap_to_network(sizeof(uint32_t));
  }

  void operator()(const SocketTransparent&) {
    begin("socket").u32(NFTNL_EXPR_SOCKET_KEY, NFT_SOCKET_TRANSPARENT).u32(NFTNL_EXPR_SOCKET_DREG, kFirst);
  }

  void operator()(const Counter&) { begin("counter"); }

  void operator()(const Refer& refer) {
    begin("objref").u32(NFTNL_EXPR_OBJREF_IMM_TYPE, static_cast<uint32_t>(refer.type));
    text(NFTNL_EXPR_OBJREF_IMM_NAME, refer.object);
  }

  void operator()(const Accept&) { verdict(NF_ACCEPT); }
  void operator()(const Drop&) { verdict(NF_DROP); }
  void operator()(const Jump& jump) {
    verdict(static_cast<uint32_t>(NFT_JUMP)).text(NFTNL_EXPR_IMM_CHAIN, jump.chain);
  }
  void operator()(const Goto& go) {
    verdict(static_cast<uint32_t>(NFT_GOTO)).text(NFTNL_EXPR_IMM_CHAIN, go.chain);
  }

  void operator()(const Notrack&) { begin("notrack"); }

  void operator()(const Reject& reject) {
    begin("reject").u32(NFTNL_EXPR_REJECT_TYPE, NFT_REJECT_ICMP_UNREACH);
    nftnl_expr_set_u8(expr_, NFTNL_EXPR_REJECT_CODE, reject.code);
  }

  void operator()(const RejectReset&) { begin("reject").u32(NFTNL_EXPR_REJECT_TYPE, NFT_REJECT_TCP_RST); }

  void operator()(const Masquerade&) { begin("masq"); }

  void operator()(const SourceNat6& nat) {
    immediate(kFirst, &nat.first, sizeof nat.first);
    immediate(kSecond, &nat.last, sizeof nat.last);
    begin("nat")
        .u32(NFTNL_EXPR_NAT_TYPE, NFT_NAT_SNAT)
        .u32(NFTNL_EXPR_NAT_FAMILY, NFPROTO_IPV6)
        .u32(NFTNL_EXPR_NAT_REG_ADDR_MIN, kFirst)
        .u32(NFTNL_EXPR_NAT_REG_ADDR_MAX, kSecond)
        .u32(NFTNL_EXPR_NAT_FLAGS, NF_NAT_RANGE_MAP_IPS | NF_NAT_RANGE_PERSISTENT);
  }

  void operator()(const SourceNatPorts& ports) {
    const uint16_t first = htons(ports.first), last = htons(ports.last);
    immediate(kSecond, &first, sizeof first);
    immediate(kThird, &last, sizeof last);
    begin("nat").u32(NFTNL_EXPR_NAT_TYPE, NFT_NAT_SNAT).u32(NFTNL_EXPR_NAT_FAMILY, NFPROTO_IPV6);
    u32(NFTNL_EXPR_NAT_REG_ADDR_MIN, kFirst).u32(NFTNL_EXPR_NAT_REG_ADDR_MAX, kFirst);
    u32(NFTNL_EXPR_NAT_REG_PROTO_MIN, kSecond).u32(NFTNL_EXPR_NAT_REG_PROTO_MAX, kThird);
    // an offset into the range: from port 0, as there is no way to give another base
    u32(NFTNL_EXPR_NAT_FLAGS,
        NF_NAT_RANGE_MAP_IPS | NF_NAT_RANGE_PROTO_SPECIFIED | NF_NAT_RANGE_PROTO_OFFSET);
  }

  void operator()(const KeepMapping& keep) {
    load({NFT_PAYLOAD_NETWORK_HEADER, 8, sizeof(in6_addr)}, kKey.address);
    load({NFT_PAYLOAD_TRANSPORT_HEADER, 0, sizeof(uint16_t)}, kKey.port);
    original(NFT_CT_SRC_IP6, kValue.address);
    original(NFT_CT_PROTO_SRC, kValue.port);
    begin("dynset").u32(NFTNL_EXPR_DYNSET_SREG_KEY, kKey.address).text(NFTNL_EXPR_DYNSET_SET_NAME, keep.map);
    u32(NFTNL_EXPR_DYNSET_SREG_DATA, kValue.address).u32(NFTNL_EXPR_DYNSET_OP, NFT_DYNSET_OP_UPDATE);
  }

  void operator()(const TranslateBack& back) {
    load({NFT_PAYLOAD_NETWORK_HEADER, 24, sizeof(in6_addr)}, kKey.address);
    load({NFT_PAYLOAD_TRANSPORT_HEADER, 2, sizeof(uint16_t)}, kKey.port);
    look_up(back.map, false).u32(NFTNL_EXPR_LOOKUP_DREG, kValue.address);
    begin("nat").u32(NFTNL_EXPR_NAT_TYPE, NFT_NAT_DNAT).u32(NFTNL_EXPR_NAT_FAMILY, NFPROTO_IPV6);
    u32(NFTNL_EXPR_NAT_REG_ADDR_MIN, kValue.address).u32(NFTNL_EXPR_NAT_REG_ADDR_MAX, kValue.address);
    u32(NFTNL_EXPR_NAT_REG_PROTO_MIN, kValue.port).u32(NFTNL_EXPR_NAT_REG_PROTO_MAX, kValue.port);
    u32(NFTNL_EXPR_NAT_FLAGS, NF_NAT_RANGE_MAP_IPS | NF_NAT_RANGE_PROTO_SPECIFIED);
  }

  void operator()(const TranslateTo& to) {
    immediate(kFirst, to.address.data(), static_cast<uint32_t>(to.address.size()));
    const uint16_t port = htons(to.port.value_or(0));
    if (to.port) immediate(kSecond, &port, sizeof port);
    begin("nat").u32(NFTNL_EXPR_NAT_TYPE, to.source ? uint32_t{NFT_NAT_SNAT} : uint32_t{NFT_NAT_DNAT});
    u32(NFTNL_EXPR_NAT_FAMILY, to.address.size() == 4 ? uint32_t{NFPROTO_IPV4} : uint32_t{NFPROTO_IPV6});
    // a range of one, as the kernel tells of it
    u32(NFTNL_EXPR_NAT_REG_ADDR_MIN, kFirst).u32(NFTNL_EXPR_NAT_REG_ADDR_MAX, kFirst);
    if (to.port) u32(NFTNL_EXPR_NAT_REG_PROTO_MIN, kSecond).u32(NFTNL_EXPR_NAT_REG_PROTO_MAX, kSecond);
    u32(NFTNL_EXPR_NAT_FLAGS, NF_NAT_RANGE_MAP_IPS | (to.port ? uint32_t{NF_NAT_RANGE_PROTO_SPECIFIED} : 0));
  }

  void operator()(const Duplicate6& duplicate) {
    immediate(kFirst, &duplicate.to, sizeof duplicate.to);
    immediate(kSecond, &duplicate.ifindex, sizeof duplicate.ifindex);
    begin("dup").u32(NFTNL_EXPR_DUP_SREG_ADDR, kFirst).u32(NFTNL_EXPR_DUP_SREG_DEV, kSecond);
  }

  void operator()(const Forward& forward) {
    immediate(kFirst, &forward.ifindex, sizeof forward.ifindex);
    begin("fwd").u32(NFTNL_EXPR_FWD_SREG_DEV, kFirst);
  }

  void operator()(const RestoreMark&) {
    (*this)(Conntrack{NFT_CT_MARK});
    begin("meta").u32(NFTNL_EXPR_META_KEY, NFT_META_MARK).u32(NFTNL_EXPR_META_SREG, kFirst);
  }

  void operator()(const OffloadFlow& offload) {
    begin("flow_offload").text(NFTNL_EXPR_FLOW_TABLE_NAME, offload.flowtable);
  }

  void operator()(const ClampMss& clamp) {
    if (clamp.bytes) {
      const uint16_t bytes = htons(*clamp.bytes);
      immediate(kFirst, &bytes, sizeof bytes);
    } else {
      begin("rt").u32(NFTNL_EXPR_RT_KEY, NFT_RT_TCPMSS).u32(NFTNL_EXPR_RT_DREG, kFirst);
      swap_to_network(sizeof(uint16_t));
    }
    begin("exthdr").u32(NFTNL_EXPR_EXTHDR_SREG, kFirst);
    nftnl_expr_set_u8(expr_, NFTNL_EXPR_EXTHDR_TYPE, TCPOPT_MAXSEG);
    u32(NFTNL_EXPR_EXTHDR_OFFSET, 2).u32(NFTNL_EXPR_EXTHDR_LEN, sizeof(uint16_t));
    u32(NFTNL_EXPR_EXTHDR_OP, NFT_EXTHDR_OP_TCPOPT);
  }

 private:
  // The rule owns the expression from here on.
  Appender& begin(const char* name) {
    expr_ = nftnl_expr_alloc(name);
    if (!expr_) throw std::bad_alloc();
    nftnl_rule_add_expr(rule_, expr_);
    return *this;
  }

  // What each element of a dynamic set is to have; owned by the expression.
  nftnl_expr* of_element(const char* name) {
    nftnl_expr* expression = nftnl_expr_alloc(name);
    if (!expression) throw std::bad_alloc();
    nftnl_expr_add_expr(expr_, NFTNL_EXPR_DYNSET_EXPRESSIONS, expression);
    return expression;
  }

  Appender& u32(uint16_t attribute, uint32_t value) {
    nftnl_expr_set_u32(expr_, attribute, value);
    return *this;
  }

  Appender& text(uint16_t attribute, const std::string& value) {
    nftnl_expr_set_str(expr_, attribute, value.c_str());
    return *this;
  }

  Appender& verdict(uint32_t code) {
    return begin("immediate").u32(NFTNL_EXPR_IMM_DREG, NFT_REG_VERDICT).u32(NFTNL_EXPR_IMM_VERDICT, code);
  }

  Appender& look_up(const std::string& set, bool inverted) {
    begin("lookup").u32(NFTNL_EXPR_LOOKUP_SREG, kFirst).text(NFTNL_EXPR_LOOKUP_SET, set);
    return inverted ? u32(NFTNL_EXPR_LOOKUP_FLAGS, NFT_LOOKUP_F_INV) : *this;
  }

  Appender& bytes(uint16_t attribute, const Bytes& value) {
    nftnl_expr_set(expr_, attribute, value.data(), static_cast<uint32_t>(value.size()));
    return *this;
  }

  void immediate(uint32_t into, const void* value, uint32_t length) {
    begin("immediate").u32(NFTNL_EXPR_IMM_DREG, into);
    nftnl_expr_set(expr_, NFTNL_EXPR_IMM_DATA, value, length);
  }

  void load(const Payload& payload, uint32_t into) {
    begin("payload")
        .u32(NFTNL_EXPR_PAYLOAD_DREG, into)
        .u32(NFTNL_EXPR_PAYLOAD_BASE, payload.base)
        .u32(NFTNL_EXPR_PAYLOAD_OFFSET, payload.offset)
        .u32(NFTNL_EXPR_PAYLOAD_LEN, payload.length);
  }

  // What a flow's first packet had.
  void original(uint32_t key, uint32_t into) {
    begin("ct").u32(NFTNL_EXPR_CT_KEY, key).u32(NFTNL_EXPR_CT_DREG, into);
    nftnl_expr_set_u8(expr_, NFTNL_EXPR_CT_DIR, IP_CT_DIR_ORIGINAL);
  }

  void swap_to_network(uint32_t size) {
    begin("byteorder")
        .u32(NFTNL_EXPR_BYTEORDER_SREG, kFirst)
        .u32(NFTNL_EXPR_BYTEORDER_DREG, kFirst)
        .u32(NFTNL_EXPR_BYTEORDER_OP, NFT_BYTEORDER_HTON)
        .u32(NFTNL_EXPR_BYTEORDER_LEN, size)
        .u32(NFTNL_EXPR_BYTEORDER_SIZE, size);
  }

  nftnl_rule* rule_;
  const SetReference& anonymous_;
  nftnl_expr* expr_ = nullptr;
};

}  // namespace

void append(nftnl_rule* rule, const Expression& expression, const SetReference& anonymous) {
  std::visit(Appender(rule, anonymous), expression);
}

}  // namespace ipxlat::nft
