// SPDX-License-Identifier: GPL-2.0-only
// The difference of what is wanted and what is there, step by step.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <set>

#include "daemon/plan/plan.h"
#include "lib/owner.h"

namespace ipxlat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> words(const std::vector<Step>& steps) {
  std::vector<std::string> all;
  for (const auto& step : steps) all.push_back(describe(step));
  return all;
}

Tables tables(const char* name, size_t rules = 0) {
  nft::Table content;
  content.name = name;
  content.owner = "nat64.edge";
  content.chains = {{"forward", "filter", nft::Hook::kForward, nft::kFilter, {}}};
  for (size_t i = 0; i < rules; i++) content.chains[0].rules.push_back({"a rule", {nft::Counter{}}});
  return Tables({content});
}

// One of each kind.
std::vector<Resource> one_of_each() {
  return {Proxy{"eth1", parse_address4("203.0.113.16")},
          Route{parse_prefix6("64:ff9b::/96"), RouteType::kUnicast, "edge", 1024},
          Sysctl{"net/ipv4/ip_forward", "1"},
          Flush("nat64.edge", {{}, Network(parse_prefix6("64:ff9b::/96"))}),
          tables("ipxlat-edge"),
          Address{"edge", parse_prefix4("192.0.0.1/32")},
          Device{"edge", {}, 1500, "nat64.edge"}};
}

TEST(DaemonPlan, makes_things_kind_by_kind) {
  EXPECT_THAT(
      words(plan(one_of_each(), Inventory(Seen{}))),
      ElementsAre("create device edge: MTU 1500", "add address 192.0.0.1/32 on edge",
                  "write nftables tables ipxlat-edge (inet) with 0 rules",
                  "delete connection tracking entries to 64:ff9b::/96", "set net.ipv4.ip_forward to 1",
                  "add route 64:ff9b::/96 dev edge metric 1024", "add proxy ARP for 203.0.113.16 on eth1"));
}

TEST(DaemonPlan, a_step_turned_round_takes_itself_back) {
  Seen seen;
  seen.sysctls["net/ipv4/ip_forward"] = "0";
  Inventory there(seen);
  std::vector<Step> done = plan(one_of_each(), there);
  for (const auto& step : done) there.take(step);
  EXPECT_THAT(plan(one_of_each(), there), IsEmpty());
  std::reverse(done.begin(), done.end());
  for (const auto& step : done) there.take(undo(step));
  EXPECT_EQ(plan(one_of_each(), there).size(), one_of_each().size());
}

TEST(DaemonPlan, a_change_goes_back_to_what_was_there) {
  Seen seen;
  seen.sysctls["net/ipv4/ip_forward"] = "2";
  const MadeResources made = {{"sysctl net/ipv4/ip_forward", {{"nat64.edge"}, "1", "0", 0}}};
  SeenLink link;
  link.name = "edge";
  link.kind = "ipxlat";
  link.alias = owner_mark("nat64.old");
  link.mtu = 1400;
  link.config = DeviceConfig{};
  seen.links = {link};
  const Inventory there(seen, made);
  auto steps = plan({Device{"edge", {}, 1500, "nat64.edge"}, Sysctl{"net/ipv4/ip_forward", "1"}}, there);
  EXPECT_THAT(words(steps), ElementsAre("change device edge: for nat64.edge, MTU 1500, up",
                                        "set net.ipv4.ip_forward from 2 to 1"));
  EXPECT_THAT(words({undo(steps[0]), undo(steps[1])}),
              ElementsAre("change device edge: for nat64.old, MTU 1400, down",
                          "set net.ipv4.ip_forward from 1 to 2"));
  EXPECT_EQ(undo(steps[0]).action, Action::kChange);
}

TEST(DaemonPlan, a_sysctl_that_is_put_for_the_first_time_is_put_back_when_it_is_taken_back) {
  Seen seen;
  seen.sysctls["net/ipv4/ip_forward"] = "0";
  const auto steps = plan({Sysctl{"net/ipv4/ip_forward", "1"}}, Inventory(seen));
  ASSERT_EQ(steps.size(), 1u);
  EXPECT_EQ(steps[0].action, Action::kPut);
  EXPECT_EQ(describe(undo(steps[0])), "put net.ipv4.ip_forward back to 0");
}

TEST(DaemonPlan, a_sysctl_that_was_dropped_is_nobodys) {
  Seen seen;
  seen.sysctls["net/ipv4/ip_forward"] = "1";
  const MadeResources made = {{"sysctl net/ipv4/ip_forward", {{"nat64.edge"}, "1", "0", 0}}};
  Inventory there(seen, made);
  ASSERT_TRUE(there.ours("sysctl net/ipv4/ip_forward"));
  for (const auto& step : plan_removal({}, there, made)) there.take(step);
  EXPECT_FALSE(there.ours("sysctl net/ipv4/ip_forward"));
  const auto* now = there.find("sysctl net/ipv4/ip_forward");
  ASSERT_TRUE(now);
  EXPECT_EQ(std::get<Sysctl>(*now).value, "0");
}

TEST(DaemonPlan, what_others_have_is_neither_made_nor_dropped) {
  Seen seen;
  seen.routes = {{parse_prefix4("10.0.0.0/8"), RouteType::kUnicast, "eth0", 0, 0, false, false}};
  seen.addresses = {{"eth0", parse_prefix4("10.0.0.1/8")}};
  const Inventory there(seen);
  EXPECT_THAT(plan({Route{parse_prefix4("10.0.0.0/8"), RouteType::kUnicast, "eth0"}}, there), IsEmpty());
  EXPECT_THAT(plan_removal({}, there, {}), IsEmpty());
}

TEST(DaemonPlan, one_like_ours_that_somebody_else_has_too_is_still_ours) {
  const SeenRoute theirs{parse_prefix4("10.0.0.0/8"), RouteType::kUnicast, "eth0", 0, 0, false, false};
  SeenRoute ours = theirs;
  ours.ours = true;
  const std::string key = Route{parse_prefix4("10.0.0.0/8"), RouteType::kUnicast, "eth0"}.key();
  for (const auto& routes : {std::vector{theirs, ours}, std::vector{ours, theirs}}) {
    Seen seen;
    seen.routes = routes;
    EXPECT_TRUE(Inventory(seen).ours(key));
  }
}

TEST(DaemonPlan, a_device_goes_before_its_rules_and_takes_along_what_is_on_it) {
  Inventory there{Seen{}};
  for (const auto& step : plan(one_of_each(), there)) there.take(step);
  there.take({Action::kPut, Route{parse_prefix6("64:ff9b::/96"), RouteType::kUnreachable, "", 9}, {}});
  there.take({Action::kPut, Route{parse_prefix6("2001:db8::/96"), RouteType::kBlackhole, "", 9}, {}});
  const MadeResources made = {{"sysctl net/ipv4/ip_forward", {{"nat64.edge"}, "1", "0", 0}}};
  EXPECT_THAT(words(plan_removal({}, there, made)),
              ElementsAre("delete proxy ARP for 203.0.113.16 on eth1", "delete device edge",
                          "delete blackhole 2001:db8::/96 metric 9", "delete nftables tables ipxlat-edge",
                          "forget about connection tracking entries of nat64.edge",
                          "put net.ipv4.ip_forward back to 0", "delete unreachable 64:ff9b::/96 metric 9"));
}

TEST(DaemonPlan, nobody_is_asked_for_what_leads_nowhere) {
  Inventory there{Seen{}};
  there.take({Action::kPut, Route{parse_prefix4("203.0.113.16/28"), RouteType::kUnicast, "eth1"}, {}});
  there.take({Action::kPut, Proxy{"eth1", parse_address4("203.0.113.16")}, {}});
  EXPECT_THAT(words(plan_removal({}, there, {})), ElementsAre("delete route 203.0.113.16/28 dev eth1",
                                                              "delete proxy ARP for 203.0.113.16 on eth1"));
}

TEST(DaemonPlan, what_is_kept_stays) {
  Inventory there{Seen{}};
  std::unordered_set<std::string> kept;
  for (const auto& step : plan(one_of_each(), there)) there.take(step);
  for (const auto& resource : one_of_each()) kept.insert(key(resource));
  EXPECT_THAT(plan_removal(kept, there, {}), IsEmpty());
}

TEST(DaemonPlan, entries_are_flushed_again_when_the_cause_is_another) {
  const Inventory there(Seen{}, {{"flush nat64.edge", {{"nat64.edge"}, "masquerade", {}, 0}}});
  Flush flush("nat64.edge", {});
  flush.cause = "masquerade";
  EXPECT_THAT(plan({flush}, there), IsEmpty());
  flush.cause = "pool 203.0.113.16/28";
  EXPECT_EQ(plan({flush}, there).size(), 1u);
}

TEST(DaemonPlan, entries_are_flushed_with_new_rules) {
  Seen seen;
  const Flush flush("nat64.edge", {});
  const MadeResources made = {{flush.key(), {{"nat64.edge"}, flush.cause, {}, 0}}};
  EXPECT_THAT(words(plan({flush, tables("ipxlat-edge", 2)}, Inventory(seen, made))),
              ElementsAre("write nftables tables ipxlat-edge (inet) with 2 rules",
                          "delete connection tracking entries all"));
  seen.tables = tables("ipxlat-edge", 2).summaries;
  EXPECT_THAT(plan({flush, tables("ipxlat-edge", 2)}, Inventory(seen, made)), IsEmpty());
}

TEST(DaemonPlan, kinds_do_not_share_a_key) {
  std::set<std::string> keys;
  for (const auto& resource : one_of_each()) keys.insert(key(resource));
  EXPECT_EQ(keys.size(), std::variant_size_v<Resource>);
}

TEST(DaemonPlan, the_interface_of_a_sysctl_is_in_its_path) {
  EXPECT_EQ(sysctl_link("net/ipv6/conf/eth0.5/accept_ra"), "eth0.5");
  EXPECT_EQ(sysctl_link("net/ipv4/conf/wan/forwarding"), "wan");
  EXPECT_EQ(sysctl_link("net/ipv6/conf/all/forwarding"), "");
  EXPECT_EQ(sysctl_link("net/ipv6/conf/default/forwarding"), "");
  EXPECT_EQ(sysctl_link("net/ipv4/ip_forward"), "");
  EXPECT_EQ(sysctl_name("net/ipv6/conf/eth0.5/accept_ra"), "net.ipv6.conf.eth0/5.accept_ra");
}

// Seconds of the processor for a plan with so many routes, half of which are there.
double cost(uint32_t routes) {
  Seen seen;
  std::vector<Resource> wanted;
  for (uint32_t i = 0; i < routes; i++) {
    const Route route{Prefix4{{htonl(0x0a000000 + i)}, 32}, RouteType::kUnicast, "edge"};
    wanted.push_back(route);
    if (i % 2) seen.routes.push_back({route.destination, route.type, route.link, 0, 0, true, false});
  }
  const clock_t begin = std::clock();
  const Inventory there(seen);
  EXPECT_EQ(plan(wanted, there).size(), routes / 2);
  EXPECT_EQ(plan_removal({}, there, {}).size(), routes / 2);
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

// Others have the processor's caches meanwhile.
double least_cost(uint32_t routes) {
  double least = cost(routes);
  for (int i = 0; i < 4; i++) least = std::min(least, cost(routes));
  return least;
}

TEST(DaemonPlan, eight_times_as_many_routes_cost_no_more_than_sixteen_times_as_much) {
  EXPECT_LT(least_cost(8000), 16 * std::max(least_cost(1000), 0.001));
}

}  // namespace
}  // namespace ipxlat
