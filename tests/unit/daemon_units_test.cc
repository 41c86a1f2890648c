// SPDX-License-Identifier: GPL-2.0-only
// Units are made, fail and go each by itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/daemon_reconciled.h"

namespace ipxlat {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;

class DaemonUnits : public DaemonReconciler {
 protected:
  // A gateway that cannot be, beside a CLAT on eth0.
  void conflicting_gateway_beside_a_clat() {
    kernel_.add_route(parse_prefix6("::/0"), "eth0", 1024);
    kernel_.add_route(parse_prefix4("198.18.5.0/24"), "eth1");
    config_.clat = {clat("home", "eth0")};
    reload(config_);
    const auto outcome = reconcile();
    ASSERT_EQ(outcome.reports.at(0).state, InstanceState::kFailed);
    ASSERT_EQ(outcome.reports.at(1).state, InstanceState::kOn);
  }

  void native_ipv4_appears() {
    kernel_.add_address("eth0", parse_prefix4("192.0.2.7/24"));
    kernel_.add_route(parse_prefix4("0.0.0.0/0"), "eth0", 100);
  }

  Nat64Config other() { return nat64("other", "2001:db8:64::/96", "10.64.0.0/16"); }

  std::vector<SeenRoute> defaults() const {
    std::vector<SeenRoute> all;
    for (const auto& route : kernel_.seen.routes)
      if (route.destination == Network(Prefix4{})) all.push_back(route);
    return all;
  }
};

TEST_F(DaemonUnits, a_gateway_that_never_came_up_does_not_keep_a_clat_beside_native_ipv4) {
  conflicting_gateway_beside_a_clat();
  native_ipv4_appears();
  reconcile();
  EXPECT_THAT(kernel_.made(), Not(Contains(HasSubstr("home0"))));
}

TEST_F(DaemonUnits, a_gateway_that_never_came_up_does_not_keep_an_instance_that_left_the_configuration) {
  conflicting_gateway_beside_a_clat();
  config_.clat.clear();
  reload(config_);
  reconcile();
  EXPECT_THAT(kernel_.made(), Not(Contains(HasSubstr("home0"))));
}

TEST_F(DaemonUnits, what_a_failed_unit_had_stays_while_another_goes) {
  config_.nat64.push_back(other());
  reload(config_);
  reconcile();
  kernel_.add_route(parse_prefix4("198.18.5.0/24"), "eth1");
  config_.nat64.pop_back();
  start();  // killed and configured anew
  EXPECT_EQ(reconcile().reports.at(0).state, InstanceState::kFailed);
  EXPECT_THAT(kernel_.made(), Contains("route 64:ff9b::/96 dev edge metric 1024"));
  EXPECT_THAT(kernel_.made(), Contains(StartsWith("blackhole 64:ff9b:1:fffe::c612:0/111")));
  EXPECT_THAT(kernel_.made(), Not(Contains(HasSubstr("other"))));
  EXPECT_THAT(kernel_.made(), Not(Contains(StartsWith("blackhole 64:ff9b:1:fffe::a40:0/112"))));
}

TEST_F(DaemonUnits, what_cannot_be_taken_away_does_not_keep_the_rest) {
  const auto before = kernel_.made();
  reconcile();
  reload({});
  kernel_.refuse = "delete device edge";
  const auto outcome = reconcile();
  EXPECT_FALSE(outcome.complete);
  EXPECT_THAT(kernel_.made(), Not(Contains(StartsWith("table"))));
  EXPECT_EQ(kernel_.seen.sysctl("net/ipv4/conf/eth1/forwarding"), "0");
  kernel_.refuse.clear();
  now_ = outcome.next.value();
  EXPECT_TRUE(reconcile().complete);
  EXPECT_EQ(kernel_.made(), before);
}

TEST_F(DaemonUnits, the_default_route_of_a_narrow_uplink_is_replaced_once) {
  kernel_.add_route(parse_prefix6("::/0"), "eth0", 1024);
  reload({{}, {clat("home", "eth0")}, {}});
  reconcile();
  for (uint32_t mtu : {1280, 1290, 1500, 1270}) {
    kernel_.link("eth0").mtu = mtu;
    kernel_.seen.sysctls["net/ipv6/conf/eth0/mtu"] = std::to_string(mtu);
    reconcile();
    kernel_.take_steps();
    reconcile();
    EXPECT_THAT(kernel_.take_steps(), IsEmpty()) << mtu;
    ASSERT_EQ(defaults().size(), 1u) << mtu;
    EXPECT_EQ(defaults()[0].mtu, std::max(mtu, 1280u) - 20);
  }
}

TEST_F(DaemonUnits, a_route_of_somebody_else_with_the_same_metric_stays_in_front) {
  kernel_.add_route(parse_prefix6("::/0"), "eth0", 1024);
  kernel_.add_route(parse_prefix4("0.0.0.0/0"), "eth1", 2048);
  reload({{}, {clat("home", "eth0")}, {}});
  reconcile();
  ASSERT_EQ(defaults().size(), 2u);
  EXPECT_EQ(defaults()[0].link, "eth1");
}

TEST_F(DaemonUnits, one_that_failed_waits_twice_as_long_each_time_whatever_happens_meanwhile) {
  kernel_.refuse = "add route 10.64.0.0/16";
  config_.nat64.push_back(other());
  reload(config_);
  auto outcome = reconcile();
  for (auto wait : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
    EXPECT_EQ(outcome.next, now_ + wait);
    now_ += wait - 1us;
    kernel_.take_steps();
    outcome = reconcile();  // its own announcements
    EXPECT_THAT(kernel_.take_steps(), IsEmpty());
    EXPECT_EQ(outcome.reports.at(1).state, InstanceState::kFailed);
    EXPECT_EQ(outcome.reports.at(1).why, "cannot add route 10.64.0.0/16 dev other: no");
    now_ += 1us;
    outcome = reconcile();
    EXPECT_THAT(kernel_.take_steps(), Contains(StartsWith("create device other")));
  }
}

TEST_F(DaemonUnits, one_that_waits_does_not_make_another_wait) {
  kernel_.refuse = "add route 10.64.0.0/16";
  config_.nat64.push_back(other());
  reload(config_);
  reconcile();
  kernel_.delete_link("edge");
  reconcile();
  EXPECT_THAT(kernel_.made(), Contains("route 64:ff9b::/96 dev edge metric 1024"));
}

TEST_F(DaemonUnits, one_that_waits_is_tried_at_once_when_it_wants_something_else) {
  kernel_.refuse = "add route 10.64.0.0/16";
  config_.nat64.push_back(other());
  reload(config_);
  reconcile();
  config_.nat64.back() = nat64("other", "2001:db8:64::/96", "10.65.0.0/16");
  reload(config_);
  const auto outcome = reconcile();
  EXPECT_EQ(outcome.reports.at(1).state, InstanceState::kOn);
  EXPECT_EQ(outcome.next, std::nullopt);
}

TEST_F(DaemonUnits, one_that_waits_is_tried_at_once_when_the_network_makes_it_want_something_else) {
  kernel_.refuse = "add route 0.0.0.0/0 dev home0 metric 2048";
  kernel_.refusals = 1;
  kernel_.add_route(parse_prefix6("::/0"), "eth0", 1024);
  reload({{}, {clat("home", "eth0")}, {}});
  EXPECT_FALSE(reconcile().complete);
  kernel_.link("eth0").mtu = 1280;
  EXPECT_TRUE(reconcile().complete);
}

TEST_F(DaemonUnits, a_change_after_a_look_that_found_nothing_new_is_followed) {
  reconcile();
  const auto outcome = reconcile();
  log_.clear();
  kernel_.add_route(parse_prefix4("203.0.113.0/24"), "eth1");
  EXPECT_EQ(reconcile().next, outcome.next);
  kernel_.link("eth1").mtu = 1600;
  reconcile();
  EXPECT_THAT(kernel_.take_steps(), Contains("change device edge: MTU 1600"));
}

TEST_F(DaemonUnits, a_ledger_that_cannot_be_written_is_written_later) {
  reconcile();
  full_ = true;
  reload({});
  const auto outcome = reconcile();
  EXPECT_FALSE(outcome.complete);
  EXPECT_FALSE(saved_.empty());
  full_ = false;
  now_ = outcome.next.value();
  EXPECT_TRUE(reconcile().complete);
  EXPECT_THAT(saved_, IsEmpty());
}

TEST_F(DaemonUnits, a_kernel_that_cannot_be_read_is_asked_again_and_the_reports_stay) {
  reconcile();
  kernel_.unreadable = NetlinkError{EINTR, "the network's state cannot be read"};
  for (auto wait : {1s, 2s, 4s}) {
    const auto outcome = reconcile();
    EXPECT_FALSE(outcome.complete);
    EXPECT_EQ(outcome.next, now_ + wait);
    EXPECT_EQ(outcome.reports.at(0).state, InstanceState::kOn);
  }
}

TEST_F(DaemonUnits, a_stop_that_fails_says_what_is_left_and_forgets_nothing_of_it) {
  const auto before = kernel_.made();
  reconcile();
  kernel_.refuse = "put net.ipv4.conf.eth1.forwarding back";
  EXPECT_THAT(
      daemon_->stop(),
      ElementsAre("sysctl net/ipv4/conf/eth1/forwarding: cannot put net.ipv4.conf.eth1.forwarding back to "
                  "0: no"));
  EXPECT_EQ(saved_.at("sysctl net/ipv4/conf/eth1/forwarding").former, "0");
  EXPECT_EQ(saved_.size(), 1u);
  kernel_.refuse.clear();
  EXPECT_THAT(daemon_->stop(), IsEmpty());
  EXPECT_EQ(kernel_.made(), before);
  EXPECT_THAT(saved_, IsEmpty());
}

TEST_F(DaemonUnits, a_stop_tries_again_what_failed_twice) {
  const auto before = kernel_.made();
  reconcile();
  kernel_.refuse = "delete nftables tables";
  kernel_.refusals = 2;
  EXPECT_THAT(daemon_->stop(), IsEmpty());
  EXPECT_EQ(kernel_.made(), before);
}

TEST_F(DaemonUnits, a_stop_of_a_kernel_that_cannot_be_read_says_so_and_forgets_nothing) {
  reconcile();
  const auto saved = saved_;
  kernel_.unreadable = NetlinkError{ENOMEM, "the network's state cannot be read"};
  EXPECT_THAT(daemon_->stop(), ElementsAre("the network's state cannot be read"));
  EXPECT_EQ(saved_, saved);
}

TEST_F(DaemonUnits, a_device_that_was_made_and_not_yet_marked_is_taken_over) {
  const auto before = kernel_.made();
  reconcile();
  const auto made = kernel_.made();
  kernel_.link("edge").alias.clear();
  kernel_.link("edge").up = false;
  kernel_.take_steps();
  start();
  EXPECT_TRUE(reconcile().complete);
  EXPECT_EQ(kernel_.made(), made);
  EXPECT_THAT(kernel_.take_steps(), ElementsAre("change device edge: for nat64.edge, up"));
  kernel_.link("edge").alias.clear();
  start();
  EXPECT_THAT(daemon_->stop(), IsEmpty());
  EXPECT_EQ(kernel_.made(), before);
}

TEST_F(DaemonUnits, a_device_that_somebody_else_made_is_left_alone) {
  kernel_.add_link("edge");
  kernel_.link("edge").kind = "ipxlat";
  kernel_.refuse = "create device edge";  // there is one
  EXPECT_FALSE(reconcile().complete);
  EXPECT_EQ(kernel_.link("edge").alias, "");
  EXPECT_THAT(daemon_->stop(), IsEmpty());
  EXPECT_EQ(kernel_.devices_deleted, 0u);
}

// eth1 hears routers, so that it goes on doing so when the host becomes one.
class DaemonInterfaceSysctl : public DaemonUnits {
 protected:
  static constexpr const char* kEth1 = "net/ipv6/conf/eth1/accept_ra";
  static constexpr const char* kWan = "net/ipv6/conf/wan/accept_ra";

  DaemonInterfaceSysctl() {
    kernel_.seen.sysctls[kEth1] = "1";
    reconcile();
    EXPECT_EQ(kernel_.seen.sysctl(kEth1), "2");
  }
};

TEST_F(DaemonInterfaceSysctl, is_put_back_under_the_name_that_the_interface_has_now) {
  kernel_.rename_link("eth1", "wan");
  start();
  reload({});
  reconcile();
  EXPECT_EQ(kernel_.seen.sysctl(kWan), "1");
  EXPECT_THAT(saved_, IsEmpty());
}

TEST_F(DaemonInterfaceSysctl, is_not_put_back_on_another_interface_of_that_name) {
  kernel_.delete_link("eth1");
  kernel_.add_link("eth1");
  kernel_.seen.sysctls[kEth1] = "2";
  daemon_->stop();
  EXPECT_EQ(kernel_.seen.sysctl(kEth1), "2");
}

TEST_F(DaemonUnits, a_second_clat_on_the_same_uplink_is_told_who_has_it) {
  kernel_.add_route(parse_prefix6("::/0"), "eth0", 1024);
  reload({{}, {clat("home", "eth0"), clat("away", "eth*")}, {}});
  const auto outcome = reconcile();
  EXPECT_EQ(outcome.reports.at(0).state, InstanceState::kOn);
  EXPECT_EQ(outcome.reports.at(1).state, InstanceState::kOff);
  EXPECT_EQ(outcome.reports.at(1).why, "eth0 is the uplink of clat.home");
  EXPECT_THAT(kernel_.made(), Not(Contains(HasSubstr("away0"))));
}

TEST_F(DaemonUnits, packets_for_the_prefix_are_held_while_the_device_is_away) {
  const std::string guard = "unreachable 64:ff9b::/96 metric 1000000";
  kernel_.refuse = "add route 198.18.0.0/15";
  EXPECT_FALSE(reconcile().complete);
  EXPECT_THAT(kernel_.made(), Contains(guard));
  EXPECT_THAT(kernel_.made(), Not(Contains(HasSubstr("edge"))));
  kernel_.refuse.clear();
  now_ += BackOff::kFirst;
  reconcile();
  kernel_.delete_link("edge");
  EXPECT_THAT(kernel_.made(), Contains(guard));
  reload({});
  reconcile();
  EXPECT_THAT(kernel_.made(), Not(Contains(guard)));
}

TEST_F(DaemonUnits, a_worse_unreachable_route_of_the_operator_is_no_conflict) {
  kernel_.add_route(parse_prefix6("64:ff9b::/96"), "", 2000000);
  kernel_.seen.routes.back().type = RouteType::kUnreachable;
  EXPECT_EQ(reconcile().reports.at(0).why, "64:ff9b::/96 is translated to the addresses of eth1");
  daemon_->stop();
  EXPECT_EQ(kernel_.seen.routes.size(), 1u);
}

TEST_F(DaemonUnits, a_conflict_holds_the_prefix_as_well_and_a_stop_lets_it_go_last) {
  kernel_.add_route(parse_prefix4("198.18.5.0/24"), "eth1");
  EXPECT_FALSE(reconcile().complete);
  EXPECT_THAT(kernel_.made(), Contains("unreachable 64:ff9b::/96 metric 1000000"));
  std::erase_if(kernel_.seen.routes, [](const auto& route) { return !route.ours; });
  reconcile();
  kernel_.take_steps();
  daemon_->stop();
  EXPECT_EQ(kernel_.take_steps().back(), "delete unreachable 64:ff9b::/96 metric 1000000");
}

}  // namespace
}  // namespace ipxlat
