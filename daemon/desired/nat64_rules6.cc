// SPDX-License-Identifier: GPL-2.0-only
#include <netinet/icmp6.h>

#include <algorithm>
#include <iterator>

#include "daemon/desired/nat64_blocks.h"
#include "daemon/desired/nat64_forward.h"
#include "daemon/desired/nat64_mappings.h"
#include "daemon/desired/nat64_rules.h"
#include "daemon/desired/session_times.h"
#include "daemon/desired/special_purpose.h"
#include "daemon/nft/rule_builder.h"
#include "lib/networks.h"

namespace ipxlat {
namespace {

using nft::Chain;
using nft::Rule;

constexpr const char *kCheck = "check", *kNotUdp = "not-udp", *kElsewhere = "elsewhere", *kLeave = "leave",
                     *kInbound = "inbound";

nft::RuleBuilder rule() { return nft::RuleBuilder(nft::Family::kIp6); }

template <class T>
void append(std::vector<T>& to, std::vector<T> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// IPv4 may begin a flow.
bool has_inbound(const Nat64Config& config) {
  return !config.forward.empty() || config.endpoint_independent_filtering;
}

// From a downlink it is asked for the name only if that was made anew after these rules.
Chain first_chain(const Nat64Config& config, const Nat64Links& links) {
  Chain chain{"first", "nat", nft::Hook::kPrerouting, nft::kOwnNat};
  for (const auto& link : links.downlinks)
    chain.rules.push_back(rule()
                              .iif(link.name, link.ifindex)
                              .ip6_daddr(config.routed6())
                              .statement(nft::Goto{kCheck})
                              .comment("a client's first packet"));
  chain.rules.push_back(rule()
                            .ip6_daddr(config.routed6())
                            .statement(nft::Goto{config.downlinks.empty() ? kCheck : kElsewhere})
                            .comment("a flow's first packet"));
  if (!has_inbound(config)) return chain;
  auto match = rule();
  match.iifname({config.device});
  // whom else an answer would not come back this way
  if (!config.routes4.empty()) match.ip6_saddr(config.routed6());
  chain.rules.push_back(match.statement(nft::Goto{kInbound}).comment("flows that IPv4 begins"));
  return chain;
}

Rule drained_rule() {
  return rule().counter().statement(nft::Reject{ICMP6_DST_UNREACH_NOROUTE}).comment("drained: no new flows");
}

Chain inbound_chain(const Nat64Config& config) {
  Chain chain{kInbound};
  if (config.drained) chain.rules.push_back(drained_rule());
  auto every = rule();
  chain.rules.push_back(give_session_times(every).comment("RFC 6146 section 4"));
  append(chain.rules, forward_to_servers(config));
  if (config.endpoint_independent_filtering) append(chain.rules, mappings_to_clients());
  return chain;
}

// RFC 6052 section 3.1; and a gateway is no way into its owner's networks.
Rule private_rule(const Nat64Config& config) {
  const Prefix6& pref64 = *config.settings.remote_prefix6;
  auto match = rule();
  match.embedded_daddr(pref64, not_global());
  if (!config.allow_private.empty()) match.embedded_daddr_not(pref64, config.allow_private);
  return match.counter()
      .statement(nft::Reject{ICMP6_DST_UNREACH_ADMIN})
      .comment("no way into networks that are not global");
}

constexpr const char *kRates = "rates", *kClients = "clients";

std::vector<nft::NamedSet> client_sets(const Nat64Config& config) {
  constexpr uint32_t kMost = 1000000;
  constexpr std::chrono::seconds kForgotten{10};
  const nft::Set clients{nft::KeyType::kAddress6};
  std::vector<nft::NamedSet> sets;
  if (config.max_new_flows_per_client) sets.push_back({kRates, clients, {}, true, kMost, kForgotten});
  if (config.max_flows_per_client) sets.push_back({kClients, clients, {}, true, kMost});
  return sets;
}

// RFC 6888 REQ-4.
Rule limit_rule(const Nat64Config& config, nft::AddToSet most, const char* comment) {
  return rule()
      .ip6_source_prefix(config.client_prefix_length)
      .statement(std::move(most))
      .counter()
      .statement(nft::Reject{ICMP6_DST_UNREACH_ADDR})
      .comment(comment);
}

// Of UDP there is nothing more to ask.
Chain not_udp_chain() {
  Chain chain{kNotUdp};
  chain.rules = {
      rule()
          .l4proto_not({IPPROTO_TCP, IPPROTO_ICMPV6})
          .counter()
          .statement(nft::Reject{ICMP6_DST_UNREACH_NOPORT})
          .comment("RFC 6146 section 3.4: TCP, UDP and ICMP only, from IPv6"),
      rule()
          .tcp_not_first()
          .counter()
          .statement(nft::RejectReset{})
          .comment("of a connection whose state is gone"),
  };
  return chain;
}

// Limits are the last, so that what is refused anyway is not counted.
Chain check_chain(const Nat64Config& config) {
  Chain chain{kCheck};
  if (config.drained) chain.rules.push_back(drained_rule());
  chain.rules.push_back(private_rule(config));
  if (config.port_blocks) chain.rules.push_back(without_block(config));
  chain.rules.push_back(
      rule().l4proto_not(IPPROTO_UDP).statement(nft::Jump{kNotUdp}).comment("TCP, ICMP and others"));
  if (config.max_new_flows_per_client)
    chain.rules.push_back(limit_rule(config, {kRates, {}, config.max_new_flows_per_client},
                                     "too many new flows of one client"));
  if (config.max_flows_per_client)
    chain.rules.push_back(
        limit_rule(config, {kClients, config.max_flows_per_client, {}}, "too many flows of one client"));
  return chain;
}

Chain elsewhere_chain(const Nat64Config& config) {
  Chain chain{kElsewhere};
  chain.rules = {rule()
                     .iifname_not(config.downlinks)
                     .counter()
                     .statement(nft::Reject{ICMP6_DST_UNREACH_ADMIN})
                     .comment("clients are behind the downlinks alone"),
                 rule().statement(nft::Goto{kCheck}).comment("by a downlink that is new")};
  return chain;
}

// While a part of a prefix moves elsewhere, its route goes after these rules have come: a flow that began in
// between and had an address of the inside would take it along.
Chain nat_chain(const Nat64Config& config, const Nat64Links& links) {
  Chain chain{"nat", "nat", nft::Hook::kPostrouting, nft::kOwnNat};
  auto match = rule();
  match.oif(config.device, links.ifindex).ip6_daddr(config.routed6());
  chain.rules.push_back(
      give_session_times(match).statement(nft::Goto{kLeave}).comment("into the device; RFC 6146 section 4"));
  return chain;
}

// A client's address decides to which of several ranges it goes, each by its size.
std::vector<Rule> to_pools(const Nat64Config& config) {
  std::vector<Rule> rules;
  uint64_t unit = size(config.pool4.front());
  for (const auto& pool : config.pool4) unit = std::min(unit, size(pool));
  uint64_t total = 0;
  for (const auto& pool : config.pool4) total += size(pool) / unit;
  uint64_t bound = 0;
  for (size_t i = 0; i < config.pool6.size(); i++) {
    bound += size(config.pool4[i]) / unit;
    auto match = rule();
    if (bound != total) match.source6_hash_below(static_cast<uint32_t>(total), static_cast<uint32_t>(bound));
    rules.push_back(match.counter()
                        .statement(nft::SourceNat6{config.pool6[i].address, last_address(config.pool6[i])})
                        .comment("to " + to_string(config.pool4[i]) + ", as written inside"));
  }
  return rules;
}

Chain leave_chain(const Nat64Config& config) {
  Chain chain{kLeave};
  append(chain.rules, forward_from_servers(config));
  append(chain.rules, config.port_blocks ? std::vector{to_block(config)} : to_pools(config));
  return chain;
}

// Only what a client sends gets there: the way back is looked up from the pool, from which there is none.
Chain forward_chain(const Nat64Config& config, const Nat64Links& links) {
  Chain chain{"forward", "filter", nft::Hook::kForward, nft::kBehindFilters};
  chain.rules.push_back(rule()
                            .oif(config.device, links.ifindex)
                            .offload_answered()
                            .comment("the rest of the flow passes by the stack"));
  return chain;
}

}  // namespace

nft::Table nat64_table6(const Nat64Config& config, const Nat64Links& links) {
  nft::Table table{nft::Family::kIp6, "ipxlat-" + config.name, "nat64." + config.name};
  table.chains = {not_udp_chain(), check_chain(config), first_chain(config, links), leave_chain(config),
                  nat_chain(config, links)};
  if (!config.downlinks.empty()) table.chains.push_back(elsewhere_chain(config));
  table.objects = session_times(nft::Family::kIp6);
  table.sets = client_sets(config);
  if (has_inbound(config)) table.chains.push_back(inbound_chain(config));
  if (config.port_blocks) {
    append(table.chains, block_chains(config));
    append(table.sets, block_sets(config));
  }
  if (config.endpoint_independent_filtering) {
    append(table.chains, mapping_chains(config.device, links.ifindex));
    append(table.sets, mapping_sets());
  }
  if (links.fast6.empty()) return table;
  table.flowtables.push_back({nft::kFast, nft::kFilter, links.fast6});
  table.chains.push_back(forward_chain(config, links));
  return table;
}

std::vector<nft::Table> nat64_tables(const Nat64Config& config, const Nat64Links& links) {
  return {nat64_table6(config, links), nat64_table4(config, links)};
}

}  // namespace ipxlat
