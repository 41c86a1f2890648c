// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/clat.h"
#include "daemon/nft/rule_builder.h"

namespace ipxlat {
namespace {

using nft::Chain;
using nft::Hook;

nft::Table empty_table(nft::Family family, const ClatConfig& config, const ClatPlace& place) {
  return {family, place.table, place.id("clat." + config.name), {}};
}

nft::RuleBuilder rule() { return nft::RuleBuilder(nft::Family::kIp6); }

// Masqueraded: the connection tracker tells which packets are meant, and has put the inside address back
// before this hook. A copy goes into the device as something sent, so that nothing has to be forwarded; any
// next hop will do, since the device knows no neighbours. It passes the output hook, and whoever lets marked
// packets of this host out there knows it by its connection's mark.
nft::Table shared_table(const ClatConfig& config, const ClatPlace& place, const ClatEnd& end,
                        uint32_t ifindex) {
  Chain in{"prerouting_filter", "filter", Hook::kPrerouting, nft::kFilter, {}};
  in.rules.push_back(
      rule().ip6_daddr(end.near6()).statement(nft::Goto{"inside"}).comment("to the inside address"));
  Chain inside{"inside"};
  inside.rules.push_back(
      rule().ct_marked().statement(nft::RestoreMark{}).comment("as this host's own packets are marked"));
  inside.rules.push_back(rule()
                             .ct_established()
                             .iif(place.uplink->name, place.uplink->ifindex)
                             .counter()
                             .statement(nft::Duplicate6{parse_address6("fe80::1"), place.device, ifindex})
                             .statement(nft::Drop{})
                             .comment("replies, put back by connection tracking"));
  inside.rules.push_back(
      rule().counter().statement(nft::Drop{}).comment("nobody reaches the inside address"));
  Chain out{"postrouting_nat", "nat", Hook::kPostrouting, nft::kOwnNat, {}};
  out.rules.push_back(rule()
                          .ip6_saddr(end.near6())
                          .oif(place.uplink->name, place.uplink->ifindex)
                          .counter()
                          .statement(nft::Masquerade{})
                          .comment("to the address of the uplink"));
  Chain guard{"postrouting_guard", "filter", Hook::kPostrouting, nft::kSourceNat + 1, {}};
  guard.rules.push_back(rule()
                            .ip6_saddr(end.near6())
                            .oifname_not({place.device})
                            .counter()
                            .statement(nft::Drop{})
                            .comment("no inside address leaves"));
  nft::Table table = empty_table(nft::Family::kIp6, config, place);
  table.chains = {std::move(in), std::move(inside), std::move(out), std::move(guard)};
  return table;
}

// Of what comes by the uplink for the CLAT's address, what is meant for IPv4 goes into the device before any
// hook of IPv6 sees it: a firewall's replies, a VPN's kill switch. The rest is the host's own. What is for
// other addresses is asked once.
nft::Table ingress_table(const ClatConfig& config, const ClatPlace& place, const ClatEnd& end,
                         uint32_t ifindex) {
  const auto into = [&](nft::RuleBuilder match, const char* comment) {
    return match.counter().statement(nft::Forward{place.device, ifindex}).comment(comment);
  };
  Chain ingress{"from_uplink", "filter", nft::kIngress, nft::kFilter, {}, false, {place.uplink->name}};
  ingress.rules.push_back(nft::RuleBuilder(nft::Family::kNetdev)
                              .ip6_daddr(end.near6())
                              .statement(nft::Goto{"own_address"})
                              .comment("the address of the CLAT"));
  Chain own{"own_address"};
  own.rules.push_back(into(rule().ip6_saddr({*place.pref64}), "from the other side of the NAT64"));
  own.rules.push_back(into(rule().icmp6_error(), "errors from routers on the way"));
  nft::Table table = empty_table(nft::Family::kNetdev, config, place);
  table.chains = {std::move(ingress), std::move(own)};
  return table;
}

// A connection tracker would see one direction only, and call it invalid.
nft::Table untracked_table(const ClatConfig& config, const ClatPlace& place, const ClatEnd& end) {
  Chain output{"output_raw", "filter", Hook::kOutput, nft::kRaw, {}};
  output.rules.push_back(rule()
                             .ip6_saddr(end.near6())
                             .ip6_daddr({*place.pref64})
                             .statement(nft::Notrack{})
                             .comment("translated as it is"));
  nft::Table table = empty_table(nft::Family::kIp6, config, place);
  table.chains = {std::move(output)};
  return table;
}

// What is behind the host becomes the host's, so that it is translated as such. Segments fit the way out, and
// the way back.
nft::Table downstream_table(const ClatConfig& config, const ClatPlace& place, uint32_t ifindex) {
  const auto rule4 = [] { return nft::RuleBuilder(nft::Family::kIp4); };
  Chain out{"postrouting_nat", "nat", Hook::kPostrouting, nft::kOwnNat, {}};
  out.rules.push_back(rule4()
                          .oif(place.device, ifindex)
                          .iifname(config.downlinks)
                          .counter()
                          .statement(nft::Masquerade{})
                          .comment("to the address of the host's IPv4"));
  Chain segments{"forward_segments", "filter", Hook::kForward, nft::kBehindFilters, {}};
  segments.rules.push_back(rule4()
                               .oif(place.device, ifindex)
                               .tcp_syn()
                               .statement(nft::ClampMss{})
                               .comment("segments fit the way to the NAT64"));
  segments.rules.push_back(rule4()
                               .iif(place.device, ifindex)
                               .tcp_syn()
                               .statement(nft::ClampMss{})
                               .comment("segments fit the way from there"));
  nft::Table table = empty_table(nft::Family::kIp4, config, place);
  table.chains = {std::move(out), std::move(segments)};
  return table;
}

}  // namespace

std::vector<nft::Table> clat_tables(const ClatConfig& config, const ClatPlace& place, const ClatEnd& end,
                                    uint32_t ifindex, bool tracked) {
  std::vector<nft::Table> tables;
  if (end.masqueraded)
    tables.push_back(shared_table(config, place, end, ifindex));
  else
    tables.push_back(ingress_table(config, place, end, ifindex));
  if (tracked && !end.masqueraded) tables.push_back(untracked_table(config, place, end));
  if (!config.downlinks.empty()) tables.push_back(downstream_table(config, place, ifindex));
  return tables;
}

}  // namespace ipxlat
