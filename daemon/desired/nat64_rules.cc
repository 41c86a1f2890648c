// SPDX-License-Identifier: GPL-2.0-only
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>

#include <algorithm>
#include <cstring>

#include "daemon/desired/nat64.h"
#include "daemon/desired/special_purpose.h"
#include "daemon/nft/rule_builder.h"
#include "lib/networks.h"

namespace ipxlat {
namespace {

using nft::Chain;
using nft::Rule;

nft::RuleBuilder rule() { return nft::RuleBuilder(nft::Family::kInet); }

// RFC 6146 section 3.5, and no way around the NAT: these sources exist only behind the device.
Chain raw_chain(const Nat64Config& config) {
  std::vector<Prefix6> inside = {*config.settings.remote_prefix6};
  inside.insert(inside.end(), config.pool6.begin(), config.pool6.end());
  Chain chain{"prerouting_raw", "filter", nft::Hook::kPrerouting, nft::kRaw, {}};
  chain.rules.push_back(rule()
                            .iifname_not({config.device})
                            .ip6_saddr(inside)
                            .counter()
                            .statement(nft::Drop{})
                            .comment("sources that only the translator may use"));
  if (config.mode == Nat64Mode::kPool) {
    chain.rules.push_back(rule()
                              .iifname({config.device})
                              .ip4()
                              .statement(nft::Notrack{})
                              .comment("the IPv6 side keeps the state"));
    chain.rules.push_back(rule()
                              .ip4_daddr(config.pool4)
                              .statement(nft::Notrack{})
                              .comment("the IPv6 side keeps the state of replies"));
  }
  return chain;
}

// What the gateway itself sends, in pool mode.
Chain output_chain(const Nat64Config& config) {
  Chain chain{"output_raw", "filter", nft::Hook::kOutput, nft::kRaw, {}};
  chain.rules.push_back(rule()
                            .oifname({config.device})
                            .ip4()
                            .statement(nft::Notrack{})
                            .comment("the IPv6 side keeps the state of errors"));
  chain.rules.push_back(rule()
                            .ip4_saddr(config.pool4)
                            .statement(nft::Notrack{})
                            .comment("the IPv6 side keeps the state of this host's flows"));
  return chain;
}

// Bits 64 to 71 of an address are ignored by the translator where the prefix is shorter than 96.
in6_addr embedded_bits(const Prefix6& pref64) {
  in6_addr mask;
  std::memset(&mask, 0xff, sizeof mask);
  if (pref64.length < 96) mask.s6_addr[8] = 0;
  return mask;
}

Rule private_rule(const Nat64Config& config) {
  const Prefix6& pref64 = *config.settings.remote_prefix6;
  const in6_addr mask = embedded_bits(pref64);
  const auto in_pref64 = [&](const std::vector<Prefix4>& from) {
    std::vector<Prefix6> to;
    for (const auto& prefix : from) to.push_back(embedded(pref64, prefix));
    return to;
  };
  auto match = rule();
  match.oifname({config.device}).ip6_daddr_masked(mask, in_pref64(not_global()));
  if (!config.allow_private.empty()) match.ip6_daddr_masked_not(mask, in_pref64(config.allow_private));
  return match.counter()
      .statement(nft::Reject{ICMP6_DST_UNREACH_ADMIN})
      .comment("no way into networks that are not global");
}

// Without an answer it would be lost: nothing translates its source there, or nothing brings replies back.
Rule other_way_rule(const Nat64Config& config) {
  std::vector<std::string> ways = config.uplinks;
  ways.push_back(config.device);
  return rule()
      .iifname({config.device})
      .oifname_not(ways)
      .ip4_saddr(config.pool4)
      .counter()
      .statement(nft::Reject{ICMP_PKT_FILTERED})
      .comment("IPv4 is behind the uplinks alone");
}

Chain forward_chain(const Nat64Config& config) {
  Chain chain{"forward", "filter", nft::Hook::kForward, nft::kFilter, {}};
  auto& rules = chain.rules;
  rules.push_back(rule()
                      .oifname({config.device})
                      .ct_invalid()
                      .counter()
                      .statement(nft::Drop{})
                      .comment("NAT passes these as they are: into the device"));
  rules.push_back(rule()
                      .iifname({config.device})
                      .ct_invalid()
                      .counter()
                      .statement(nft::Drop{})
                      .comment("NAT passes these as they are: out of the device"));
  rules.push_back(rule()
                      .oifname({config.device})
                      .ip6()
                      .l4proto_not({IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMPV6})
                      .counter()
                      .statement(nft::Reject{ICMP6_DST_UNREACH_NOPORT})
                      .comment("RFC 6146 section 3.4: TCP, UDP and ICMP only, from IPv6"));
  rules.push_back(rule()
                      .oifname({config.device})
                      .ip4()
                      .l4proto_not({IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP})
                      .counter()
                      .statement(nft::Reject{ICMP_PROT_UNREACH})
                      .comment("RFC 6146 section 3.4: TCP, UDP and ICMP only, from IPv4"));
  if (!config.downlinks.empty())
    rules.push_back(rule()
                        .iifname_not(config.downlinks)
                        .oifname({config.device})
                        .ip6()
                        .counter()
                        .statement(nft::Reject{ICMP6_DST_UNREACH_ADMIN})
                        .comment("clients are behind the downlinks alone"));
  rules.push_back(private_rule(config));
  if (!config.uplinks.empty()) rules.push_back(other_way_rule(config));
  rules.push_back(rule()
                      .oifname({config.device})
                      .tcp_syn()
                      .counter()
                      .statement(nft::ClampMss{})
                      .comment("segments fit the route on this side"));
  rules.push_back(rule()
                      .iifname({config.device})
                      .tcp_syn()
                      .counter()
                      .statement(nft::ClampMss{})
                      .comment("segments fit the route on the other side"));
  return chain;
}

// A client's address decides to which of several ranges it goes, each by its size.
void add_source_nat(const Nat64Config& config, std::vector<Rule>& rules) {
  uint64_t unit = size(config.pool4.front());
  for (const auto& pool : config.pool4) unit = std::min(unit, size(pool));
  uint64_t total = 0;
  for (const auto& pool : config.pool4) total += size(pool) / unit;
  uint64_t bound = 0;
  for (size_t i = 0; i < config.pool6.size(); i++) {
    bound += size(config.pool4[i]) / unit;
    auto match = rule();
    match.oifname({config.device});
    if (bound == total)
      match.ip6();
    else
      match.source6_hash_below(static_cast<uint32_t>(total), static_cast<uint32_t>(bound));
    rules.push_back(match.counter()
                        .statement(nft::SourceNat6{config.pool6[i].address, last_address(config.pool6[i])})
                        .comment("to " + to_string(config.pool4[i]) + ", as written inside"));
  }
}

Chain nat_chain(const Nat64Config& config) {
  Chain chain{"postrouting_nat", "nat", nft::Hook::kPostrouting, nft::kOwnNat, {}};
  add_source_nat(config, chain.rules);
  if (config.mode == Nat64Mode::kMasquerade)
    chain.rules.push_back(rule()
                              .oifname(config.uplinks)
                              .ip4_saddr(config.pool4)
                              .counter()
                              .statement(nft::Masquerade{})
                              .comment("to the address of the uplink"));
  return chain;
}

// Behind all NAT, where no inside address may be left; a program of the gateway may reach the gateway.
Chain guard_chain(const Nat64Config& config) {
  Chain chain{"postrouting_guard", "filter", nft::Hook::kPostrouting, nft::kSourceNat + 1, {}};
  chain.rules.push_back(rule()
                            .oifname_not({config.device, "lo"})
                            .ip4_saddr(config.pool4)
                            .counter()
                            .statement(nft::Drop{})
                            .comment("no inside address leaves"));
  return chain;
}

}  // namespace

nft::Table nat64_table(const Nat64Config& config) {
  nft::Table table{nft::Family::kInet, "ipxlat-" + config.name, "nat64." + config.name, {}};
  table.chains.push_back(raw_chain(config));
  if (config.mode == Nat64Mode::kPool) table.chains.push_back(output_chain(config));
  table.chains.push_back(forward_chain(config));
  table.chains.push_back(nat_chain(config));
  if (config.mode == Nat64Mode::kMasquerade) table.chains.push_back(guard_chain(config));
  return table;
}

}  // namespace ipxlat
