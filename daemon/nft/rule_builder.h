// SPDX-License-Identifier: GPL-2.0-only
// Rules in the words of nft(8). A match on one family's header brings the check for that family.
#ifndef IPXLAT_DAEMON_NFT_RULE_BUILDER_H
#define IPXLAT_DAEMON_NFT_RULE_BUILDER_H

#include <linux/netfilter/nf_conntrack_common.h>

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/nft/table.h"
#include "lib/address.h"

namespace ipxlat::nft {

class RuleBuilder {
 public:
  explicit RuleBuilder(Family family) : family_(family) {}

  RuleBuilder& iifname(const std::vector<std::string>& names) { return interface(true, names, false); }
  RuleBuilder& iifname_not(const std::vector<std::string>& names) { return interface(true, names, true); }
  RuleBuilder& oifname(const std::vector<std::string>& names) { return interface(false, names, false); }
  RuleBuilder& oifname_not(const std::vector<std::string>& names) { return interface(false, names, true); }

  RuleBuilder& iif(const std::string& device, uint32_t ifindex);
  RuleBuilder& oif(const std::string& device, uint32_t ifindex);

  RuleBuilder& ip4();
  RuleBuilder& ip6();
  RuleBuilder& ip4_saddr(const std::vector<Prefix4>& prefixes);
  RuleBuilder& ip4_daddr(const std::vector<Prefix4>& prefixes);
  RuleBuilder& ip6_saddr(const std::vector<Prefix6>& prefixes);
  RuleBuilder& ip6_saddr_not(const std::vector<Prefix6>& prefixes);
  RuleBuilder& ip6_daddr(const std::vector<Prefix6>& prefixes);
  // The IPv4 address that is embedded in the destination (RFC 6052 section 2.2).
  RuleBuilder& embedded_daddr(const Prefix6& pref64, const std::vector<Prefix4>& networks) {
    return embedded4(pref64, networks, false);
  }
  RuleBuilder& embedded_daddr_not(const Prefix6& pref64, const std::vector<Prefix4>& networks) {
    return embedded4(pref64, networks, true);
  }

  // What follows looks at the source, but for the bits behind the length.
  RuleBuilder& ip6_source_prefix(uint8_t length) { return ip6_source_bits(0, length); }
  // What follows looks at these bits of it: the others are 0.
  RuleBuilder& ip6_source_bits(uint8_t first, uint8_t behind_last);

  // What NAT passes as it is.
  RuleBuilder& ct_invalid_or_untracked() {
    return ct_state(NF_CT_STATE_INVALID_BIT | NF_CT_STATE_UNTRACKED_BIT);
  }
  // Replies, and errors about what was sent.
  RuleBuilder& ct_established();
  RuleBuilder& ct_not_established();
  RuleBuilder& ct_new();
  RuleBuilder& ct_marked();
  RuleBuilder& l4proto(uint8_t protocol) { return l4proto(protocol, Comparison::kEqual); }
  RuleBuilder& l4proto_not(uint8_t protocol) { return l4proto(protocol, Comparison::kNotEqual); }
  RuleBuilder& l4proto(const std::vector<uint8_t>& protocols) { return l4protos(protocols, false); }
  RuleBuilder& l4proto_not(const std::vector<uint8_t>& protocols) { return l4protos(protocols, true); }
  // Of TCP or UDP, in host byte order.
  RuleBuilder& source_port(uint16_t port) { return this->port(0, port); }
  RuleBuilder& destination_port(uint16_t port) { return this->port(2, port); }
  RuleBuilder& tcp_syn();
  // Anything but the first segment of a connection.
  RuleBuilder& tcp_not_first();
  RuleBuilder& icmp6_error();
  // To this host alone, not to a group or to all.
  RuleBuilder& to_host();
  // Of any kind.
  RuleBuilder& has_socket();
  RuleBuilder& source6_hash_below(uint32_t modulus, uint32_t bound);

  RuleBuilder& statement(Expression expression);
  // What was answered passes by the hooks from then on.
  RuleBuilder& offload_answered() { return ct_established().statement(OffloadFlow{kFast}); }
  RuleBuilder& counter() { return statement(Counter{}); }

  Rule comment(std::string text) { return {std::move(text), std::move(expressions_)}; }

 private:
  enum class End { kSource, kDestination };

  RuleBuilder& interface(bool in, const std::vector<std::string>& names, bool inverted);
  RuleBuilder& addresses4(End end, const std::vector<Prefix4>& prefixes);
  RuleBuilder& addresses6(End end, const std::vector<Prefix6>& prefixes, bool inverted);
  RuleBuilder& embedded4(const Prefix6& pref64, const std::vector<Prefix4>& networks, bool inverted);
  RuleBuilder& prefix6(uint32_t offset, const Prefix6& prefix, bool inverted);
  RuleBuilder& ct_state(uint32_t bits, Comparison comparison = Comparison::kNotEqual);
  RuleBuilder& port(uint32_t offset, uint16_t port);
  RuleBuilder& l4proto(uint8_t protocol, Comparison comparison);
  RuleBuilder& l4protos(const std::vector<uint8_t>& protocols, bool inverted);
  RuleBuilder& need_family(Family family);
  RuleBuilder& tcp_flags(uint8_t mask);
  void compare(Comparison comparison, Bytes value);

  Family family_;
  std::vector<Expression> expressions_;
};

}  // namespace ipxlat::nft

#endif
