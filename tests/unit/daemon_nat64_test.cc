// SPDX-License-Identifier: GPL-2.0-only
// What a NAT64 wants, given what there is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/desired/nat64.h"
#include "tests/unit/daemon_fake_kernel.h"
#include "tests/unit/daemon_wanted.h"

namespace ipxlat {
namespace {

using testing::ElementsAre;

class DaemonNat64 : public testing::Test {
 protected:
  DaemonNat64() {
    kernel_.add_link("eth0");
    kernel_.add_link("eth1");
    config_.name = config_.device = "edge";
    config_.settings.remote_prefix6 = parse_prefix6("64:ff9b::/96");
    config_.downlinks = {"eth0"};
    config_.uplinks = {"eth1"};
    set_pool(Nat64Mode::kMasquerade, "198.18.0.0/15");
  }

  void set_pool(Nat64Mode mode, const char* pool) {
    config_.mode = mode;
    config_.pool4 = {parse_prefix4(pool)};
    config_.pool6 = {internal6(config_.pool4[0])};
  }

  Unit unit() { return nat64_unit(config_, kernel_.seen); }

  FakeKernel kernel_;
  Nat64Config config_;
};

TEST_F(DaemonNat64, wants_a_device_between_its_routes) {
  const Unit wanted = unit();
  EXPECT_EQ(wanted.report.state, InstanceState::kOn);
  EXPECT_EQ(wanted.report.why, "64:ff9b::/96 is translated to the addresses of eth1");
  ASSERT_TRUE(device(wanted));
  EXPECT_EQ(
      device(wanted)->config.map,
      (std::vector{MapEntry{parse_prefix4("198.18.0.0/15"), parse_prefix6("64:ff9b:1:fffe::c612:0/111")}}));
  EXPECT_THAT(routes(wanted),
              ElementsAre("blackhole 64:ff9b::/97 from 64:ff9b::/96 metric 1024",
                          "blackhole 64:ff9b::/97 from 64:ff9b:1:fffe::c612:0/111 metric 1024",
                          "blackhole 64:ff9b::8000:0/97 from 64:ff9b::/96 metric 1024",
                          "blackhole 64:ff9b::8000:0/97 from 64:ff9b:1:fffe::c612:0/111 metric 1024",
                          "blackhole 64:ff9b:1:fffe::c612:0/111 metric 1024",
                          "route 64:ff9b::/96 dev edge metric 1024", "route 198.18.0.0/15 dev edge"));
}

TEST_F(DaemonNat64, routes_a_part_of_the_prefix_and_refuses_sources_there_alone) {
  config_.routes4 = {parse_prefix4("198.51.100.0/24"), parse_prefix4("203.0.113.8/31")};
  const Unit wanted = unit();
  EXPECT_EQ(wanted.report.why,
            "198.51.100.0/24, 203.0.113.8/31 below 64:ff9b::/96 is translated to the addresses of eth1");
  EXPECT_EQ(wanted.report.routes4, (std::vector<std::string>{"198.51.100.0/24", "203.0.113.8/31"}));
  EXPECT_EQ(device(wanted)->config.settings.remote_prefix6, parse_prefix6("64:ff9b::/96"));
  EXPECT_THAT(
      routes(wanted),
      ElementsAre("blackhole 64:ff9b::c633:6400/121 from 64:ff9b::/96 metric 1024",
                  "blackhole 64:ff9b::c633:6400/121 from 64:ff9b:1:fffe::c612:0/111 metric 1024",
                  "blackhole 64:ff9b::c633:6480/121 from 64:ff9b::/96 metric 1024",
                  "blackhole 64:ff9b::c633:6480/121 from 64:ff9b:1:fffe::c612:0/111 metric 1024",
                  "blackhole 64:ff9b::cb00:7108/128 from 64:ff9b::/96 metric 1024",
                  "blackhole 64:ff9b::cb00:7108/128 from 64:ff9b:1:fffe::c612:0/111 metric 1024",
                  "blackhole 64:ff9b::cb00:7109/128 from 64:ff9b::/96 metric 1024",
                  "blackhole 64:ff9b::cb00:7109/128 from 64:ff9b:1:fffe::c612:0/111 metric 1024",
                  "blackhole 64:ff9b:1:fffe::c612:0/111 metric 1024",
                  "route 64:ff9b::c633:6400/120 dev edge metric 1024",
                  "route 64:ff9b::cb00:7108/127 dev edge metric 1024", "route 198.18.0.0/15 dev edge"));
  std::vector<std::string> guards;
  for (const auto& guard : wanted.guards) guards.push_back(guard.key());
  EXPECT_THAT(guards, ElementsAre("unreachable 64:ff9b::c633:6400/120 metric 1000000",
                                  "unreachable 64:ff9b::cb00:7108/127 metric 1000000"));
  config_.drained = true;
  EXPECT_THAT(routes(unit()), testing::IsSupersetOf({"route 64:ff9b::c633:6400/120 dev edge metric 65535",
                                                     "route 64:ff9b::cb00:7108/127 dev edge metric 65535"}));
}

TEST_F(DaemonNat64, the_rest_of_the_prefix_may_go_where_it_likes) {
  config_.routes4 = {parse_prefix4("198.51.100.0/24")};
  kernel_.add_route(parse_prefix6("64:ff9b::/96"), "eth0", 100);
  EXPECT_EQ(unit().report.state, InstanceState::kOn);
  kernel_.add_route(parse_prefix6("64:ff9b::c633:6400/120"), "eth0", 100);
  EXPECT_EQ(unit().report.why,
            "there is a route to 64:ff9b::c633:6400/120 already: 64:ff9b::c633:6400/120 dev eth0");
}

TEST_F(DaemonNat64, its_device_is_no_narrower_than_its_links) {
  EXPECT_EQ(device(unit())->mtu, 1500u);
  kernel_.seen.links[2].mtu = 9000;
  EXPECT_EQ(device(unit())->mtu, 9000u);
  kernel_.seen.links[2].mtu = 70000;
  EXPECT_EQ(device(unit())->mtu, 65535u);
  kernel_.seen.links[2].mtu = 1280;
  EXPECT_EQ(device(unit())->mtu, 1500u);
}

TEST_F(DaemonNat64, fails_where_a_route_overlaps_the_internal_range) {
  kernel_.add_route(parse_prefix4("0.0.0.0/0"), "eth1");
  EXPECT_EQ(unit().report.state, InstanceState::kOn);
  kernel_.add_route(parse_prefix4("198.18.5.0/24"), "eth0");
  const Unit wanted = unit();
  EXPECT_EQ(wanted.report.state, InstanceState::kFailed);
  EXPECT_EQ(wanted.report.why,
            "pool4 198.18.0.0/15 overlaps the route 198.18.5.0/24 dev eth0; it needs another pool4");
  EXPECT_FALSE(device(wanted));
  EXPECT_TRUE(wanted.all<Route>().empty());
}

TEST_F(DaemonNat64, a_route_that_only_holds_back_what_is_of_the_pool_is_no_overlap) {
  kernel_.add_route(parse_prefix4("198.18.0.0/15"), "", 1025);
  kernel_.seen.routes.back().type = RouteType::kUnreachable;
  EXPECT_EQ(unit().report.state, InstanceState::kOn);
  kernel_.seen.routes.back().metric = 1024;
  EXPECT_EQ(unit().report.state, InstanceState::kFailed);
  kernel_.seen.routes.back().metric = 1025;
  kernel_.seen.routes.back().type = RouteType::kBlackhole;
  EXPECT_EQ(unit().report.state, InstanceState::kFailed);
}

TEST_F(DaemonNat64, its_own_routes_are_no_overlap) {
  kernel_.add_route(parse_prefix4("198.18.0.0/15"), "edge");
  kernel_.seen.routes.back().ours = true;
  EXPECT_EQ(unit().report.state, InstanceState::kOn);
}

TEST_F(DaemonNat64, fails_where_the_prefix_is_routed_elsewhere) {
  kernel_.add_route(parse_prefix6("64:ff9b::/96"), "eth0", 100);
  EXPECT_EQ(unit().report.why, "there is a route to 64:ff9b::/96 already: 64:ff9b::/96 dev eth0");
}

TEST_F(DaemonNat64, a_pool_may_be_a_part_of_a_network_but_hold_no_address_of_the_host) {
  set_pool(Nat64Mode::kPool, "203.0.113.16/28");
  kernel_.add_route(parse_prefix4("203.0.113.0/24"), "eth1");
  kernel_.add_address("eth1", parse_prefix4("203.0.113.2/24"));
  EXPECT_EQ(unit().report.state, InstanceState::kOn);
  EXPECT_EQ(unit().report.why, "64:ff9b::/96 is translated to 203.0.113.16/28");
  set_pool(Nat64Mode::kPool, "203.0.113.0/28");
  EXPECT_EQ(unit().report.why, "pool4 203.0.113.0/28 holds 203.0.113.2, an address of eth1");
}

TEST_F(DaemonNat64, a_pool_on_the_link_is_answered_for) {
  set_pool(Nat64Mode::kPool, "203.0.113.16/31");
  kernel_.add_address("eth1", parse_prefix4("203.0.113.2/24"));
  const Unit wanted = unit();
  ASSERT_EQ(wanted.all<Proxy>().size(), 2u);
  EXPECT_EQ(wanted.all<Proxy>()[0].link, "eth1");
  EXPECT_EQ(to_string(wanted.all<Proxy>()[1].address), "203.0.113.17");
}

TEST_F(DaemonNat64, a_pool_on_a_link_with_two_addresses_is_answered_for_once) {
  set_pool(Nat64Mode::kPool, "203.0.113.16/31");
  kernel_.add_address("eth1", parse_prefix4("203.0.113.2/24"));
  kernel_.add_address("eth1", parse_prefix4("203.0.113.3/24"));
  EXPECT_EQ(unit().all<Proxy>().size(), 2u);
}

TEST_F(DaemonNat64, a_routed_pool_is_not_answered_for_and_a_large_one_is_warned_about) {
  set_pool(Nat64Mode::kPool, "192.0.2.0/24");
  kernel_.add_address("eth1", parse_prefix4("203.0.113.2/24"));
  EXPECT_TRUE(unit().all<Proxy>().empty());
  set_pool(Nat64Mode::kPool, "10.1.0.0/16");
  kernel_.add_address("eth1", parse_prefix4("10.2.0.1/8"));
  EXPECT_TRUE(unit().all<Proxy>().empty());
  EXPECT_THAT(
      unit().report.warnings,
      ElementsAre("10.1.0.0/16 lies in the network of eth1 and is too large for proxy ARP (256 addresses); "
                  "route it to this host"));
}

TEST_F(DaemonNat64, a_route_that_only_holds_packets_back_is_no_rival) {
  kernel_.add_route(parse_prefix6("64:ff9b::/96"), "", 4096);
  kernel_.seen.routes.back().type = RouteType::kUnreachable;
  EXPECT_EQ(unit().report.state, InstanceState::kOn);
  kernel_.seen.routes.back().metric = 1024;
  EXPECT_EQ(unit().report.why, "there is a route to 64:ff9b::/96 already: 64:ff9b::/96");
}

TEST_F(DaemonNat64, what_is_allowed_but_not_behind_an_uplink_is_warned_about) {
  config_.allow_private = {parse_prefix4("10.0.0.0/8"), parse_prefix4("192.168.7.0/24")};
  kernel_.add_route(parse_prefix4("0.0.0.0/0"), "eth1");
  EXPECT_TRUE(unit().report.warnings.empty());
  kernel_.add_route(parse_prefix4("10.1.0.0/16"), "eth0");
  kernel_.add_route(parse_prefix4("10.2.0.0/16"), "eth1");
  kernel_.add_route(parse_prefix4("192.168.0.0/16"), "eth0", 100);
  kernel_.add_route(parse_prefix4("192.168.0.0/16"), "eth1", 200);
  EXPECT_THAT(
      unit().report.warnings,
      ElementsAre("allow-private 10.0.0.0/8 is routed out of eth0, which is no uplink: what goes there "
                  "is refused",
                  "allow-private 192.168.7.0/24 is routed out of eth0, which is no uplink: what goes "
                  "there is refused"));
  kernel_.add_route(parse_prefix4("192.168.7.0/24"), "eth1", 300);
  config_.allow_private.erase(config_.allow_private.begin());
  EXPECT_TRUE(unit().report.warnings.empty());
  kernel_.add_route(parse_prefix4("192.168.7.0/24"), "eth0", 300);  // a second next hop
  EXPECT_EQ(unit().report.warnings.size(), 1u);
  config_.uplinks = {"eth0", "eth1"};
  config_.allow_private = {parse_prefix4("10.0.0.0/8")};
  EXPECT_TRUE(unit().report.warnings.empty());
}

TEST_F(DaemonNat64, cuts_nothing_that_fits_the_way_to_every_client) {
  const auto lowest = [&] { return device(unit())->config.settings.lowest_ipv6_mtu; };
  EXPECT_EQ(lowest(), 1500u);
  config_.downlinks = {"eth0", "eth1", "ppp0"};
  kernel_.seen.sysctls["net/ipv6/conf/eth1/mtu"] = "1400";
  EXPECT_EQ(lowest(), 1400u);
  kernel_.link("eth0").mtu = 1000;
  EXPECT_EQ(lowest(), 1280u);
  config_.downlinks = {"ppp0"};
  EXPECT_EQ(lowest(), 1280u);
  config_.downlinks = {"eth1"};
  config_.settings.lowest_ipv6_mtu = 1300;
  config_.lowest_ipv6_mtu_given = true;
  EXPECT_EQ(lowest(), 1300u);
}

TEST_F(DaemonNat64, an_offloaded_flow_lives_as_long_as_any) {
  const std::string udp = "net/netfilter/nf_conntrack_udp_timeout_stream",
                    tcp = "net/netfilter/nf_conntrack_tcp_timeout_established",
                    closed = "net/netfilter/nf_conntrack_tcp_timeout_close";
  const auto wanted = [&](const std::string& path) {
    for (const auto& one : unit().all<Sysctl>())
      if (one.path == path) return one.value;
    return std::string("nothing");
  };
  for (const auto& [path, least] : {std::pair(udp, 300), {tcp, 7440}, {closed, 240}}) {
    EXPECT_EQ(wanted(path), "nothing") << "as long as nothing is tracked there is no such sysctl";
    kernel_.seen.sysctls[path] = "120";
    EXPECT_EQ(wanted(path), std::to_string(least));
    kernel_.seen.sysctls[path] = std::to_string(least - 1);
    EXPECT_EQ(wanted(path), std::to_string(least));
    kernel_.seen.sysctls[path] = std::to_string(least);
    EXPECT_EQ(wanted(path), "nothing");
    kernel_.seen.changed[path] = {"120", std::to_string(least)};
    EXPECT_EQ(wanted(path), std::to_string(least)) << "what was set stays wanted";
    kernel_.seen.changed.clear();
    kernel_.seen.sysctls[path] = "120";
    config_.flowtable = false;
    EXPECT_EQ(wanted(path), "nothing");
    config_.flowtable = true;
  }
  config_.manage_sysctls = false;
  kernel_.seen.sysctls["net/ipv6/conf/all/forwarding"] = "1";
  kernel_.seen.sysctls["net/ipv4/conf/eth1/forwarding"] = "1";
  EXPECT_EQ(wanted(udp), "nothing");
  EXPECT_THAT(
      unit().report.warnings,
      ElementsAre(
          "net.netfilter.nf_conntrack_udp_timeout_stream is 120, less than the 300 of RFC 6146, and "
          "manage-sysctls is false",
          "net.netfilter.nf_conntrack_tcp_timeout_established is 120, less than the 7440 of RFC 6146, "
          "and manage-sysctls is false",
          "net.netfilter.nf_conntrack_tcp_timeout_close is 120, less than the 240 of RFC 6146, and "
          "manage-sysctls is false"));
}

TEST_F(DaemonNat64, a_ping_is_remembered_for_a_minute) {
  for (const char* path :
       {"net/netfilter/nf_conntrack_icmp_timeout", "net/netfilter/nf_conntrack_icmpv6_timeout"})
    kernel_.seen.sysctls[path] = "30";
  config_.flowtable = false;
  std::vector<std::string> set;
  for (const auto& one : unit().all<Sysctl>())
    if (one.path.find("conntrack") != std::string::npos) set.push_back(one.path + " " + one.value);
  EXPECT_THAT(set, ElementsAre("net/netfilter/nf_conntrack_icmp_timeout 60",
                               "net/netfilter/nf_conntrack_icmpv6_timeout 60"));
}

TEST_F(DaemonNat64, a_mapping_log_wants_flows_to_be_announced) {
  const std::string path = "net/netfilter/nf_conntrack_events";
  const auto wanted = [&] {
    for (const auto& one : unit().all<Sysctl>())
      if (one.path == path) return one.value;
    return std::string("nothing");
  };
  kernel_.seen.sysctls[path] = "0";
  EXPECT_EQ(wanted(), "nothing");
  config_.log.kind = MappingLogKind::kSessions;
  EXPECT_EQ(wanted(), "2");
  for (const char* heard : {"1", "2"}) {
    kernel_.seen.sysctls[path] = heard;
    EXPECT_EQ(wanted(), "nothing");
  }
  kernel_.seen.changed[path] = {"0", "2"};
  EXPECT_EQ(wanted(), "2") << "what was set stays wanted";
  kernel_.seen.changed.clear();
  kernel_.seen.sysctls[path] = "0";
  config_.manage_sysctls = false;
  kernel_.seen.sysctls["net/ipv6/conf/all/forwarding"] = "1";
  kernel_.seen.sysctls["net/ipv4/conf/eth1/forwarding"] = "1";
  EXPECT_EQ(wanted(), "nothing");
  EXPECT_THAT(
      unit().report.warnings,
      ElementsAre("net.netfilter.nf_conntrack_events is 0, so that the mapping log hears nothing, and "
                  "manage-sysctls is false"));
}

TEST_F(DaemonNat64, a_missing_interface_is_a_warning) {
  config_.uplinks = {"ppp0"};
  EXPECT_THAT(unit().report.warnings, ElementsAre("there is no interface ppp0"));
  EXPECT_EQ(unit().report.state, InstanceState::kOn);
}

// the rest of what RFC 7335 keeps for translators, and the way out, in which a fragment has to fit

}  // namespace
}  // namespace ipxlat
