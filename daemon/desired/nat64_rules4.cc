// SPDX-License-Identifier: GPL-2.0-only
#include <netinet/ip_icmp.h>

#include "daemon/desired/nat64_forward.h"
#include "daemon/desired/nat64_rules.h"
#include "daemon/desired/session_times.h"
#include "daemon/nft/rule_builder.h"

namespace ipxlat {
namespace {

using nft::Chain;

constexpr const char *kSegments = "segments", *kOutbound = "outbound", *kReplies = "replies",
                     *kInbound = "inbound", *kStrangers = "strangers";

nft::RuleBuilder rule() { return nft::RuleBuilder(nft::Family::kIp4); }

class Builder {
 public:
  Builder(const Nat64Config& config, const Nat64Links& links)
      : config_(config), links_(links), masquerades_(config.mode == Nat64Mode::kMasquerade) {}

  nft::Table table() const {
    nft::Table table{nft::Family::kIp4, "ipxlat-" + config_.name, "nat64." + config_.name};
    auto& chains = table.chains;
    chains.push_back(segments());
    if (masquerades_) chains.push_back(outbound());
    if (!tracks()) chains.insert(chains.end(), {replies(), prerouting(), output()});
    if (masquerades_ && !config_.forward.empty() && !links_.outside.empty())
      chains.insert(chains.end(), {inbound(), services()});
    if (masquerades_) chains.insert(chains.end(), {strangers(), input(), nat()});
    if (masquerades_) table.objects = session_times(nft::Family::kIp4);
    chains.push_back(forward());
    if (offloads()) table.flowtables.push_back({nft::kFast, nft::kFilter, links_.fast4});
    return table;
  }

 private:
  bool offloads() const { return !links_.fast4.empty(); }
  // A second entry of connection tracking for each flow. A pool needs it for the flowtable alone: the IPv6
  // side keeps the state, and where this entry goes earlier the next packet makes another.
  bool tracks() const { return masquerades_ || offloads(); }
  nft::RuleBuilder from_device() const { return rule().iif(config_.device, links_.ifindex); }
  nft::RuleBuilder to_device() const { return rule().oif(config_.device, links_.ifindex); }

  // Where nothing is tracked no chain of type nat is asked.
  Chain prerouting() const {
    Chain chain{"prerouting", "filter", nft::Hook::kPrerouting, nft::kRaw};
    chain.rules.push_back(from_device().statement(nft::Notrack{}).comment("the IPv6 side keeps the state"));
    chain.rules.push_back(
        rule().ip4_daddr(config_.pool4).statement(nft::Goto{kReplies}).comment("to the pool"));
    return chain;
  }

  Chain replies() const {
    Chain chain{kReplies};
    chain.rules.push_back(rule()
                              .l4proto({IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP})
                              .statement(nft::Notrack{})
                              .statement(nft::Accept{})
                              .comment("the IPv6 side keeps the state of replies"));
    chain.rules.push_back(refuse_others(rule()));
    return chain;
  }

  static nft::Rule refuse_others(nft::RuleBuilder match) {
    return match.counter()
        .statement(nft::Reject{ICMP_PROT_UNREACH})
        .comment("RFC 6146 section 3.4: TCP, UDP and ICMP only, from IPv4");
  }

  Chain output() const {
    Chain chain{"output", "filter", nft::Hook::kOutput, nft::kRaw};
    chain.rules.push_back(
        to_device().statement(nft::Notrack{}).comment("the IPv6 side keeps the state of this host's, too"));
    return chain;
  }

  // In front of anybody's: an ordinary NAT44 has the other ports of the same address.
  Chain services() const {
    Chain chain{"services", "nat", nft::Hook::kPrerouting, nft::kOwnNat};
    chain.rules.push_back(rule()
                              .iifname(config_.uplinks)
                              .ip4_daddr(links_.outside)
                              .statement(nft::Goto{kInbound})
                              .comment("services of servers"));
    return chain;
  }

  Chain inbound() const {
    Chain chain{kInbound};
    auto every = rule();
    chain.rules.push_back(give_session_times(every).comment("RFC 6146 section 4"));
    for (auto& one : forward_to_inside(config_)) chain.rules.push_back(std::move(one));
    return chain;
  }

  // A peer that speaks first, to a port of which no client has spoken yet, would be remembered as one of this
  // host's own, and the client would get another port. Behind what others have there, before it is
  // remembered.
  Chain input() const {
    Chain chain{"input", "filter", nft::Hook::kInput, nft::kBehindAll};
    chain.rules.push_back(rule()
                              .l4proto(IPPROTO_UDP)
                              .ct_new()
                              .iifname(config_.uplinks)
                              .to_host()
                              .statement(nft::Goto{kStrangers})
                              .comment("UDP that nobody has asked for"));
    return chain;
  }

  static Chain strangers() {
    Chain chain{kStrangers};
    chain.rules.push_back(rule().has_socket().statement(nft::Accept{}).comment("to a service of this host"));
    chain.rules.push_back(rule()
                              .counter()
                              .statement(nft::Reject{ICMP_PORT_UNREACH})
                              .comment("the port stays free for a client"));
    return chain;
  }

  Chain segments() const {
    Chain chain{kSegments};
    chain.rules.push_back(
        from_device().counter().statement(nft::ClampMss{}).comment("segments fit the way to the server"));
    if (!links_.segment) return chain;
    const nft::ClampMss links{*links_.segment};
    chain.rules.push_back(from_device().statement(links).comment("segments fit the links, from IPv6"));
    chain.rules.push_back(
        to_device().counter().statement(links).comment("segments fit the links, from IPv4"));
    return chain;
  }

  Chain forward() const {
    Chain chain{"forward", "filter", nft::Hook::kForward, nft::kBehindFilters};
    chain.rules.push_back(rule().tcp_syn().statement(nft::Jump{kSegments}).comment("TCP connections"));
    if (masquerades_) {
      // whichever comes to less: where there are flowtables hardly an established packet gets here
      auto match =
          offloads() ? from_device() : rule().ct_not_established().iif(config_.device, links_.ifindex);
      chain.rules.push_back(match.statement(nft::Goto{kOutbound}).comment("what leaves"));
    } else if (offloads()) {
      chain.rules.push_back(offload(from_device()));
      chain.rules.push_back(refuse_others(to_device().l4proto_not({IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP})));
    }
    return chain;
  }

  // A flow's first packet is asked for the name of its link only if that was made anew after these rules.
  // What is of no flow would leave with an address of the inside.
  Chain outbound() const {
    Chain chain{kOutbound};
    for (const auto& link : links_.uplinks)
      chain.rules.push_back(
          rule().ct_new().oif(link.name, link.ifindex).statement(nft::Accept{}).comment("a flow begins"));
    if (offloads()) {
      chain.rules.push_back(offload(rule()));
      chain.rules.push_back(rule().ct_established().statement(nft::Accept{}).comment("as it began"));
    }
    chain.rules.push_back(rule()
                              .ct_invalid_or_untracked()
                              .counter()
                              .statement(nft::Drop{})
                              .comment("NAT passes these as they are"));
    chain.rules.push_back(rule()
                              .oifname_not(config_.uplinks)
                              .counter()
                              .statement(nft::Reject{ICMP_PKT_FILTERED})
                              .comment("IPv4 is behind the uplinks alone"));
    return chain;
  }

  // Not at the answer: one question is not worth it.
  static nft::Rule offload(nft::RuleBuilder match) {
    return match.offload_answered().comment("the rest of the flow passes by the stack");
  }

  // What leaves elsewhere does not get here.
  Chain nat() const {
    Chain chain{"nat", "nat", nft::Hook::kPostrouting, nft::kOwnNat};
    auto match = rule();
    match.ip4_saddr(config_.pool4);
    give_session_times(match);
    chain.rules.push_back(
        match.counter().statement(nft::Masquerade{}).comment("to the address of the uplink"));
    return chain;
  }

  const Nat64Config& config_;
  const Nat64Links& links_;
  bool masquerades_;
};

}  // namespace

nft::Table nat64_table4(const Nat64Config& config, const Nat64Links& links) {
  return Builder(config, links).table();
}

}  // namespace ipxlat
