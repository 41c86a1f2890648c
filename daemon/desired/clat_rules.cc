// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/clat.h"
#include "daemon/nft/rule_builder.h"

namespace ipxlat {
namespace {

using nft::Chain;
using nft::Hook;

nft::RuleBuilder rule() { return nft::RuleBuilder(nft::Family::kIp6); }

// A copy goes into the device as something sent, so that nothing has to be forwarded. Any next hop will
// do: the device knows no neighbours.
nft::Rule into_device(nft::RuleBuilder match, const std::string& device, uint32_t ifindex,
                      const char* comment) {
  return match.counter()
      .statement(nft::Duplicate6{parse_address6("fe80::1"), device, ifindex})
      .statement(nft::Drop{})
      .comment(comment);
}

// Masqueraded: the connection tracker tells which packets are meant, and has put the inside address
// back before this hook.
void add_shared(const ClatConfig& config, const ClatEnd& end, const std::string& uplink, uint32_t ifindex,
                nft::Table& table) {
  Chain in{"prerouting_filter", "filter", Hook::kPrerouting, nft::kFilter, {}};
  in.rules.push_back(into_device(rule().ip6_daddr({end.near6}).ct_established().iifname({uplink}),
                                 config.device, ifindex, "replies, put back by connection tracking"));
  in.rules.push_back(rule()
                         .ip6_daddr({end.near6})
                         .counter()
                         .statement(nft::Drop{})
                         .comment("nobody reaches the inside address"));
  Chain out{"postrouting_nat", "nat", Hook::kPostrouting, nft::kOwnNat, {}};
  out.rules.push_back(rule()
                          .oifname({uplink})
                          .ip6_saddr({end.near6})
                          .counter()
                          .statement(nft::Masquerade{})
                          .comment("to the address of the uplink"));
  Chain guard{"postrouting_guard", "filter", Hook::kPostrouting, nft::kSourceNat + 1, {}};
  guard.rules.push_back(rule()
                            .oifname_not({config.device})
                            .ip6_saddr({end.near6})
                            .counter()
                            .statement(nft::Drop{})
                            .comment("no inside address leaves"));
  table.chains = {std::move(in), std::move(out), std::move(guard)};
}

// What is neither from the translator's side nor an error about what went there is the host's own.
void add_own_address(const ClatConfig& config, const ClatEnd& end, const std::string& uplink,
                     uint32_t ifindex, nft::Table& table) {
  Chain raw{"prerouting_raw", "filter", Hook::kPrerouting, nft::kRaw, {}};
  raw.rules.push_back(rule()
                          .iifname({uplink})
                          .ip6_daddr({end.near6})
                          .statement(nft::Notrack{})
                          .comment("translated as it is"));
  Chain output{"output_raw", "filter", Hook::kOutput, nft::kRaw, {}};
  output.rules.push_back(
      rule().ip6_saddr({end.near6}).statement(nft::Notrack{}).comment("translated as it is"));
  Chain in{"prerouting_filter", "filter", Hook::kPrerouting, nft::kFilter, {}};
  in.rules.push_back(into_device(rule().iifname({uplink}).ip6_daddr({end.near6}).ip6_saddr({end.far6}),
                                 config.device, ifindex, "from the other side of the NAT64"));
  in.rules.push_back(into_device(rule().iifname({uplink}).ip6_daddr({end.near6}).icmp6_error(), config.device,
                                 ifindex, "errors from routers on the way"));
  table.chains = {std::move(raw), std::move(output), std::move(in)};
}

}  // namespace

nft::Table clat_table(const ClatConfig& config, const ClatEnd& end, const std::string& uplink,
                      uint32_t ifindex) {
  nft::Table table{nft::Family::kIp6, "ipxlat-" + config.name, "clat." + config.name, {}};
  if (end.tracked)
    add_shared(config, end, uplink, ifindex, table);
  else
    add_own_address(config, end, uplink, ifindex, table);
  return table;
}

}  // namespace ipxlat
