// SPDX-License-Identifier: GPL-2.0-only
// What instances want, given what there is.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/desired/clat.h"
#include "daemon/desired/nat64.h"
#include "daemon/desired/stable_address.h"
#include "daemon/plan/unit.h"
#include "tests/unit/daemon_fake_kernel.h"

namespace ipxlat {
namespace {

using testing::ElementsAre;

std::vector<std::string> routes(const Unit& unit) {
  std::vector<std::string> all;
  for (const auto& route : unit.all<Route>()) all.push_back(route.key());
  return all;
}

std::optional<Device> device(const Unit& unit) {
  const auto all = unit.all<Device>();
  return all.empty() ? std::nullopt : std::optional(all.front());
}

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
                    tcp = "net/netfilter/nf_conntrack_tcp_timeout_established";
  const auto wanted = [&](const std::string& path) {
    for (const auto& one : unit().all<Sysctl>())
      if (one.path == path) return one.value;
    return std::string("nothing");
  };
  for (const auto& [path, least] : {std::pair(udp, 300), {tcp, 7440}}) {
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
          "and manage-sysctls is false"));
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
constexpr const char* kNobody = "unreachable 192.0.0.0/29 metric 1000000";
constexpr const char* kDefault = "route 0.0.0.0/0 dev clat0 metric 2048 mtu 1472";

class DaemonClat : public testing::Test {
 protected:
  DaemonClat() {
    kernel_.add_link("eth0");
    kernel_.add_link("eth1");
    kernel_.add_route(parse_prefix6("::/0"), "eth0", 1024);
    kernel_.add_address("eth0", parse_prefix6("2001:db8:1::11/64")).autoconf = true;
    config_.name = "home";
    config_.device = "clat0";
    config_.uplinks = {"eth*"};
    config_.pref64 = parse_prefix6("64:ff9b::/96");
  }

  Unit unit() {
    std::set<uint32_t> taken;
    return clat_unit(config_, kernel_.seen, secret_, taken);
  }

  in6_addr own(unsigned attempt) {
    return stable_address(secret_, parse_prefix6("2001:db8:1::/64"), "eth0", attempt);
  }

  // The address is there, and duplicate address detection is done.
  SeenAddress& own_is_there(unsigned attempt) {
    auto& address = kernel_.add_address("eth0", host(own(attempt)));
    address.ours = true;
    return address;
  }

  FakeKernel kernel_;
  ClatConfig config_;
  SipKey secret_{9};
};

TEST_F(DaemonClat, shared_needs_nothing_of_the_uplink) {
  config_.address6 = SharedAddress{};
  const Unit wanted = unit();
  EXPECT_EQ(wanted.report.state, InstanceState::kOn);
  EXPECT_EQ(wanted.report.why, "pref64 64:ff9b::/96 through eth0, address 64:ff9b:1:fffe::c000:1 (shared)");
  ASSERT_TRUE(device(wanted));
  EXPECT_EQ(device(wanted)->mtu, 1500u);
  EXPECT_EQ(device(wanted)->config.settings.lowest_ipv6_mtu, 1500u);
  EXPECT_EQ(
      device(wanted)->config.map,
      (std::vector{MapEntry{parse_prefix4("192.0.0.1/32"), parse_prefix6("64:ff9b:1:fffe::c000:1/128")}}));
  EXPECT_EQ(wanted.all<Address>(), (std::vector{Address{"clat0", parse_prefix4("192.0.0.1/32")}}));
  EXPECT_THAT(routes(wanted), ElementsAre(kNobody, kDefault));
  EXPECT_TRUE(wanted.all<Sysctl>().empty());
}

TEST_F(DaemonClat, dedicated_waits_for_duplicate_address_detection) {
  Unit wanted = unit();
  const std::string address = to_string(own(0));
  EXPECT_EQ(wanted.report.state, InstanceState::kOff);
  EXPECT_EQ(wanted.report.why, "duplicate address detection of " + address + " runs on eth0");
  EXPECT_EQ(wanted.all<Address>().front(), (Address{"eth0", host(own(0))}));
  EXPECT_TRUE(wanted.all<Route>().empty());
  own_is_there(0).tentative = true;
  EXPECT_EQ(unit().report.state, InstanceState::kOff);
  kernel_.seen.addresses.back().tentative = false;
  wanted = unit();
  EXPECT_EQ(wanted.report.why, "pref64 64:ff9b::/96 through eth0, address " + address + " (dedicated)");
  EXPECT_THAT(routes(wanted), ElementsAre(kNobody, kDefault));
}

TEST_F(DaemonClat, dedicated_takes_the_next_address_after_a_duplicate) {
  auto& first = own_is_there(0);
  first.tentative = first.duplicate = true;
  own_is_there(1);
  const Unit wanted = unit();
  EXPECT_EQ(wanted.report.state, InstanceState::kOn);
  EXPECT_EQ(wanted.report.address6, to_string(own(1)));
  // the first stays as the memory of what was found out
  EXPECT_EQ(wanted.all<Address>().front(), (Address{"eth0", host(own(0))}));
}

TEST_F(DaemonClat, dedicated_gives_up_after_four_duplicates) {
  for (unsigned attempt = 0; attempt < 4; attempt++) {
    auto& one = own_is_there(attempt);
    one.tentative = one.duplicate = true;
  }
  const Unit wanted = unit();
  EXPECT_EQ(wanted.report.address6_mode, "shared");
  EXPECT_EQ(wanted.report.state, InstanceState::kOn);
  EXPECT_THAT(wanted.report.warnings, ElementsAre(testing::HasSubstr("have every address that was tried")));
}

TEST_F(DaemonClat, dedicated_falls_back_to_shared_without_an_autonomous_prefix) {
  kernel_.seen.addresses.back().autoconf = false;
  const Unit wanted = unit();
  EXPECT_EQ(wanted.report.address6_mode, "shared");
  EXPECT_THAT(wanted.report.warnings,
              ElementsAre("eth0 has no /64 with autonomous configuration: its own address is shared"));
}

TEST_F(DaemonClat, a_given_address_that_another_host_has_is_a_failure) {
  config_.address6 = parse_address6("2001:db8:1::64");
  EXPECT_EQ(unit().report.state, InstanceState::kOff);
  auto& address = kernel_.add_address("eth0", parse_prefix6("2001:db8:1::64/128"));
  address.ours = true;
  EXPECT_EQ(unit().report.address6_mode, "given");
  EXPECT_EQ(unit().report.state, InstanceState::kOn);
  address.tentative = address.duplicate = true;
  EXPECT_EQ(unit().report.state, InstanceState::kFailed);
  EXPECT_EQ(unit().report.why, "2001:db8:1::64 is in use by another host on eth0");
}

TEST_F(DaemonClat, a_prefix_is_routed_and_needs_no_rule) {
  config_.address6 = parse_prefix6("2001:db8:100:64::/96");
  config_.local4 = parse_prefix4("192.0.2.0/24");
  const Unit wanted = unit();
  EXPECT_EQ(wanted.report.state, InstanceState::kOn);
  EXPECT_TRUE(wanted.all<Tables>().empty());
  EXPECT_TRUE(wanted.all<Address>().empty());
  EXPECT_THAT(routes(wanted), ElementsAre("route 2001:db8:100:64::/96 dev clat0 metric 1024", kDefault));
}

TEST_F(DaemonClat, what_nobody_takes_behind_a_prefix_is_unreachable_whatever_the_unit_has) {
  EXPECT_TRUE(unit().guards.empty());
  config_.address6 = parse_prefix6("2001:db8:100:64::/96");
  config_.local4 = parse_prefix4("192.0.2.0/24");
  for (ClatMode mode : {ClatMode::kAuto, ClatMode::kOff}) {
    config_.mode = mode;
    const Unit wanted = unit();
    ASSERT_EQ(wanted.guards.size(), 2u);
    EXPECT_EQ(wanted.guards[0].key(), "unreachable 2001:db8:100:64::/96 metric 1000000");
    EXPECT_EQ(wanted.guards[1].key(), "unreachable 192.0.2.0/24 metric 1000000");
  }
}

TEST_F(DaemonClat, dedicated_keeps_its_prefix_whatever_else_is_advertised) {
  own_is_there(0);
  auto& rogue = kernel_.add_address("eth0", parse_prefix6("2001:db8:0:5::1/64"));  // a lower number
  rogue.autoconf = true;
  EXPECT_EQ(unit().report.address6, to_string(own(0)));
  // renumbering: connections outlive the prefix as long as it is valid
  kernel_.seen.addresses[0].deprecated = true;
  EXPECT_EQ(unit().report.address6, to_string(own(0)));
  kernel_.seen.addresses.erase(kernel_.seen.addresses.begin());
  EXPECT_EQ(unit().report.address6,
            to_string(stable_address(secret_, parse_prefix6("2001:db8:0:5::/64"), "eth0", 0)));
}

TEST_F(DaemonClat, dedicated_keeps_its_prefix_if_somebody_deletes_the_address) {
  kernel_.add_address("eth0", parse_prefix6("2001:db8:0:5::1/64")).autoconf = true;
  EXPECT_NE(unit().report.address6, to_string(own(0)));
  kernel_.seen.made_addresses.insert(Address{"eth0", host(own(0))}.key());
  EXPECT_EQ(unit().report.address6, to_string(own(0)));
}

TEST_F(DaemonClat, dedicated_begins_where_a_source_toward_the_prefix_is) {
  config_.pref64 = parse_prefix6("fd64::/96");
  kernel_.add_address("eth0", parse_prefix6("fd00::1/64")).autoconf = true;
  EXPECT_EQ(unit().report.address6,
            to_string(stable_address(secret_, parse_prefix6("fd00::/64"), "eth0", 0)));
}

TEST_F(DaemonClat, takes_the_next_address_where_another_device_has_the_first) {
  config_.address6 = SharedAddress{};
  kernel_.add_address("eth1", parse_prefix4("192.0.0.1/32"));
  EXPECT_EQ(unit().report.local4, "192.0.0.2/32");
  kernel_.add_address("clat0", parse_prefix4("192.0.0.5/32"));
  EXPECT_EQ(unit().report.local4, "192.0.0.5/32");  // what it has it keeps
  for (unsigned i = 1; i <= 6; i++) kernel_.add_address("eth1", host(in_addr{htonl(0xc0000000u + i)}));
  EXPECT_EQ(unit().report.local4, "192.0.0.7/32");
  kernel_.add_address("eth1", parse_prefix4("192.0.0.7/32"));
  EXPECT_EQ(unit().report.why, "all of 192.0.0.0/29 is in use by other interfaces");
}

TEST_F(DaemonClat, two_instances_have_different_addresses) {
  config_.address6 = SharedAddress{};
  std::set<uint32_t> taken;
  EXPECT_EQ(clat_unit(config_, kernel_.seen, secret_, taken).report.local4, "192.0.0.1/32");
  EXPECT_EQ(clat_unit(config_, kernel_.seen, secret_, taken).report.local4, "192.0.0.2/32");
}

TEST_F(DaemonClat, is_off_beside_native_ipv4_unless_forced) {
  config_.address6 = SharedAddress{};
  kernel_.add_address("eth0", parse_prefix4("192.0.2.7/24"));
  EXPECT_EQ(unit().report.state, InstanceState::kOn);  // an address without a default route
  kernel_.add_route(parse_prefix4("0.0.0.0/0"), "eth0", 100);
  EXPECT_EQ(unit().report.state, InstanceState::kOff);
  EXPECT_EQ(unit().report.why, "native IPv4 192.0.2.7 on eth0");
  EXPECT_FALSE(device(unit()));
  config_.mode = ClatMode::kForce;
  EXPECT_EQ(unit().report.state, InstanceState::kOn);
  config_.mode = ClatMode::kOff;
  EXPECT_EQ(unit().report.why, "mode is off");
}

TEST_F(DaemonClat, a_default_route_of_its_own_or_with_a_link_local_address_is_not_native_ipv4) {
  config_.address6 = SharedAddress{};
  kernel_.add_route(parse_prefix4("0.0.0.0/0"), "eth0", 100);
  kernel_.add_address("eth0", parse_prefix4("169.254.1.1/16")).link_local = true;
  EXPECT_EQ(unit().report.state, InstanceState::kOn);
  kernel_.add_address("eth0", parse_prefix4("192.0.2.7/24"));
  kernel_.seen.routes.back().ours = true;
  EXPECT_EQ(unit().report.state, InstanceState::kOn);
}

TEST_F(DaemonClat, the_uplink_is_the_one_that_leads_to_the_prefix) {
  config_.address6 = SharedAddress{};
  kernel_.add_route(parse_prefix6("::/0"), "eth1", 100);
  EXPECT_EQ(unit().report.uplinks, std::vector<std::string>{"eth1"});
  kernel_.add_route(parse_prefix6("64:ff9b::/96"), "eth0", 5000);
  EXPECT_EQ(unit().report.uplinks, std::vector<std::string>{"eth0"});
}

TEST_F(DaemonClat, is_off_without_an_uplink_or_a_route) {
  config_.uplinks = {"wl*", "usb0"};
  EXPECT_EQ(unit().report.why, "there is no interface wl*, usb0");
  config_.uplinks = {"eth1"};
  EXPECT_EQ(unit().report.why, "eth1 has no route to 64:ff9b::/96");
  EXPECT_EQ(unit().report.state, InstanceState::kOff);
}

TEST_F(DaemonClat, its_mtu_is_one_that_an_ipv6_packet_may_have) {
  config_.address6 = SharedAddress{};
  kernel_.link("eth0").mtu = 70000;
  kernel_.seen.sysctls["net/ipv6/conf/eth0/mtu"] = "70000";
  EXPECT_EQ(device(unit())->mtu, 65535u);
  kernel_.link("eth0").mtu = 1000;
  EXPECT_EQ(device(unit())->mtu, 1280u);
}

TEST_F(DaemonClat, a_router_may_lower_the_mtu) {
  config_.address6 = SharedAddress{};
  kernel_.seen.sysctls["net/ipv6/conf/eth0/mtu"] = "1400";
  EXPECT_EQ(device(unit())->mtu, 1400u);
  EXPECT_EQ(device(unit())->config.settings.lowest_ipv6_mtu, 1400u);
  EXPECT_THAT(routes(unit()), ElementsAre(kNobody, "route 0.0.0.0/0 dev clat0 metric 2048 mtu 1372"));
  kernel_.seen.sysctls["net/ipv6/conf/eth0/mtu"] = "1280";
  EXPECT_EQ(device(unit())->mtu, 1280u);
  EXPECT_THAT(routes(unit()), ElementsAre(kNobody, "route 0.0.0.0/0 dev clat0 metric 2048 mtu 1252"));
}

}  // namespace
}  // namespace ipxlat
