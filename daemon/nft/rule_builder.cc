// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/nft/rule_builder.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netfilter/nf_tables.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <cstring>

#include "lib/networks.h"

namespace ipxlat::nft {
namespace {

constexpr uint32_t kEstablished = NF_CT_STATE_BIT(IP_CT_ESTABLISHED) | NF_CT_STATE_BIT(IP_CT_RELATED);

constexpr uint32_t kSource6 = 8, kDestination6 = 24;  // bytes from the start of an IPv6 header
constexpr uint32_t kIgnoredByte = 8;                  // of an address with IPv4 in it

Bytes interface_key(const std::string& name) {
  Bytes key(IFNAMSIZ, 0);
  std::copy(name.begin(), name.end(), key.begin());
  return key;
}

// Empty behind the last value.
Bytes successor(Bytes value) {
  for (auto byte = value.rbegin(); byte != value.rend(); ++byte)
    if (++*byte) return value;
  return {};
}

template <class Prefix>
Set prefix_set(KeyType type, std::vector<Prefix> prefixes) {
  std::sort(prefixes.begin(), prefixes.end());
  Set set{type, true, {}};
  for (const auto& prefix : prefixes) {
    Element next{bytes_of(prefix.address), successor(bytes_of(last_address(prefix)))};
    // of prefixes, the one that starts first is the larger
    const bool inside =
        !set.elements.empty() && (set.elements.back().end.empty() || next.begin < set.elements.back().end);
    if (inside) continue;
    if (!set.elements.empty() && set.elements.back().end == next.begin)
      set.elements.back().end = next.end;
    else
      set.elements.push_back(next);
  }
  return set;
}

// The mask of a prefix.
template <class Prefix>
Bytes mask_of(const Prefix& prefix) {
  Bytes mask(sizeof prefix.address, 0);
  for (unsigned bit = 0; bit < prefix.length; bit++) mask[bit / 8] |= 0x80 >> bit % 8;
  return mask;
}

}  // namespace

void RuleBuilder::compare(Comparison comparison, Bytes value) {
  expressions_.push_back(Compare{comparison, std::move(value)});
}

RuleBuilder& RuleBuilder::statement(Expression expression) {
  expressions_.push_back(std::move(expression));
  return *this;
}

RuleBuilder& RuleBuilder::interface(bool in, const std::vector<std::string>& names, bool inverted) {
  expressions_.push_back(Meta{in ? uint32_t{NFT_META_IIFNAME} : uint32_t{NFT_META_OIFNAME}});
  if (names.size() == 1) {
    compare(inverted ? Comparison::kNotEqual : Comparison::kEqual, interface_key(names.front()));
    return *this;
  }
  Set set{KeyType::kInterface, false, {}};
  for (const auto& name : names) set.elements.push_back({interface_key(name), {}});
  return statement(Lookup{std::move(set), inverted});
}

RuleBuilder& RuleBuilder::iif(const std::string& device, uint32_t ifindex) {
  return statement(ByInterface{true, device, ifindex});
}

RuleBuilder& RuleBuilder::oif(const std::string& device, uint32_t ifindex) {
  return statement(ByInterface{false, device, ifindex});
}

RuleBuilder& RuleBuilder::need_family(Family family) {
  if (family_ == Family::kInet) {
    expressions_.push_back(Meta{NFT_META_NFPROTO});
    compare(Comparison::kEqual, {static_cast<uint8_t>(family)});
  } else if (family_ == Family::kNetdev) {
    const uint16_t type = family == Family::kIp6 ? ETH_P_IPV6 : ETH_P_IP;
    expressions_.push_back(Meta{NFT_META_PROTOCOL});
    compare(Comparison::kEqual, bytes_of(htons(type)));
  } else {
    return *this;
  }
  family_ = family;
  return *this;
}

RuleBuilder& RuleBuilder::ip4() { return need_family(Family::kIp4); }

RuleBuilder& RuleBuilder::ip6() { return need_family(Family::kIp6); }

RuleBuilder& RuleBuilder::ip4_saddr(const std::vector<Prefix4>& prefixes) {
  return addresses4(End::kSource, prefixes);
}

RuleBuilder& RuleBuilder::ip4_daddr(const std::vector<Prefix4>& prefixes) {
  return addresses4(End::kDestination, prefixes);
}

RuleBuilder& RuleBuilder::ip6_saddr(const std::vector<Prefix6>& prefixes) {
  return addresses6(End::kSource, prefixes, false);
}

RuleBuilder& RuleBuilder::ip6_saddr_not(const std::vector<Prefix6>& prefixes) {
  return addresses6(End::kSource, prefixes, true);
}

RuleBuilder& RuleBuilder::ip6_daddr(const std::vector<Prefix6>& prefixes) {
  return addresses6(End::kDestination, prefixes, false);
}

RuleBuilder& RuleBuilder::addresses4(End end, const std::vector<Prefix4>& prefixes) {
  ip4();
  expressions_.push_back(
      Payload{NFT_PAYLOAD_NETWORK_HEADER, end == End::kSource ? 12u : 16u, sizeof(in_addr)});
  if (prefixes.size() != 1) return statement(Lookup{prefix_set(KeyType::kAddress4, prefixes), false});
  if (prefixes.front().length < 32) expressions_.push_back(Bitwise{mask_of(prefixes.front())});
  compare(Comparison::kEqual, bytes_of(prefixes.front().address));
  return *this;
}

RuleBuilder& RuleBuilder::addresses6(End end, const std::vector<Prefix6>& prefixes, bool inverted) {
  ip6();
  const uint32_t offset = end == End::kSource ? kSource6 : kDestination6;
  if (prefixes.size() == 1) return prefix6(offset, prefixes.front(), inverted);
  expressions_.push_back(Payload{NFT_PAYLOAD_NETWORK_HEADER, offset, sizeof(in6_addr)});
  return statement(Lookup{prefix_set(KeyType::kAddress6, prefixes), inverted});
}

// Four bytes in one piece are compared as IPv4, which is cheaper. Behind other prefixes the byte between them
// is not looked at.
RuleBuilder& RuleBuilder::embedded4(const Prefix6& pref64, const std::vector<Prefix4>& networks,
                                    bool inverted) {
  ip6();
  const uint32_t length = pref64.length;
  if (length == 32 || length == 64 || length == 96) {
    const uint32_t first = length == 64 ? kIgnoredByte + 1 : length / 8;
    expressions_.push_back(Payload{NFT_PAYLOAD_NETWORK_HEADER, kDestination6 + first, sizeof(in_addr)});
    return statement(Lookup{prefix_set(KeyType::kAddress4, networks), inverted});
  }
  Bytes mask(sizeof(in6_addr), 0xff);
  mask[kIgnoredByte] = 0;
  std::vector<Prefix6> prefixes;
  for (const auto& network : networks) prefixes.push_back(embedded(pref64, network));
  expressions_.push_back(Payload{NFT_PAYLOAD_NETWORK_HEADER, kDestination6, sizeof(in6_addr)});
  expressions_.push_back(Bitwise{std::move(mask)});
  return statement(Lookup{prefix_set(KeyType::kAddress6, prefixes), inverted});
}

// Whole bytes need no mask.
RuleBuilder& RuleBuilder::prefix6(uint32_t offset, const Prefix6& prefix, bool inverted) {
  const bool whole = prefix.length % 8 == 0 && prefix.length > 0;
  Bytes value = bytes_of(prefix.address);
  if (whole) value.resize(prefix.length / 8);
  expressions_.push_back(Payload{NFT_PAYLOAD_NETWORK_HEADER, offset, static_cast<uint32_t>(value.size())});
  if (!whole) expressions_.push_back(Bitwise{mask_of(prefix)});
  compare(inverted ? Comparison::kNotEqual : Comparison::kEqual, std::move(value));
  return *this;
}

RuleBuilder& RuleBuilder::ip6_source_bits(uint8_t first, uint8_t behind_last) {
  ip6();
  expressions_.push_back(Payload{NFT_PAYLOAD_NETWORK_HEADER, kSource6, sizeof(in6_addr)});
  Bytes mask = mask_of(Prefix6{{}, behind_last});
  for (unsigned bit = 0; bit < first; bit++) mask[bit / 8] &= static_cast<uint8_t>(~(0x80 >> bit % 8));
  if (behind_last - first < 128) expressions_.push_back(Bitwise{std::move(mask)});
  return *this;
}

RuleBuilder& RuleBuilder::ct_established() { return ct_state(kEstablished); }

RuleBuilder& RuleBuilder::ct_not_established() { return ct_state(kEstablished, Comparison::kEqual); }

RuleBuilder& RuleBuilder::ct_new() { return ct_state(NF_CT_STATE_BIT(IP_CT_NEW)); }

RuleBuilder& RuleBuilder::ct_marked() {
  expressions_.push_back(Conntrack{NFT_CT_MARK});
  compare(Comparison::kNotEqual, bytes_of(uint32_t{0}));
  return *this;
}

RuleBuilder& RuleBuilder::ct_state(uint32_t bits, Comparison comparison) {
  expressions_.push_back(Conntrack{NFT_CT_STATE});
  expressions_.push_back(Bitwise{bytes_of(bits)});
  compare(comparison, bytes_of(uint32_t{0}));
  return *this;
}

RuleBuilder& RuleBuilder::l4proto(uint8_t protocol, Comparison comparison) {
  expressions_.push_back(Meta{NFT_META_L4PROTO});
  compare(comparison, {protocol});
  return *this;
}

RuleBuilder& RuleBuilder::l4protos(const std::vector<uint8_t>& protocols, bool inverted) {
  Set set{KeyType::kProtocol, false, {}};
  for (uint8_t protocol : protocols) set.elements.push_back({{protocol}, {}});
  expressions_.push_back(Meta{NFT_META_L4PROTO});
  return statement(Lookup{std::move(set), inverted});
}

RuleBuilder& RuleBuilder::port(uint32_t offset, uint16_t port) {
  expressions_.push_back(Payload{NFT_PAYLOAD_TRANSPORT_HEADER, offset, sizeof port});
  compare(Comparison::kEqual, bytes_of(htons(port)));
  return *this;
}

RuleBuilder& RuleBuilder::tcp_flags(uint8_t mask) {
  l4proto(IPPROTO_TCP);
  expressions_.push_back(Payload{NFT_PAYLOAD_TRANSPORT_HEADER, 13, 1});
  return statement(Bitwise{{mask}});
}

RuleBuilder& RuleBuilder::tcp_syn() {
  tcp_flags(TH_SYN).compare(Comparison::kNotEqual, {0});
  return *this;
}

RuleBuilder& RuleBuilder::tcp_not_first() {
  tcp_flags(TH_FIN | TH_SYN | TH_RST | TH_ACK).compare(Comparison::kNotEqual, {TH_SYN});
  return *this;
}

RuleBuilder& RuleBuilder::icmp6_error() {
  l4proto(IPPROTO_ICMPV6);
  expressions_.push_back(Payload{NFT_PAYLOAD_TRANSPORT_HEADER, 0, 1});
  compare(Comparison::kGreaterOrEqual, {ICMP6_DST_UNREACH});
  compare(Comparison::kLessOrEqual, {ICMP6_PARAM_PROB});
  return *this;
}

RuleBuilder& RuleBuilder::to_host() {
  expressions_.push_back(Meta{NFT_META_PKTTYPE});
  compare(Comparison::kEqual, {PACKET_HOST});
  return *this;
}

RuleBuilder& RuleBuilder::has_socket() {
  expressions_.push_back(SocketTransparent{});
  compare(Comparison::kLessOrEqual, {1});
  return *this;
}

RuleBuilder& RuleBuilder::source6_hash_below(uint32_t modulus, uint32_t bound) {
  ip6();
  expressions_.push_back(HashOfSource6{modulus});
  compare(Comparison::kLess, bytes_of(htonl(bound)));
  return *this;
}

}  // namespace ipxlat::nft
