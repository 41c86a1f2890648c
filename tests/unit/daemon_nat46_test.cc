// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/netfilter/nf_conntrack_common.h>

#include "daemon/desired/nat46.h"
#include "daemon/desired/nat46_map.h"
#include "daemon/desired/nat46_rules.h"
#include "lib/networks.h"
#include "tests/unit/daemon_fake_kernel.h"
#include "tests/unit/daemon_rule_words.h"

namespace ipxlat {
namespace {

using nft::Lines;
using testing::ElementsAre;
using testing::IsEmpty;

const Publication kWhole{Publication::kEverything, parse_address4("203.0.113.81"), 0,
                         parse_address6("2001:db8:12::81"), 0};
const Publication kWeb{IPPROTO_TCP, parse_address4("203.0.113.80"), 443, parse_address6("2001:db8:12::80"),
                       8443};
const Publication kPing{IPPROTO_ICMP, parse_address4("203.0.113.80"), 0, parse_address6("2001:db8:12::80"),
                        0};

class DaemonNat46 : public testing::Test {
 protected:
  DaemonNat46() {
    for (const char* link : {"eth0", "eth1"}) kernel_.add_link(link);
    kernel_.add_address("eth1", parse_prefix4("203.0.113.2/24"));
    config_.name = config_.device = "front";
    config_.settings.remote_prefix6 = parse_prefix6("64:ff9b:1:46::/96");
    config_.inside4 = parse_prefix4("240.46.0.0/16");
    config_.downlinks = {"eth0"};
    config_.uplinks = {"eth1"};
    config_.forward = {kWhole, kWeb, kPing};
  }

  Unit unit() { return nat46_unit(config_, kernel_.seen); }
  std::vector<std::string> routes() {
    std::vector<std::string> all;
    for (const auto& route : unit().all<Route>()) all.push_back(route.key());
    return all;
  }
  std::vector<std::string> proxies() {
    std::vector<std::string> all;
    for (const auto& proxy : unit().all<Proxy>()) all.push_back(proxy.key());
    return all;
  }
  // Of the server that has services at ports alone.
  in_addr inside() { return nat46_address(nat46_map(config_), kWeb.to); }
  Lines rule(const char* chain, const char* comment) {
    return nft::rule_words(nat46_table(config_, nat46_map(config_), 7), chain, comment);
  }

  FakeKernel kernel_;
  Nat46Config config_;
};

TEST_F(DaemonNat46, leads_addresses_clients_and_the_inside_into_the_device) {
  EXPECT_EQ(unit().report.state, InstanceState::kOn);
  EXPECT_EQ(unit().report.why, "1 server and 2 services, for clients as 64:ff9b:1:46::/96");
  EXPECT_THAT(routes(),
              ElementsAre("route 64:ff9b:1:46::/96 dev front metric 1024", "route 203.0.113.80/32 dev front",
                          "route 203.0.113.81/32 dev front", "route 240.46.0.0/16 dev front"));
  EXPECT_EQ(unit().all<Device>().at(0).mtu, 1500u);
  EXPECT_THAT(proxies(),
              ElementsAre("proxy ARP for 203.0.113.80 on eth1", "proxy ARP for 203.0.113.81 on eth1"));
  const auto device = unit().all<Device>().at(0);
  EXPECT_EQ(device.config.settings.remote_prefix6, parse_prefix6("64:ff9b:1:46::/96"));
  EXPECT_EQ(device.config.map, nat46_map(config_));
  std::vector<std::string> guards;
  for (const auto& guard : unit().guards) guards.push_back(guard.key());
  EXPECT_THAT(guards, ElementsAre("unreachable 64:ff9b:1:46::/96 metric 1000000",
                                  "unreachable 203.0.113.80/32 metric 1000000",
                                  "unreachable 203.0.113.81/32 metric 1000000",
                                  "unreachable 240.46.0.0/16 metric 1000000"));
}

TEST_F(DaemonNat46, needs_no_rule_where_addresses_are_all_of_servers) {
  config_.forward = {kWhole};
  EXPECT_THAT(unit().all<Tables>(), IsEmpty());
  EXPECT_THAT(routes(), ElementsAre("route 64:ff9b:1:46::/96 dev front metric 1024",
                                    "route 203.0.113.81/32 dev front"));
}

TEST_F(DaemonNat46, an_address_of_the_gateway_has_services_at_ports_alone) {
  kernel_.add_address("eth1", parse_prefix4("203.0.113.80/24"));
  EXPECT_EQ(unit().report.state, InstanceState::kOn);
  EXPECT_THAT(proxies(), ElementsAre("proxy ARP for 203.0.113.81 on eth1"));
  EXPECT_THAT(routes(), testing::Not(testing::Contains("route 203.0.113.80/32 dev front")));
  kernel_.add_address("eth0", parse_prefix4("203.0.113.81/32"));
  EXPECT_EQ(unit().report.state, InstanceState::kFailed);
  EXPECT_EQ(unit().report.why, "203.0.113.81 is an address of eth0: it can have services at ports alone");
}

TEST_F(DaemonNat46, fails_where_somebody_else_leads_elsewhere) {
  kernel_.add_route(parse_prefix4("203.0.113.0/24"), "eth1");
  EXPECT_EQ(unit().report.state, InstanceState::kOn);
  kernel_.add_route(parse_prefix4("240.46.7.0/24"), "eth0");
  EXPECT_EQ(unit().report.why,
            "inside4 240.46.0.0/16 overlaps the route 240.46.7.0/24 dev eth0; it needs another inside4");
  kernel_.seen.routes.back().destination = parse_prefix4("203.0.113.81/32");
  EXPECT_EQ(unit().report.why, "there is a route to 203.0.113.81/32 already: 203.0.113.81/32 dev eth0");
}

TEST_F(DaemonNat46, forwards_where_packets_come_in) {
  config_.manage_sysctls = false;
  EXPECT_EQ(unit().report.state, InstanceState::kFailed);
  EXPECT_THAT(unit().report.why, testing::HasSubstr("net.ipv4.conf.eth1.forwarding = 1"));
}

TEST_F(DaemonNat46, a_server_keeps_its_inside_address_when_others_come_and_go) {
  EXPECT_EQ(nat46_map(config_).size(), 2u);
  EXPECT_TRUE(contains(config_.inside4, inside()));
  const in_addr before = inside();
  for (int i = 1; i < 50; i++) {
    Publication other = kWeb;
    other.port = static_cast<uint16_t>(i);
    other.to.s6_addr[14] = static_cast<uint8_t>(i);
    config_.forward.insert(config_.forward.begin(), other);
  }
  const auto map = nat46_map(config_);
  EXPECT_EQ(map.size(), 51u);
  EXPECT_EQ(inside().s_addr, before.s_addr);
  config_.inside4 = parse_prefix4("240.46.0.0/26");
  std::set<Prefix4> different;
  for (const auto& entry : nat46_map(config_)) different.insert(entry.prefix4);
  EXPECT_EQ(different.size(), 51u) << "no two have one";
}

TEST_F(DaemonNat46, a_server_that_has_an_address_has_its_services_there) {
  Publication web = kWeb;
  web.to = kWhole.to;
  config_.forward = {kWhole, web};
  EXPECT_EQ(nat46_map(config_), (std::vector{MapEntry{host(*kWhole.address), host(kWhole.to)}}));
  EXPECT_EQ(rule("inbound", "tcp 203.0.113.80:443").back(), "to cb007151:8443");
}

TEST_F(DaemonNat46, services_are_translated_at_a_flows_first_packet) {
  EXPECT_EQ(rule("services", "of the inside"),
            (Lines{nft::kIif, "!= " + nft::padded("front"), "payload 1 12+4", "and ffff0000", "== f02e0000",
                   "counter", "drop"}));
  EXPECT_EQ(rule("services", "knows the inside"),
            (Lines{"payload 1 16+4", "and ffff0000", "== f02e0000", "counter", "drop"}));
  EXPECT_EQ(rule("services", "services of servers"),
            (Lines{nft::kIif, "== " + nft::padded("eth1"), "payload 1 16+4", "== cb007150", "goto inbound"}));
  const std::string address = nft::hex(nft::bytes_of(inside()));
  EXPECT_EQ(rule("inbound", "tcp 203.0.113.80:443 is a service of 2001:db8:12::80"),
            (Lines{"payload 1 16+4", "== cb007150", nft::kProtocol, "== 06", "payload 2 2+2", "== 01bb",
                   "counter", "to " + address + ":8443"}));
  EXPECT_EQ(rule("inbound", "icmp 203.0.113.80"),
            (Lines{"payload 1 16+4", "== cb007150", nft::kProtocol, "== 01", "counter", "to " + address}));
  EXPECT_EQ(rule("inbound", "203.0.113.81"), Lines{"no such rule"});
  config_.uplinks.clear();
  EXPECT_EQ(rule("services", "services of servers"),
            (Lines{"payload 1 16+4", "== cb007150", "goto inbound"}));
}

TEST_F(DaemonNat46, nothing_leaves_with_an_address_of_the_inside) {
  const Lines invalid = {nft::kState,
                         "and " + nft::number(NF_CT_STATE_INVALID_BIT | NF_CT_STATE_UNTRACKED_BIT),
                         "!= " + nft::number(0), "counter", "drop"};
  const auto with = [](Lines lines, const Lines& more) {
    lines.insert(lines.end(), more.begin(), more.end());
    return lines;
  };
  EXPECT_EQ(rule("forward", "NAT passes"),
            with({"oif front/7", "payload 1 16+4", "and ffff0000", "== f02e0000"}, invalid));
  EXPECT_EQ(rule("forward", "no answer"),
            with({"iif front/7", "payload 1 12+4", "and ffff0000", "== f02e0000"}, invalid));
  const Lines begun = rule("forward", "begins nothing");
  EXPECT_EQ(begun.front(), "iif front/7");
  EXPECT_EQ(begun.back(), "reject 13");
}

}  // namespace
}  // namespace ipxlat
