// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/service/rehearsal.h"
#include "tests/unit/daemon_reconciled.h"

namespace ipxlat {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::StartsWith;

// what the gateway of these tests wants of the connection tracker
constexpr const char* kFlush =
    "delete connection tracking entries to 64:ff9b::/96 but as 64:ff9b:1:fffe::c612:0/111, "
    "and elsewhere as that";

TEST_F(DaemonReconciler, makes_everything_rules_before_routes) {
  const auto outcome = reconcile();
  EXPECT_TRUE(outcome.complete);
  EXPECT_EQ(outcome.reports.at(0).state, InstanceState::kOn);
  EXPECT_THAT(
      kernel_.take_steps(),
      ElementsAre("add unreachable 64:ff9b::/96 metric 1000000",
                  "create device edge: remote-prefix6 64:ff9b::/96, with local-map 198.18.0.0/15 "
                  "64:ff9b:1:fffe::c612:0/111, MTU 1500",
                  "write nftables tables ipxlat-edge (ip and ip6) with 21 rules", kFlush,
                  "set net.ipv6.conf.all.forwarding from 0 to 1",
                  "set net.ipv6.conf.eth0.forwarding from 0 to 1",
                  "set net.ipv6.conf.eth1.forwarding from 0 to 1",
                  "set net.ipv4.conf.eth1.forwarding from 0 to 1", "set net.ipv4.conf.edge.forwarding to 1",
                  "add blackhole 64:ff9b::/97 from 64:ff9b::/96 metric 1024",
                  "add blackhole 64:ff9b::/97 from 64:ff9b:1:fffe::c612:0/111 metric 1024",
                  "add blackhole 64:ff9b::8000:0/97 from 64:ff9b::/96 metric 1024",
                  "add blackhole 64:ff9b::8000:0/97 from 64:ff9b:1:fffe::c612:0/111 metric 1024",
                  "add blackhole 64:ff9b:1:fffe::c612:0/111 metric 1024",
                  "add route 64:ff9b::/96 dev edge metric 1024", "add route 198.18.0.0/15 dev edge"));
  EXPECT_EQ(saved_.at("sysctl net/ipv4/conf/eth1/forwarding").former, "0");
}

TEST_F(DaemonReconciler, does_nothing_when_nothing_changed) {
  reconcile();
  kernel_.take_steps();
  reconcile();
  EXPECT_THAT(kernel_.take_steps(), IsEmpty());
}

TEST_F(DaemonReconciler, a_stop_leaves_nothing_of_it) {
  const auto before = kernel_.made();
  reconcile();
  EXPECT_THAT(daemon_->stop(), IsEmpty());
  EXPECT_EQ(kernel_.made(), before);
  EXPECT_THAT(saved_, IsEmpty());
}

TEST_F(DaemonReconciler, a_stop_leaves_what_others_made) {
  kernel_.add_route(parse_prefix4("0.0.0.0/0"), "eth1");
  kernel_.add_address("eth1", parse_prefix4("203.0.113.2/24"));
  reconcile();
  daemon_->stop();
  EXPECT_EQ(kernel_.seen.routes.size(), 1u);
  EXPECT_EQ(kernel_.seen.addresses.size(), 1u);
}

TEST_F(DaemonReconciler, a_killed_daemon_is_succeeded_without_a_step) {
  const auto before = kernel_.made();
  reconcile();
  kernel_.take_steps();
  start();
  reconcile();
  EXPECT_THAT(kernel_.take_steps(), IsEmpty());
  daemon_->stop();
  EXPECT_EQ(kernel_.made(), before);
}

TEST_F(DaemonReconciler, the_successor_changes_only_what_differs_and_removes_the_rest) {
  config_.nat64.push_back(nat64("other", "2001:db8:64::/96", "10.64.0.0/16"));
  start();
  reconcile();
  kernel_.take_steps();
  config_.nat64.pop_back();
  config_.nat64[0].settings.lowest_ipv6_mtu = 1400;
  start();
  reconcile();
  EXPECT_THAT(
      kernel_.take_steps(),
      ElementsAre("change device edge: lowest-ipv6-mtu 1400", "delete device other",
                  "delete blackhole 2001:db8:64::/97 from 2001:db8:64::/96 metric 1024",
                  "delete blackhole 2001:db8:64::/97 from 64:ff9b:1:fffe::a40:0/112 metric 1024",
                  "delete blackhole 2001:db8:64::8000:0/97 from 2001:db8:64::/96 metric 1024",
                  "delete blackhole 2001:db8:64::8000:0/97 from 64:ff9b:1:fffe::a40:0/112 metric 1024",
                  "delete blackhole 64:ff9b:1:fffe::a40:0/112 metric 1024",
                  "delete nftables tables ipxlat-other",
                  "forget about connection tracking entries of nat64.other to pref64",
                  "delete unreachable 2001:db8:64::/96 metric 1000000"));
}

TEST_F(DaemonReconciler, a_reload_changes_only_what_differs) {
  reconcile();
  kernel_.take_steps();
  Config config = config_;
  config.nat64[0].uplinks = {"eth1", "eth0"};
  reload(config);
  reconcile();
  EXPECT_THAT(kernel_.take_steps(),
              ElementsAre("write nftables tables ipxlat-edge (ip and ip6) with 22 rules", kFlush,
                          "set net.ipv4.conf.eth0.forwarding from 0 to 1"));
  config.nat64[0].settings.remote_prefix6 = parse_prefix6("2001:db8:64::/96");
  reload(config);
  reconcile();
  EXPECT_THAT(kernel_.take_steps(),
              ElementsAre("add unreachable 2001:db8:64::/96 metric 1000000",
                          "change device edge: remote-prefix6 2001:db8:64::/96",
                          "write nftables tables ipxlat-edge (ip and ip6) with 22 rules",
                          "delete connection tracking entries to 2001:db8:64::/96 but as "
                          "64:ff9b:1:fffe::c612:0/111, and elsewhere as that",
                          "add blackhole 2001:db8:64::/97 from 2001:db8:64::/96 metric 1024",
                          "add blackhole 2001:db8:64::/97 from 64:ff9b:1:fffe::c612:0/111 metric 1024",
                          "add blackhole 2001:db8:64::8000:0/97 from 2001:db8:64::/96 metric 1024",
                          "add blackhole 2001:db8:64::8000:0/97 from 64:ff9b:1:fffe::c612:0/111 metric 1024",
                          "add route 2001:db8:64::/96 dev edge metric 1024",
                          "delete route 64:ff9b::/96 dev edge metric 1024",
                          "delete blackhole 64:ff9b::/97 from 64:ff9b:1:fffe::c612:0/111 metric 1024",
                          "delete blackhole 64:ff9b::/97 from 64:ff9b::/96 metric 1024",
                          "delete blackhole 64:ff9b::8000:0/97 from 64:ff9b:1:fffe::c612:0/111 metric 1024",
                          "delete blackhole 64:ff9b::8000:0/97 from 64:ff9b::/96 metric 1024",
                          "delete unreachable 64:ff9b::/96 metric 1000000"));
}

TEST_F(DaemonReconciler, an_instance_with_a_new_name_keeps_its_device) {
  reconcile();
  kernel_.take_steps();
  Config config = config_;
  config.nat64[0].name = "gate";
  reload(config);
  reconcile();
  EXPECT_THAT(kernel_.take_steps(),
              ElementsAre("change device edge: for nat64.gate",
                          "write nftables tables ipxlat-gate (ip and ip6) with 21 rules", kFlush,
                          "delete nftables tables ipxlat-edge",
                          "forget about connection tracking entries of nat64.edge to pref64"));
}

TEST_F(DaemonReconciler, a_flushed_ruleset_is_put_back) {
  reconcile();
  const auto made = kernel_.made();
  kernel_.take_steps();
  kernel_.seen.tables.clear();
  reconcile();
  EXPECT_THAT(kernel_.take_steps(),
              ElementsAre("write nftables tables ipxlat-edge (ip and ip6) with 21 rules", kFlush));
  kernel_.seen.tables[0].chains["check"].contents.pop_back();  // one rule only
  reconcile();
  EXPECT_EQ(kernel_.made(), made);
  EXPECT_THAT(kernel_.take_steps(),
              ElementsAre("write nftables tables ipxlat-edge (ip and ip6) with 21 rules", kFlush));
}

TEST_F(DaemonReconciler, a_deleted_device_is_put_back_with_what_was_on_it) {
  reconcile();
  const auto made = kernel_.made();
  kernel_.delete_link("edge");
  kernel_.take_steps();
  reconcile();
  EXPECT_EQ(kernel_.made(), made);
  EXPECT_THAT(kernel_.take_steps(), Contains(StartsWith("write nftables"))) << "with its new index";
  reconcile();
  EXPECT_THAT(kernel_.take_steps(), IsEmpty());
}

TEST_F(DaemonReconciler, a_deleted_route_a_setting_and_a_sysctl_are_put_back) {
  reconcile();
  kernel_.take_steps();
  std::erase_if(kernel_.seen.routes, [](const auto& route) { return !is_ipv6(route.destination); });
  kernel_.seen.sysctls["net/ipv4/conf/eth1/forwarding"] = "0";
  for (auto& link : kernel_.seen.links)
    if (link.config) link.config->map.clear();
  reconcile();
  EXPECT_THAT(
      kernel_.take_steps(),
      ElementsAre("change device edge: with local-map 198.18.0.0/15 64:ff9b:1:fffe::c612:0/111",
                  "set net.ipv4.conf.eth1.forwarding from 0 to 1", "add route 198.18.0.0/15 dev edge"));
  EXPECT_EQ(saved_.at("sysctl net/ipv4/conf/eth1/forwarding").former, "0");
}

class DaemonReconcilerFailure : public DaemonReconciler, public testing::WithParamInterface<const char*> {};

TEST_P(DaemonReconcilerFailure, at_any_step_leaves_nothing_behind) {
  const auto before = kernel_.made();
  kernel_.refuse = GetParam();
  const auto outcome = reconcile();
  EXPECT_FALSE(outcome.complete);
  EXPECT_EQ(outcome.reports.at(0).state, InstanceState::kFailed);
  EXPECT_THAT(outcome.reports.at(0).why, StartsWith(std::string("cannot ") + GetParam()));
  EXPECT_EQ(made_but_guards(), before);
  EXPECT_EQ(saved_.size(), 1u);  // the guard
  // and is made good as soon as it can be
  kernel_.refuse.clear();
  now_ += BackOff::kFirst;
  EXPECT_TRUE(reconcile().complete);
}

INSTANTIATE_TEST_SUITE_P(Steps, DaemonReconcilerFailure,
                         testing::Values("create device", "write nftables",
                                         "set net.ipv6.conf.all.forwarding",
                                         "set net.ipv4.conf.eth1.forwarding",
                                         "set net.ipv4.conf.edge.forwarding", "add blackhole",
                                         "add route 64:ff9b::/96", "add route 198.18.0.0/15"));

TEST_F(DaemonReconciler, a_reload_that_fails_leaves_all_as_it_was) {
  reconcile();
  const auto made = made_but_guards();
  Config config = config_;
  config.nat64[0] = nat64("edge", "2001:db8:64::/96", "10.64.0.0/16");
  reload(config);
  kernel_.refuse = "add route 10.64.0.0/16";
  EXPECT_EQ(reconcile().reports.at(0).state, InstanceState::kFailed);
  EXPECT_EQ(made_but_guards(), made);
  EXPECT_EQ(reconcile().reports.at(0).state, InstanceState::kFailed);
  EXPECT_EQ(made_but_guards(), made);
  kernel_.refuse.clear();
  now_ += BackOff::kFirst;
  EXPECT_EQ(reconcile().reports.at(0).state, InstanceState::kOn);
  EXPECT_THAT(kernel_.made(),
              IsSupersetOf({"route 10.64.0.0/16 dev edge", "route 2001:db8:64::/96 dev edge metric 1024"}));
  EXPECT_THAT(kernel_.made(), Not(Contains("route 198.18.0.0/15 dev edge")));
}

TEST_F(DaemonReconciler, what_a_killed_daemon_made_stays_if_the_new_configuration_cannot_be_had) {
  reconcile();
  const auto made = made_but_guards();
  config_.nat64[0] = nat64("edge", "2001:db8:64::/96", "10.64.0.0/16");
  start();
  kernel_.refuse = "add route 10.64.0.0/16";
  EXPECT_FALSE(reconcile().complete);
  EXPECT_EQ(made_but_guards(), made);
  kernel_.refuse = "write nftables tables";
  now_ += BackOff::kFirst;
  EXPECT_FALSE(reconcile().complete);
  EXPECT_EQ(made_but_guards(), made);
}

TEST_F(DaemonReconciler, what_cannot_be_taken_away_is_left_to_do_while_it_waits) {
  reconcile();
  reload({});
  kernel_.refuse = "delete device";
  for (int look = 0; look < 2; look++) EXPECT_FALSE(reconcile().complete);
  kernel_.refuse.clear();
  EXPECT_FALSE(reconcile().complete);
  now_ += BackOff::kFirst;
  EXPECT_TRUE(reconcile().complete);
  EXPECT_THAT(saved_, IsEmpty());
}

TEST_F(DaemonReconciler, one_instance_that_fails_does_not_touch_another) {
  config_.nat64.push_back(nat64("other", "2001:db8:64::/96", "10.64.0.0/16"));
  start();
  kernel_.refuse = "add route 10.64.0.0/16";
  const auto outcome = reconcile();
  EXPECT_EQ(outcome.reports.at(0).state, InstanceState::kOn);
  EXPECT_EQ(outcome.reports.at(1).state, InstanceState::kFailed);
  // the sysctls are the first one's as well
  EXPECT_EQ(kernel_.seen.sysctl("net/ipv4/conf/eth1/forwarding"), "1");
  EXPECT_THAT(kernel_.made(), Contains("route 198.18.0.0/15 dev edge"));
  EXPECT_THAT(kernel_.made(), Not(Contains(StartsWith("device other"))));
}

TEST_F(DaemonReconciler, a_sysctl_that_cannot_be_remembered_is_not_set) {
  full_ = true;
  EXPECT_EQ(reconcile().reports.at(0).why, "cannot write made.json: No space left on device");
  EXPECT_EQ(kernel_.seen.sysctl("net/ipv4/conf/eth1/forwarding"), "0");
  EXPECT_EQ(kernel_.seen.sysctl("net/ipv6/conf/all/forwarding"), "0");
}

TEST_F(DaemonReconciler, a_sysctl_that_somebody_else_set_since_is_left_alone) {
  reconcile();
  kernel_.seen.sysctls["net/ipv4/conf/eth1/forwarding"] = "2";
  daemon_->stop();
  EXPECT_EQ(kernel_.seen.sysctl("net/ipv4/conf/eth1/forwarding"), "2");
  EXPECT_EQ(kernel_.seen.sysctl("net/ipv6/conf/all/forwarding"), "0");
}

TEST_F(DaemonReconciler, a_sysctl_that_was_right_is_not_put_back) {
  kernel_.seen.sysctls["net/ipv4/conf/eth1/forwarding"] = "1";
  reconcile();
  daemon_->stop();
  EXPECT_EQ(kernel_.seen.sysctl("net/ipv4/conf/eth1/forwarding"), "1");
}

TEST_F(DaemonReconciler, two_clats_have_what_is_unreachable_in_common) {
  const auto clat = [](const char* name, const char* uplink) {
    ClatConfig config;
    config.name = config.device = name;
    config.uplinks = {uplink};
    config.pref64 = parse_prefix6("64:ff9b::/96");
    config.address6 = SharedAddress{};
    return config;
  };
  kernel_.add_route(parse_prefix6("::/0"), "eth0", 1024);
  kernel_.add_route(parse_prefix6("::/0"), "eth1", 2048);
  auto two = clat("two", "eth1");
  two.route_metric = 2049;
  reload({{}, {clat("one", "eth0"), two}, {}});
  const auto outcome = reconcile();
  EXPECT_EQ(outcome.reports.at(0).state, InstanceState::kOn);
  EXPECT_EQ(outcome.reports.at(1).state, InstanceState::kOn);
  const char* nobody = "unreachable 192.0.0.0/29 metric 1000000";
  EXPECT_THAT(kernel_.made(), Contains(nobody).Times(1));
  reload({{}, {two}, {}});
  reconcile();
  EXPECT_THAT(kernel_.made(), Contains(nobody).Times(1));
  reload({});
  reconcile();
  EXPECT_THAT(kernel_.made(), Not(Contains(nobody)));
}

TEST_F(DaemonReconciler, a_clat_comes_and_goes_with_native_ipv4) {
  ClatConfig clat;
  clat.name = "home";
  clat.device = "clat0";
  clat.uplinks = {"eth0"};
  clat.pref64 = parse_prefix6("64:ff9b::/96");
  kernel_.add_route(parse_prefix6("::/0"), "eth0", 1024);
  kernel_.add_address("eth0", parse_prefix6("2001:db8:1::11/64")).autoconf = true;
  reload({{}, {clat}, {}});
  const auto before = kernel_.made();
  EXPECT_EQ(reconcile().reports.at(0).state, InstanceState::kOff);  // the address is new
  EXPECT_EQ(reconcile().reports.at(0).state, InstanceState::kOn);
  kernel_.take_steps();
  reconcile();
  EXPECT_THAT(kernel_.take_steps(), IsEmpty());
  EXPECT_EQ(kernel_.seen.sysctl("net/ipv4/ip_forward"), "0");

  kernel_.add_address("eth0", parse_prefix4("192.0.2.7/24"));
  kernel_.add_route(parse_prefix4("0.0.0.0/0"), "eth0", 100);
  const auto outcome = reconcile();
  EXPECT_EQ(outcome.reports.at(0).why, "native IPv4 192.0.2.7 on eth0");
  EXPECT_TRUE(outcome.complete);
  EXPECT_EQ(kernel_.made(), before);
}

TEST_F(DaemonReconciler, the_rules_of_a_clat_follow_its_device) {
  ClatConfig clat;
  clat.name = "home";
  clat.device = "clat0";
  clat.uplinks = {"eth0"};
  clat.pref64 = parse_prefix6("64:ff9b::/96");
  clat.address6 = SharedAddress{};
  kernel_.add_route(parse_prefix6("::/0"), "eth0", 1024);
  reload({{}, {clat}, {}});
  reconcile();
  kernel_.delete_link("clat0");
  kernel_.take_steps();
  reconcile();
  // a rule that duplicates packets names the device by its number
  EXPECT_THAT(kernel_.take_steps(), Contains("write nftables tables ipxlat-home (ip6) with 6 rules"));
  reconcile();
  EXPECT_THAT(kernel_.take_steps(), IsEmpty());
}

TEST_F(DaemonReconciler, a_rehearsal_says_what_would_be_done) {
  const auto lines = rehearse(config_, kernel_, {}, {}, SipKey{7});
  ASSERT_TRUE(lines);
  EXPECT_EQ(lines->front(), "[nat64.edge] add unreachable 64:ff9b::/96 metric 1000000");
  EXPECT_THAT(*lines, Contains("[nat64.edge] add route 198.18.0.0/15 dev edge"));
  EXPECT_THAT(kernel_.take_steps(), IsEmpty());
}

// Whatever there is, and whatever was remembered of it.
TEST_F(DaemonReconciler, a_rehearsal_says_what_a_daemon_that_starts_now_does) {
  const auto same = [&](const std::string& situation) {
    const auto rehearsed = rehearse(config_, kernel_, saved_, {}, SipKey{7});
    ASSERT_TRUE(rehearsed);
    EXPECT_THAT(kernel_.take_steps(), IsEmpty());
    log_.clear();
    start();
    reconcile();
    EXPECT_EQ(*rehearsed, log_) << situation;
    kernel_.take_steps();
  };
  same("there is nothing");
  same("all is there");
  kernel_.seen.tables.clear();
  kernel_.seen.sysctls["net/ipv4/conf/eth1/forwarding"] = "0";
  same("somebody has taken something away");
  config_.nat64[0].pool4 = {parse_prefix4("10.64.0.0/16")};
  config_.nat64[0].pool6 = {internal6(config_.nat64[0].pool4[0])};
  same("another pool is wanted");
  kernel_.add_route(parse_prefix4("10.64.7.0/24"), "eth0");
  same("a route stands in the way");
  config_.nat64.clear();
  same("nothing is wanted any more");
}

}  // namespace
}  // namespace ipxlat
