// SPDX-License-Identifier: GPL-2.0-only
// Each check of the doctor over made-up gateways: one that is well, and one that is not.
#include <gmock/gmock.h>

#include "tests/unit/doctor_host.h"

namespace ipxlat::ctl::doctor {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

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

TEST_F(DoctorOfNat64, NothingLeadsIntoAClatWhileItsAddressIsTriedForDuplicates) {
  edge().kind = "clat";
  host_.routes["1.1.1.1"] = {"none", "", {}, 0};
  EXPECT_THAT(words(find_routes(host_)), Contains(StartsWith("the IPv4 Internet has no route")));
  edge().off = true;
  EXPECT_THAT(words(find_routes(host_)), IsEmpty());
}

TEST_F(DoctorOfNat64, ADeviceThatANetworkManagerTakesForItsOwn) {
  host_.managers = {{"lan0", kNetworkManager}, {"wan0", kNetworkd}, {"other0", kIfupdown}};
  EXPECT_THAT(words(find_managers(host_)), IsEmpty());
  EXPECT_EQ(note_managers(host_), "lan0 by NetworkManager, wan0 by systemd-networkd")
      << "of the links that instances name";
  for (const auto& [manager, mend] : std::map<std::string, std::string>{
           {kNetworkManager, "nmcli device set edge managed no"},
           {kNetworkd,
            "a .network file before all others, with Kind=ipxlat to match and Unmanaged=yes "
            "(systemd.network(5))"},
           {kIfupdown, "take edge out of /etc/network/interfaces"}}) {
    host_.managers = {{"edge", manager}};
    EXPECT_THAT(
        words(find_managers(host_)),
        ElementsAre(manager +
                    " configures edge, and takes away addresses and routes that it does not know | " + mend));
  }
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

}  // namespace
}  // namespace ipxlat::ctl::doctor
