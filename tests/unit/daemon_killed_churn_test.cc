// SPDX-License-Identifier: GPL-2.0-only
// A day in which anything happens, and kill -9 at any moment of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/unit/daemon_reconciled.h"

namespace ipxlat {
namespace {

using testing::IsEmpty;
using namespace std::chrono_literals;

class DaemonKilledChurn : public DaemonReconciler, public testing::WithParamInterface<unsigned> {
 protected:
  DaemonKilledChurn() : random_(GetParam()) {
    kernel_.add_route(parse_prefix6("::/0"), "eth0", 1024);
    config_.clat = {clat("home", "eth*")};
    full_config_ = config_;
    untouched_ = kernel_.made();
    reload(config_);
  }

  unsigned draw(unsigned below) { return static_cast<unsigned>(random_() % below); }

  template <class T>
  void take_one_away(std::vector<T>& from) {
    if (!from.empty()) from.erase(from.begin() + draw(static_cast<unsigned>(from.size())));
  }

  void something_happens() {
    switch (draw(11)) {
      case 0:
        return kernel_.delete_link(draw(2) ? "edge" : "home0");
      case 1:
        return std::erase_if(kernel_.seen.routes, [&](const auto& r) { return r.ours && draw(2); }), void();
      case 2:
        return take_one_away(kernel_.seen.tables);
      case 3:
        kernel_.link("eth0").mtu = 1280 + 20 * draw(12);
        return;
      case 4:
        kernel_.seen.sysctls["net/ipv4/ip_forward"] = draw(2) ? "1" : "0";
        return;
      case 5: {  // native IPv4 comes or goes
        const Network four = parse_prefix4("192.0.2.7/24");
        if (!std::erase_if(kernel_.seen.addresses, [&](const auto& a) { return a.network == four; }))
          kernel_.add_address("eth0", four);
        if (!std::erase_if(kernel_.seen.routes, [](const auto& r) { return r.metric == 100; }))
          kernel_.add_route(Prefix4{}, "eth0", 100);
        return;
      }
      case 6: {  // and a conflict
        const Network inside = parse_prefix4("198.18.5.0/24");
        if (!std::erase_if(kernel_.seen.routes, [&](const auto& r) { return r.destination == inside; }))
          kernel_.add_route(inside, "eth1");
        return;
      }
      case 7:
        kernel_.refuse = draw(2) ? "add route" : "write nftables";
        kernel_.refusals = draw(5);
        return;
      case 8: {
        Config config = full_config_;
        if (draw(2)) config.clat.clear();
        if (draw(2)) config.nat64[0] = nat64("gate", "2001:db8:64::/96", "10.64.0.0/16");
        return reload(config);
      }
      case 9:
        return start();  // killed and started again
      case 10:           // killed at some moment of a look
        kernel_.kill_in = 1 + draw(20);
        try {
          reconcile();
        } catch (const FakeKernel::Killed&) {
        }
        kernel_.kill_in = 0;
        return start();
    }
  }

  void calm() {
    kernel_.refuse.clear();
    std::erase_if(kernel_.seen.routes, [](const auto& r) { return !r.ours && !is_ipv6(r.destination); });
    std::erase_if(kernel_.seen.addresses, [](const auto& a) { return !a.ours; });
    for (int look = 0; look < 3; look++) {
      now_ += BackOff::kLongest;
      reconcile();
    }
  }

  std::mt19937 random_;
  Config full_config_;
  std::vector<std::string> untouched_;
};

TEST_P(DaemonKilledChurn, ends_in_what_is_wanted_without_flapping_and_leaves_nothing) {
  for (auto rest = 24h; rest > 0h; rest -= 1h) {
    for (int event = 0; event < 40; event++) {
      something_happens();
      now_ += std::chrono::seconds(draw(90));
      reconcile();
    }
    calm();
    const auto outcome = reconcile();
    ASSERT_TRUE(outcome.complete) << outcome.reports.at(0).why;
    ASSERT_EQ(outcome.next, std::nullopt);
    for (const auto& report : outcome.reports) ASSERT_EQ(report.state, InstanceState::kOn) << report.why;
    kernel_.take_steps();
    reconcile();
    ASSERT_THAT(kernel_.take_steps(), IsEmpty());
  }
  ASSERT_THAT(daemon_->stop(), IsEmpty());
  kernel_.link("eth0").mtu = 1500;
  kernel_.seen.sysctls["net/ipv4/ip_forward"] = "0";  // somebody may have set it last
  EXPECT_EQ(kernel_.made(), untouched_);
  EXPECT_THAT(saved_, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Seeds, DaemonKilledChurn, testing::Range(1u, 5u));

}  // namespace
}  // namespace ipxlat
