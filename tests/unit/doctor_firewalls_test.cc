// SPDX-License-Identifier: GPL-2.0-only
// Each check of firewalls, and of a CLAT's host, over made-up hosts: one that is well, and one that is not.
#include <gmock/gmock.h>

#include "tests/unit/doctor_host.h"
#include "tools/ipxlatctl/doctor/packet_walk.h"

namespace ipxlat::ctl::doctor {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Firewalls. A chain with a policy that drops is enough; doctor_walk_test has the rules.
class DoctorOfFirewalls : public DoctorOfNat64 {
 protected:
  Table& table(Family family, const std::string& name) {
    host_.ruleset.push_back({family, name, {}, {}});
    return host_.ruleset.back();
  }
  static Chain& chain(Table& table, const std::string& name, Hook hook, bool drops = true,
                      int32_t priority = 0) {
    table.chains[name] = {name, Base{hook, priority, drops}, {}};
    return table.chains[name];
  }
  // a rule that accepts packets in one of these states
  static Rule accept_states(uint32_t states) {
    Bytes mask(4);
    for (size_t i = 0; i < 4; ++i) mask[i] = reinterpret_cast<const uint8_t*>(&states)[i];
    return {1,
            {Load{0, 4, Key::kCtState}, Bitwise{0, 0, mask, Bytes(4)},
             Compare{0, Compare::kNotEqual, Bytes(4)}, Give{Give::kAccept}}};
  }
  std::vector<std::string> mends() {
    std::vector<std::string> all;
    for (const Finding& f : find_firewall(host_)) all.push_back(f.mend);
    return all;
  }
};

TEST_F(DoctorOfFirewalls, APolicyThatDrops) {
  chain(table(Family::kInet, "fw"), "fwd", Hook::kForward);
  auto found = words(find_firewall(host_));
  ASSERT_EQ(found.size(), 4u) << "in and out, of both families";
  EXPECT_EQ(found[0],
            "table inet fw, chain fwd drops new IPv6 connections from lan0 to edge, by its policy | nft "
            "'insert rule "
            "inet fw fwd iifname \"lan0\" oifname \"edge\" accept'");
  EXPECT_EQ(found[1],
            "table inet fw, chain fwd drops IPv6 replies from edge to lan0, by its policy | nft 'insert rule "
            "inet fw "
            "fwd iifname \"edge\" oifname \"lan0\" accept'");
}

TEST_F(DoctorOfFirewalls, AChainOfOneFamilySeesThatFamily) {
  chain(table(Family::kIp6, "fw"), "fwd", Hook::kForward);
  EXPECT_EQ(find_firewall(host_).size(), 2u);
  chain(table(Family::kIp, "fw"), "fwd", Hook::kForward);
  EXPECT_EQ(find_firewall(host_).size(), 4u);
}

TEST_F(DoctorOfFirewalls, OtherHooksAreNotOnItsWay) {
  auto& fw = table(Family::kInet, "fw");
  chain(fw, "in", Hook::kInput);
  chain(fw, "out", Hook::kOutput);
  chain(fw, "fwd", Hook::kForward, false);
  EXPECT_THAT(mends(), IsEmpty());
}

TEST_F(DoctorOfFirewalls, RepliesNeedNoRuleWhereConnectionsAreTracked) {
  auto& fw = table(Family::kIp, "filter");
  chain(fw, "FORWARD", Hook::kForward).rules.push_back(accept_states(kEstablished | kRelated));
  EXPECT_THAT(mends(), ElementsAre("iptables -I FORWARD -i edge -o wan0 -j ACCEPT"));
  edge().tracked4 = false;
  EXPECT_THAT(mends(), ElementsAre("iptables -I FORWARD -i edge -o wan0 -j ACCEPT",
                                   "iptables -I FORWARD -i wan0 -o edge -j ACCEPT"))
      << "in pool mode IPv4 is not tracked";
}

TEST_F(DoctorOfFirewalls, PathMtuDiscoveryNeedsRelatedErrors) {
  chain(table(Family::kInet, "fw"), "fwd", Hook::kForward).rules = {accept_states(kEstablished | kNew)};
  auto found = words(find_firewall(host_));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_THAT(found[0], testing::HasSubstr("drops ICMPv6 Packet Too Big from lan0 to edge"));
  EXPECT_THAT(found[1],
              testing::HasSubstr("drops ICMP errors, of which path MTU discovery lives, from wan0 to edge"));
}

TEST_F(DoctorOfFirewalls, DockersUsualRules) {
  auto& filter = table(Family::kIp, "filter");
  chain(filter, "FORWARD", Hook::kForward).rules.push_back(accept_states(kEstablished | kRelated));
  filter.chains["DOCKER-USER"].name = "DOCKER-USER";
  EXPECT_THAT(
      words(find_firewall(host_)),
      ElementsAre(
          "table ip filter, chain FORWARD (Docker) drops new IPv4 connections from edge to wan0, by its "
          "policy | iptables -I DOCKER-USER -i edge -o wan0 -j ACCEPT"));
}

TEST_F(DoctorOfFirewalls, Ufws) {
  auto& filter = table(Family::kIp6, "filter");
  chain(filter, "FORWARD", Hook::kForward).rules.push_back(accept_states(kEstablished | kRelated));
  chain(filter, "INPUT", Hook::kInput);
  filter.chains["ufw6-before-forward"].name = "ufw6-before-forward";
  EXPECT_THAT(
      words(find_firewall(host_)),
      ElementsAre(
          "table ip6 filter, chain FORWARD (ufw) drops new IPv6 connections from lan0 to edge, by its "
          "policy | ufw route allow in on lan0 out on edge"));
}

TEST_F(DoctorOfFirewalls, Firewallds) {
  auto& firewalld = table(Family::kInet, "firewalld");
  auto& forward = chain(firewalld, "filter_FORWARD", Hook::kForward, false);
  forward.rules = {accept_states(kEstablished | kRelated), {2, {Give{Give::kDrop}}}};
  EXPECT_THAT(
      words(find_firewall(host_)),
      ElementsAre(
          "table inet firewalld, chain filter_FORWARD (firewalld) drops new IPv6 connections from lan0 "
          "to edge, by rule 2 | firewall-cmd --permanent --zone=trusted --add-interface=edge; "
          "firewall-cmd --permanent --new-policy=to-edge; firewall-cmd --permanent --policy=to-edge "
          "--add-ingress-zone=ANY --add-egress-zone=trusted --set-target=ACCEPT; firewall-cmd --reload",
          "table inet firewalld, chain filter_FORWARD (firewalld) drops new IPv4 connections from edge "
          "to wan0, by rule 2 | firewall-cmd --permanent --zone=trusted --add-interface=edge; "
          "firewall-cmd --reload"));
}

TEST_F(DoctorOfFirewalls, WhatARuleMayAcceptIsNotCertain) {
  chain(table(Family::kIp, "fw"), "fwd", Hook::kForward).rules = {{1, {Doubt{}, Give{Give::kAccept}}}};
  for (const Finding& found : find_firewall(host_)) {
    EXPECT_FALSE(found.certain);
    EXPECT_THAT(found.text, testing::EndsWith(", by its policy, but for what its rules accept"));
  }
  EXPECT_FALSE(find_firewall(host_).empty());
}

TEST_F(DoctorOfFirewalls, IptablesLegacyCannotBeRead) {
  host_.legacy_tables = {"nat"};
  EXPECT_THAT(mends(), IsEmpty());
  host_.legacy_tables = {"filter"};
  EXPECT_THAT(words(find_firewall(host_)),
              ElementsAre("perhaps: rules of iptables-legacy are in use, which cannot be read here | "
                          "iptables-legacy-save; ip6tables-legacy-save"));
}

class DoctorOfClat : public DoctorOfFirewalls {
 protected:
  DoctorOfClat() {
    edge().kind = "clat";
    edge().instance = "clat.edge";
    edge().near4 = {parse_prefix4("192.0.0.1/32")};
    edge().tracked6 = false;
    edge().downlinks.clear();
    host_.routes["1.1.1.1"] = {"unicast", "edge", parse_prefix4("0.0.0.0/0"), 2048};
    host_.routes["64:ff9b::101:101"] = {"unicast", "wan0", parse_prefix6("::/0"), 1024};
    host_.kernel_modules.insert({"nft_dup_ipv6", "nft_fwd_netdev"});
    host_.sysctls["net/ipv6/conf/all/forwarding"] = "0";
  }
};

TEST_F(DoctorOfClat, AHostThatIsWellHasNoFindings) {
  host_.sysctls["net/ipv4/conf/all/rp_filter"] = "1";
  auto& fw = table(Family::kInet, "fw");
  chain(fw, "in", Hook::kInput).rules.push_back(accept_states(kEstablished | kRelated));
  chain(fw, "fwd", Hook::kForward);
  for (const Check& check : checks()) EXPECT_THAT(words(check.find(host_)), IsEmpty()) << check.name;
}

TEST_F(DoctorOfClat, RoutesThatLeadPastTheDeviceAndBackIntoIt) {
  host_.routes["1.1.1.1"] = {"unicast", "wan0", parse_prefix4("0.0.0.0/0"), 0};
  host_.routes["64:ff9b::101:101"] = {"unicast", "edge", parse_prefix6("64:ff9b::/96"), 0};
  EXPECT_THAT(
      words(find_routes(host_)),
      ElementsAre("the IPv4 Internet goes by wan0 and not into edge | ip route del default dev wan0",
                  "pref64 64:ff9b::/96 leads back into edge | ip -6 route del 64:ff9b::/96 dev edge"));
  host_.routes["64:ff9b::101:101"] = {"none", "", {}, 0};
  EXPECT_EQ(find_routes(host_)[1].text, "pref64 64:ff9b::/96 has no route");
  host_.routes["64:ff9b::101:101"] = {"unreachable", "", parse_prefix6("64:ff9b::/96"), 5};
  EXPECT_EQ(find_routes(host_)[1].mend, "ip -6 route del unreachable 64:ff9b::/96 metric 5");
}

TEST_F(DoctorOfClat, AReversePathThatIsAnother) {
  host_.sysctls["net/ipv4/conf/edge/rp_filter"] = "1";
  host_.routes["1.1.1.1"].link = "wan0";
  EXPECT_EQ(find_reverse_path(host_).size(), 1u);
}

TEST_F(DoctorOfClat, AnInputChainThatDropsReplies) {
  chain(table(Family::kIp, "filter"), "INPUT", Hook::kInput);
  EXPECT_THAT(mends(), ElementsAre("iptables -I INPUT -i edge -j ACCEPT"));
}

TEST_F(DoctorOfClat, AnOutputChainThatDropsBothLegs) {
  auto& fw = table(Family::kInet, "fw");
  chain(fw, "out", Hook::kOutput).rules.push_back(accept_states(kEstablished | kNew));
  EXPECT_THAT(mends(), ElementsAre("nft 'insert rule inet fw out oifname \"wan0\" accept'"))
      << "what is translated to an address of its own is not tracked";
}

TEST_F(DoctorOfClat, OnlyPreroutingInFrontOfOursSeesReplies) {
  edge().tracked6 = true;
  auto& fw = table(Family::kIp6, "fw");
  chain(fw, "late", Hook::kPrerouting, true, 10);
  EXPECT_THAT(mends(), IsEmpty());
  chain(fw, "early", Hook::kPrerouting, true, -300);
  EXPECT_THAT(mends(), ElementsAre("nft 'insert rule ip6 fw early iifname \"wan0\" accept'"));
}

TEST_F(DoctorOfClat, RepliesToASharedAddressPassTheOutputHook) {
  auto& fw = table(Family::kIp6, "fw");
  chain(fw, "early", Hook::kPrerouting, true, -300);
  EXPECT_THAT(mends(), IsEmpty()) << "an address of its own has a shorter way in";
  edge().tracked6 = true;
  fw.chains.clear();
  chain(fw, "out", Hook::kOutput).rules.push_back(accept_states(kEstablished | kNew));
  EXPECT_THAT(mends(), ElementsAre("nft 'insert rule ip6 fw out oifname \"edge\" accept'"));
}

TEST_F(DoctorOfClat, ItsIpv6SideIsTheUplink) {
  host_.links["wan0"].mtu = 1200;
  EXPECT_EQ(find_sizes(host_)[0].about, "wan0");
  host_.kernel_modules.erase("nft_dup_ipv6");
  host_.sysctls["net/ipv6/conf/wan0/disable_ipv6"] = "1";
  EXPECT_EQ(find_features(host_).size(), 2u);
}

TEST_F(DoctorOfClat, ADeviceOfNobodyWithAnAddressIsTheHosts) {
  edge().kind.clear();
  edge().instance.clear();
  host_.links["edge"].address4 = true;
  chain(table(Family::kIp, "filter"), "INPUT", Hook::kInput);
  EXPECT_THAT(mends(), ElementsAre("iptables -I INPUT -i edge -j ACCEPT"));
  host_.links["edge"].address4 = false;
  EXPECT_THAT(mends(), IsEmpty());
  chain(host_.ruleset[0], "FORWARD", Hook::kForward);
  EXPECT_FALSE(mends().empty()) << "without one it is routed through";
}

}  // namespace
}  // namespace ipxlat::ctl::doctor
