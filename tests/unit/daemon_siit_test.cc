// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/desired/siit.h"
#include "tests/unit/daemon_fake_kernel.h"
#include "tests/unit/daemon_rule_words.h"

namespace ipxlat {
namespace {

using testing::ElementsAre;

class DaemonSiit : public testing::Test {
 protected:
  DaemonSiit() {
    kernel_.add_link("eth0");
    config_.name = config_.device = "dc";
    config_.settings.remote_prefix6 = parse_prefix6("2001:db8:46::/96");
    config_.map = {{parse_prefix4("198.51.100.10/32"), parse_prefix6("2001:db8:12::10/128")},
                   {parse_prefix4("198.51.100.11/32"), parse_prefix6("2001:db8:13::11/128")}};
  }

  Unit unit() { return siit_unit(config_, kernel_.seen); }

  FakeKernel kernel_;
  SiitConfig config_;
};

TEST_F(DaemonSiit, routes_the_map_and_the_prefix) {
  const Unit wanted = unit();
  EXPECT_EQ(wanted.report.why, "2 mappings, and 2001:db8:46::/96 for everything else");
  std::vector<std::string> routes;
  for (const auto& route : wanted.all<Route>()) routes.push_back(route.key());
  EXPECT_THAT(routes,
              ElementsAre("route 2001:db8:46::/96 dev dc metric 1024", "route 198.51.100.10/31 dev dc"));
  EXPECT_EQ(wanted.all<Device>().at(0).config.map, config_.map);
  EXPECT_EQ(wanted.all<Device>().at(0).mtu, 1500u);
  EXPECT_TRUE(wanted.all<Tables>().empty());
  config_.manage_sysctls = false;
  EXPECT_EQ(unit().report.state, InstanceState::kFailed);
  EXPECT_TRUE(unit().all<Device>().empty());
}

TEST_F(DaemonSiit, offloads_between_the_links_that_are_named_and_there) {
  kernel_.add_link("eth1");
  config_.flowtable_links = {"eth0", "eth1", "eth2"};
  const Unit wanted = unit();
  EXPECT_THAT(wanted.report.warnings, ElementsAre("there is no interface eth2"));
  const auto tables = *wanted.all<Tables>().at(0).content;
  ASSERT_EQ(tables.size(), 2u);
  for (const auto& table : tables) {
    EXPECT_EQ(table.owner, "siit.dc");
    ASSERT_EQ(table.flowtables.size(), 1u);
    EXPECT_THAT(table.flowtables[0].devices, ElementsAre("eth0", "eth1", "dc"));
    ASSERT_EQ(table.chains.size(), 1u);
    ASSERT_EQ(table.chains[0].rules.size(), 1u);
    const auto rule = nft::words(table.chains[0].rules[0]);
    EXPECT_EQ(rule.front(), "oif dc/0");
    EXPECT_EQ(rule.back(), "flow add @fast");
  }
  config_.flowtable_links = {"eth2"};
  EXPECT_TRUE(unit().all<Tables>().empty()) << "the device alone is no way through";
}

class DaemonSiitRival : public DaemonSiit, public testing::WithParamInterface<const char*> {};

TEST_P(DaemonSiitRival, is_told_and_not_ousted) {
  const std::string to = GetParam();
  Network destination = parse_prefix6("::/0");
  if (to.find(':') == to.npos)
    destination = parse_prefix4(to);
  else
    destination = parse_prefix6(to);
  kernel_.add_route(destination, "eth0", 100);
  EXPECT_EQ(unit().report.state, InstanceState::kFailed);
  EXPECT_EQ(unit().report.why, "there is a route to " + to + " already: " + to + " dev eth0");
  EXPECT_TRUE(unit().resources.empty());
  kernel_.seen.routes.back().ours = true;
  EXPECT_EQ(unit().report.state, InstanceState::kOn);
}

// the prefix, what is routed for the mappings, and one of them
INSTANTIATE_TEST_SUITE_P(Routes, DaemonSiitRival,
                         testing::Values("2001:db8:46::/96", "198.51.100.10/31", "198.51.100.11/32"));

TEST_F(DaemonSiit, lives_with_routes_that_are_more_and_less_special) {
  kernel_.add_route(parse_prefix6("2001:db8::/32"), "eth0", 100);
  kernel_.add_route(parse_prefix6("2001:db8:46::7/128"), "eth0", 100);
  kernel_.add_route(parse_prefix4("198.51.100.0/24"), "eth0");
  EXPECT_EQ(unit().report.state, InstanceState::kOn);
  EXPECT_TRUE(unit().report.warnings.empty());
}

TEST_F(DaemonSiit, lives_with_a_route_that_holds_back_what_it_does_not_take) {
  kernel_.add_route(parse_prefix4("198.51.100.10/31"), "", 4096);
  kernel_.seen.routes.back().type = RouteType::kBlackhole;
  EXPECT_EQ(unit().report.state, InstanceState::kOn);
  kernel_.seen.routes.back().metric = 0;
  EXPECT_EQ(unit().report.state, InstanceState::kFailed);
}

TEST_F(DaemonSiit, warns_of_an_address_that_the_host_keeps_for_itself) {
  kernel_.add_address("eth0", parse_prefix4("198.51.100.9/24"));
  kernel_.add_address("eth0", parse_prefix4("198.51.100.12/24"));
  kernel_.add_address("dc", parse_prefix4("198.51.100.10/32"));
  EXPECT_TRUE(unit().report.warnings.empty());
  kernel_.add_address("eth0", parse_prefix4("198.51.100.11/24"));
  EXPECT_THAT(
      unit().report.warnings,
      ElementsAre("local-map holds 198.51.100.11, an address of eth0: what is for it is not translated"));
}

}  // namespace
}  // namespace ipxlat
