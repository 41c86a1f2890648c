// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/nat46_rules.h"

#include <netinet/ip_icmp.h>

#include <set>

#include "daemon/desired/nat46_map.h"
#include "daemon/nft/rule_builder.h"
#include "lib/networks.h"

namespace ipxlat {
namespace {

using nft::Chain;

constexpr const char* kInbound = "inbound";

nft::RuleBuilder rule() { return nft::RuleBuilder(nft::Family::kIp4); }

// In front of anybody's, who has the other ports of the same address.
Chain services_chain(const Nat46Config& config) {
  Chain chain{"services", "nat", nft::Hook::kPrerouting, nft::kOwnNat};
  chain.rules.push_back(rule()
                            .ip4_daddr({config.inside4})
                            .counter()
                            .statement(nft::Drop{})
                            .comment("nobody but the rules below knows the inside"));
  chain.rules.push_back(rule()
                            .iifname_not({config.device})
                            .ip4_saddr({config.inside4})
                            .counter()
                            .statement(nft::Drop{})
                            .comment("nobody but servers is of the inside"));
  std::set<Prefix4> addresses;
  for (const auto& one : config.forward)
    if (one.protocol != Publication::kEverything) addresses.insert(host(*one.address));
  auto match = rule();
  if (!config.uplinks.empty()) match.iifname(config.uplinks);
  chain.rules.push_back(match.ip4_daddr({addresses.begin(), addresses.end()})
                            .statement(nft::Goto{kInbound})
                            .comment("services of servers"));
  return chain;
}

Chain inbound_chain(const Nat46Config& config, const std::vector<MapEntry>& map) {
  Chain chain{kInbound};
  for (const auto& one : config.forward) {
    if (one.protocol == Publication::kEverything) continue;
    auto match = rule();
    match.ip4_daddr({host(*one.address)}).l4proto(one.protocol);
    if (one.port) match.destination_port(one.port);
    const auto port = one.to_port ? std::optional(one.to_port) : std::nullopt;
    chain.rules.push_back(
        match.counter()
            .statement(nft::TranslateTo{false, nft::bytes_of(nat46_address(map, one.to)), port})
            .comment(one.outside() + " is a service of " + to_string(one.to)));
  }
  return chain;
}

// A server without an address of its own answers, and begins nothing: it would leave with one of the inside.
Chain forward_chain(const Nat46Config& config, uint32_t ifindex) {
  Chain chain{"forward", "filter", nft::Hook::kForward, nft::kBehindFilters};
  chain.rules.push_back(rule()
                            .oif(config.device, ifindex)
                            .ip4_daddr({config.inside4})
                            .ct_invalid_or_untracked()
                            .counter()
                            .statement(nft::Drop{})
                            .comment("NAT passes these as they are"));
  chain.rules.push_back(rule()
                            .iif(config.device, ifindex)
                            .ip4_saddr({config.inside4})
                            .ct_invalid_or_untracked()
                            .counter()
                            .statement(nft::Drop{})
                            .comment("no answer of a server"));
  chain.rules.push_back(rule()
                            .iif(config.device, ifindex)
                            .ip4_saddr({config.inside4})
                            .ct_not_established()
                            .counter()
                            .statement(nft::Reject{ICMP_PKT_FILTERED})
                            .comment("a server without an address begins nothing"));
  return chain;
}

}  // namespace

nft::Table nat46_table(const Nat46Config& config, const std::vector<MapEntry>& map, uint32_t ifindex) {
  nft::Table table{nft::Family::kIp4, "ipxlat-" + config.name, "nat46." + config.name};
  table.chains = {inbound_chain(config, map), services_chain(config), forward_chain(config, ifindex)};
  return table;
}

}  // namespace ipxlat
