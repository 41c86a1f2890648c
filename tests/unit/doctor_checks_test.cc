// SPDX-License-Identifier: GPL-2.0-only
// Each check of the doctor over made-up hosts: one that is well, and one that is not.
#include <gmock/gmock.h>

#include "tools/ipxlatctl/doctor/check.h"
#include "tools/ipxlatctl/doctor/packet_walk.h"

namespace ipxlat::ctl::doctor {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// "certain", or "perhaps: text | mend"
std::vector<std::string> words(const Findings& findings) {
  std::vector<std::string> all;
  for (const Finding& f : findings) all.push_back((f.certain ? "" : "perhaps: ") + f.text + " | " + f.mend);
  return all;
}

// A gateway between lan0 and wan0, on which all is well.
class DoctorOfNat64 : public testing::Test {
 protected:
  DoctorOfNat64() {
    Translator edge;
    edge.device = "edge";
    edge.kind = "nat64";
    edge.instance = "nat64.edge";
    edge.pref64 = parse_prefix6("64:ff9b::/96");
    edge.near4 = {parse_prefix4("198.18.0.0/15")};
    edge.uplinks = {"wan0"};
    edge.downlinks = {"lan0"};
    host_.translators = {edge};
    host_.links = {{"edge", {5, 1500, false}}, {"wan0", {2, 1500, true}}, {"lan0", {3, 1500, true}}};
    host_.routes["1.1.1.1"] = {"unicast", "wan0", parse_prefix4("0.0.0.0/0"), 100};
    host_.routes["64:ff9b::101:101"] = {"unicast", "edge", parse_prefix6("64:ff9b::/96"), 1024};
    host_.routes["198.18.0.0"] = {"unicast", "edge", parse_prefix4("198.18.0.0/15"), 0};
    for (const char* path : {"net/ipv6/conf/all/forwarding", "net/ipv6/conf/wan0/forwarding",
                             "net/ipv4/conf/edge/forwarding", "net/ipv4/conf/wan0/forwarding"})
      host_.sysctls[path] = "1";
    for (const char* path : {"net/ipv6/conf/all/disable_ipv6", "net/ipv6/conf/lan0/disable_ipv6"})
      host_.sysctls[path] = "0";
    host_.kernel_modules = {"nf_tables", "nf_conntrack", "nft_ct", "nft_nat", "nft_masq", "nft_reject_inet"};
  }
  Translator& edge() { return host_.translators[0]; }

  Observed host_;
};

TEST_F(DoctorOfNat64, AHostThatIsWellHasNoFindings) {
  for (const Check& check : checks()) {
    EXPECT_THAT(words(check.find(host_)), IsEmpty()) << check.name;
    EXPECT_EQ(check.unread(host_), "") << check.name;
  }
}

TEST_F(DoctorOfNat64, AHostWithoutDevicesHasNone) {
  host_.translators.clear();
  host_.legacy_tables = {"filter"};
  for (const Check& check : checks()) EXPECT_THAT(words(check.find(host_)), IsEmpty()) << check.name;
}

TEST_F(DoctorOfNat64, FeaturesThatTheKernelLacks) {
  host_.module_problem = "the kernel module is not loaded (modprobe ipxlat)";
  host_.kernel_modules.erase("nft_masq");
  host_.sysctls["net/ipv6/conf/lan0/disable_ipv6"] = "1";
  EXPECT_THAT(
      words(find_features(host_)),
      ElementsAre("the kernel module is not loaded (modprobe ipxlat) | modprobe ipxlat",
                  "this kernel has no nftables' masquerade (module nft_masq), which edge needs | modprobe "
                  "nft_masq",
                  "IPv6 is switched off on lan0 | sysctl -w net.ipv6.conf.lan0.disable_ipv6=0"));
  host_.kernel_modules_unread = "modules.dep cannot be read";
  EXPECT_EQ(find_features(host_).size(), 2u) << "what is not known is not missing";
  host_.module_problem.clear();
  host_.sysctls.clear();
  EXPECT_THAT(
      words(find_features(host_)),
      ElementsAre("this kernel runs without IPv6 | take ipv6.disable=1 from the kernel's command line"));
}

TEST_F(DoctorOfNat64, ForwardingThatSomebodySwitchedOff) {
  host_.sysctls["net/ipv6/conf/all/forwarding"] = "0";
  host_.sysctls["net/ipv4/conf/edge/forwarding"] = "0";
  host_.sysctls["net/ipv4/conf/wan0/forwarding"] = "0";
  EXPECT_THAT(
      words(find_forwarding(host_)),
      ElementsAre("net.ipv6.conf.all.forwarding is 0: no IPv6 gets into edge or out of it | sysctl -w "
                  "net.ipv6.conf.all.forwarding=1",
                  "net.ipv4.conf.edge.forwarding is 0: IPv4 that comes out of edge goes nowhere | sysctl -w "
                  "net.ipv4.conf.edge.forwarding=1",
                  "net.ipv4.conf.wan0.forwarding is 0: IPv4 replies that come by wan0 go nowhere | sysctl -w "
                  "net.ipv4.conf.wan0.forwarding=1"));
  host_.sysctls["net/ipv6/conf/edge/force_forwarding"] = "1";
  EXPECT_EQ(find_forwarding(host_).size(), 2u);
  edge().kind = "clat";
  EXPECT_THAT(words(find_forwarding(host_)), IsEmpty()) << "a CLAT needs none";
}

TEST_F(DoctorOfNat64, ARouterThatNoLongerHearsAdvertisements) {
  host_.sysctls["net/ipv6/conf/wan0/accept_ra"] = "1";
  EXPECT_THAT(words(find_forwarding(host_)),
              ElementsAre("perhaps: net.ipv6.conf.wan0.accept_ra is 1 on a router: the default route from "
                          "advertisements runs out | sysctl -w net.ipv6.conf.wan0.accept_ra=2"));
  host_.sysctls["net/ipv6/conf/wan0/accept_ra"] = "2";
  EXPECT_THAT(words(find_forwarding(host_)), IsEmpty());
}

TEST_F(DoctorOfNat64, RoutesThatLeadPastTheDevice) {
  host_.routes["64:ff9b::101:101"] = {"unicast", "wan0", parse_prefix6("64:ff9b::/97"), 50};
  host_.routes["198.18.0.0"] = {"blackhole", "", parse_prefix4("198.18.0.0/16"), 0};
  EXPECT_THAT(
      words(find_routes(host_)),
      ElementsAre(
          "pref64 64:ff9b::/96 goes by wan0 and not into edge | ip -6 route del 64:ff9b::/97 dev wan0 "
          "metric 50",
          "198.18.0.0/15 is blackhole and not into edge | ip route del blackhole 198.18.0.0/16"));
  host_.routes["64:ff9b::101:101"] = {"none", "", {}, 0};
  host_.routes["198.18.0.0"] = {"local", "", parse_prefix4("198.18.0.0/32"), 0};
  EXPECT_THAT(words(find_routes(host_)),
              ElementsAre("pref64 64:ff9b::/96 has no route and not into edge | systemctl restart ipxlatd",
                          "198.18.0.0/15 is an address of this host and not into edge | ip address show to "
                          "198.18.0.0"));
}

TEST_F(DoctorOfNat64, RoutesOfAPartOfThePrefix) {
  edge().routes4 = {parse_prefix4("198.51.100.0/24")};
  host_.routes["64:ff9b::c633:6400"] = host_.routes["64:ff9b::101:101"];
  host_.routes["64:ff9b::101:101"].link = "lan0";
  EXPECT_THAT(words(find_routes(host_)), IsEmpty());
  host_.routes["64:ff9b::c633:6400"].link = "lan0";
  EXPECT_THAT(words(find_routes(host_)),
              ElementsAre("routes4 198.51.100.0 goes by lan0 and not into edge | ip "
                          "-6 route del 64:ff9b::/96 dev lan0 metric 1024"));
}

TEST_F(DoctorOfNat64, AReversePathThatIsAnother) {
  host_.sysctls["net/ipv4/conf/all/rp_filter"] = "1";
  EXPECT_THAT(words(find_reverse_path(host_)), IsEmpty()) << "strict, and symmetric";
  host_.routes["1.1.1.1"].link = "wan1";
  host_.routes["198.18.0.0"].link = "lan0";
  EXPECT_THAT(
      words(find_reverse_path(host_)),
      ElementsAre(
          "rp_filter is strict on edge, and replies to 198.18.0.0 go by lan0: what comes from there is "
          "dropped | sysctl -w net.ipv4.conf.edge.rp_filter=2",
          "rp_filter is strict on wan0, and replies to 1.1.1.1 go by wan1: what comes from there is "
          "dropped | sysctl -w net.ipv4.conf.wan0.rp_filter=2"));
  host_.sysctls["net/ipv4/conf/wan0/rp_filter"] = "2";
  EXPECT_EQ(find_reverse_path(host_).size(), 1u) << "the greater of the two counts";
  host_.sysctls["net/ipv4/conf/all/rp_filter"] = "0";
  EXPECT_THAT(words(find_reverse_path(host_)), IsEmpty());
}

TEST_F(DoctorOfNat64, SizesThatDoNotFit) {
  edge().lowest_ipv6_mtu = 1500;
  host_.links["lan0"].mtu = 1400;
  EXPECT_THAT(
      words(find_sizes(host_)),
      ElementsAre(
          "edge makes IPv6 packets of up to 1500 bytes of IPv4 packets that may be fragmented, and lan0 "
          "takes 1400 | lowest-ipv6-mtu = 1400 in [nat64.edge], then systemctl reload ipxlatd"));
  edge().instance.clear();
  EXPECT_EQ(find_sizes(host_)[0].mend, "ipxlatctl set edge lowest-ipv6-mtu 1400");
  host_.links["lan0"].mtu = 1500;
  EXPECT_THAT(words(find_sizes(host_)), IsEmpty());
  host_.sysctls["net/ipv6/conf/lan0/mtu"] = "1450";
  EXPECT_EQ(find_sizes(host_)[0].mend, "ipxlatctl set edge lowest-ipv6-mtu 1450")
      << "a router advertised less";
}

TEST_F(DoctorOfNat64, LinksThatAreTooNarrowForIpv6) {
  host_.links["edge"].mtu = 1279;
  host_.links["lan0"].mtu = 1200;
  EXPECT_THAT(
      words(find_sizes(host_)),
      ElementsAre("edge takes packets of 1279 bytes, and IPv6 needs 1280 | ip link set edge mtu 1500",
                  "lan0 takes packets of 1200 bytes, and IPv6 needs 1280 | ip link set lan0 mtu 1280"));
}

TEST_F(DoctorOfNat64, FragmentsThatAreNotKept) {
  host_.sysctls["net/ipv4/ipfrag_high_thresh"] = "0";
  host_.sysctls["net/ipv6/ip6frag_high_thresh"] = "4194304";
  EXPECT_THAT(
      words(find_sizes(host_)),
      ElementsAre(
          "net.ipv4.ipfrag_high_thresh is 0: no IPv4 datagram that came in fragments is put together | "
          "sysctl -w net.ipv4.ipfrag_high_thresh=4194304"));
}

TEST_F(DoctorOfNat64, ATableOfConnectionsThatIsFull) {
  host_.sysctls["net/netfilter/nf_conntrack_max"] = "200000";
  host_.sysctls["net/netfilter/nf_conntrack_count"] = "159999";
  EXPECT_THAT(words(find_connections(host_)), IsEmpty());
  host_.sysctls["net/netfilter/nf_conntrack_count"] = "160000";
  EXPECT_THAT(
      words(find_connections(host_)),
      ElementsAre("connection tracking has 160000 entries of 200000: soon new connections are dropped "
                  "| sysctl -w net.netfilter.nf_conntrack_max=400000"));
  host_.sysctls["net/netfilter/nf_conntrack_count"] = "200000";
  EXPECT_THAT(words(find_connections(host_)),
              ElementsAre("connection tracking has 200000 entries of 200000: new connections are dropped | "
                          "sysctl -w net.netfilter.nf_conntrack_max=400000"));
  host_.sysctls["net/netfilter/nf_conntrack_max"] = "0";
  EXPECT_THAT(words(find_connections(host_)), IsEmpty());
}

TEST_F(DoctorOfNat64, ATableOfConnectionsThatIsSmall) {
  host_.sysctls["net/netfilter/nf_conntrack_count"] = "0";
  host_.sysctls["net/netfilter/nf_conntrack_max"] = "131072";
  EXPECT_THAT(words(find_connections(host_)), IsEmpty());
  host_.sysctls["net/netfilter/nf_conntrack_max"] = "131071";
  EXPECT_THAT(
      words(find_connections(host_)),
      ElementsAre("perhaps: connection tracking may have 131071 entries, which are few for a gateway: a "
                  "client alone has hundreds of flows | sysctl -w net.netfilter.nf_conntrack_max=262144"));
  // a flow has one entry alone
  edge().tracked4 = false;
  EXPECT_THAT(words(find_connections(host_)), IsEmpty());
  host_.sysctls["net/netfilter/nf_conntrack_max"] = "65535";
  EXPECT_THAT(words(find_connections(host_)), SizeIs(1));
  edge().kind = "clat";
  EXPECT_THAT(words(find_connections(host_)), IsEmpty());
}

TEST_F(DoctorOfNat64, WhatConnectionTrackingHasLost) {
  host_.sysctls["net/netfilter/nf_conntrack_count"] = "0";
  host_.sysctls["net/netfilter/nf_conntrack_max"] = "262144";
  host_.connection_losses = ConnectionLosses{};
  EXPECT_THAT(words(find_connections(host_)), IsEmpty());
  host_.connection_losses = ConnectionLosses{1, 2, 3};
  EXPECT_THAT(
      words(find_connections(host_)),
      ElementsAre("perhaps: 1 packets were dropped for want of an entry of connection tracking (drop) | "
                  "sysctl -w net.netfilter.nf_conntrack_max=524288",
                  "perhaps: 2 connections were forgotten to make room for others (early_drop) | sysctl "
                  "-w net.netfilter.nf_conntrack_max=524288",
                  "perhaps: 3 packets were dropped since another flow had their entry (insert_failed) | "
                  "conntrack -S"));
  host_.translators.clear();
  EXPECT_THAT(words(find_connections(host_)), IsEmpty());
}

TEST_F(DoctorOfNat64, Dns64ThatMatches) {
  for (const char* address : {"64:ff9b::c000:aa", "64:ff9b::c000:ab"}) {
    host_.ipv4only = {parse_address6("2001:db8:64::c000:aa"), parse_address6(address)};
    EXPECT_THAT(words(find_dns64(host_)), IsEmpty());
  }
  edge().pref64 = parse_prefix6("2001:db8:64:64::/64");
  host_.ipv4only = {parse_address6("2001:db8:64:64:c0:0:aa00:0")};
  EXPECT_THAT(words(find_dns64(host_)), IsEmpty());
}

TEST_F(DoctorOfNat64, Dns64ThatLeadsElsewhere) {
  // the second is below the prefix, and not what a DNS64 makes of 192.0.0.170
  for (const char* address : {"2001:db8:64::c000:aa", "64:ff9b::c000:ac"}) {
    host_.ipv4only = {parse_address6(address)};
    EXPECT_THAT(words(find_dns64(host_)),
                ElementsAre("the resolver of this host answers ipv4only.arpa with " + std::string(address) +
                            ", which no DNS64 for 64:ff9b::/96 does | ipxlatctl emit unbound edge "
                            ">/etc/unbound/unbound.conf.d/dns64.conf; unbound-control reload"));
  }
  // one of two
  host_.ipv4only = {parse_address6("2001:db8:64::c000:aa")};
  host_.translators.push_back(edge());
  host_.translators.back().pref64 = parse_prefix6("2001:db8:64::/96");
  EXPECT_THAT(words(find_dns64(host_)), IsEmpty());
}

TEST_F(DoctorOfNat64, ResolverWithoutDns64) {
  host_.ipv4only = std::vector<in6_addr>();
  EXPECT_THAT(words(find_dns64(host_)),
              ElementsAre("perhaps: the resolver of this host does no DNS64: whoever asks it is not led to "
                          "64:ff9b::/96 | ipxlatctl emit unbound edge "
                          ">/etc/unbound/unbound.conf.d/dns64.conf; unbound-control reload"));
  edge().kind = "clat";
  EXPECT_THAT(words(find_dns64(host_)), IsEmpty());
}

TEST_F(DoctorOfNat64, ResolverThatIsSilent) {
  host_.ipv4only_unread = "the resolver of this host does not answer";
  EXPECT_THAT(words(find_dns64(host_)), IsEmpty());
  EXPECT_EQ(unread_dns64(host_), host_.ipv4only_unread);
  edge().kind = "siit";
  EXPECT_EQ(unread_dns64(host_), "");
}

TEST_F(DoctorOfNat64, ASysctlThatIsNoNumberIsNone) {
  host_.sysctls["a"] = "1 2";
  host_.sysctls["b"] = "12";
  EXPECT_FALSE(host_.sysctl_number("a"));
  EXPECT_EQ(host_.sysctl_number("b"), 12u);
  EXPECT_FALSE(host_.sysctl_number("c"));
}

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
    host_.kernel_modules.insert("nft_dup_ipv6");
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
  auto& fw = table(Family::kIp6, "fw");
  chain(fw, "late", Hook::kPrerouting, true, 10);
  EXPECT_THAT(mends(), IsEmpty());
  chain(fw, "early", Hook::kPrerouting, true, -300);
  EXPECT_THAT(mends(), ElementsAre("nft 'insert rule ip6 fw early iifname \"wan0\" accept'"));
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
