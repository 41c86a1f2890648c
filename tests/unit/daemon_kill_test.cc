// SPDX-License-Identifier: GPL-2.0-only
// kill -9 at every moment: what the next daemon makes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/daemon_reconciled.h"

namespace ipxlat {
namespace {

using testing::IsEmpty;

// A way through a daemon's life, from nothing.
struct Life {
  const char* name;
  void (*live)(class DaemonKill&);
};

class DaemonKill : public DaemonReconciler, public testing::WithParamInterface<Life> {
 public:
  DaemonKill() { set_up(); }

  void set_up() {
    kernel_ = FakeKernel();
    for (const char* link : {"eth0", "eth1"}) kernel_.add_link(link);
    kernel_.seen.sysctls["net/ipv6/conf/eth1/accept_ra"] = "1";
    kernel_.add_route(parse_prefix6("::/0"), "eth0", 1024);
    config_ = {};
    config_.nat64 = {nat64("edge", "64:ff9b::/96", "198.18.0.0/15")};
    config_.clat = {clat("home", "eth0")};
    SiitConfig siit;
    siit.name = siit.device = "dc";
    siit.map = {{parse_prefix4("198.51.100.10/32"), parse_prefix6("2001:db8:12::10/128")}};
    config_.siit = {siit};
    Nat46Config front;
    front.name = front.device = "front";
    front.settings.remote_prefix6 = parse_prefix6("64:ff9b:1:46::/96");
    front.inside4 = parse_prefix4("240.46.0.0/16");
    front.forward = {
        {IPPROTO_TCP, parse_address4("203.0.113.80"), 443, parse_address6("2001:db8:12::80"), 8443}};
    config_.nat46 = {front};
    saved_.clear();
    untouched_ = kernel_.made();
    start();
  }

  // Until nothing is left to do.
  void settle() {
    for (int pass = 0; pass < 3; pass++) {
      kernel_.take_steps();
      now_ += BackOff::kLongest;
      reconcile();
    }
    EXPECT_THAT(kernel_.take_steps(), IsEmpty());
  }

  // The digest of a table has the number of a device in it, which may have been made twice.
  std::vector<std::string> made() const {
    auto all = kernel_.made();
    for (auto& one : all) one = one.substr(0, one.starts_with("table") ? one.rfind(' ') : one.npos);
    return all;
  }

  void fail() {
    for (int pass = 0; pass < 3; pass++) {
      now_ += BackOff::kLongest;
      EXPECT_FALSE(reconcile().complete);
    }
  }

  void configure(const Config& config) { reload(config); }
  const Config& config() const { return config_; }
  FakeKernel& kernel() { return kernel_; }
  void stop() { daemon_->stop(); }

 protected:
  std::vector<std::string> untouched_;
};

void comes_up(DaemonKill& daemon) { daemon.settle(); }

void is_configured_anew(DaemonKill& daemon) {
  daemon.settle();
  Config config = daemon.config();
  config.nat64[0] = nat64("gate", "2001:db8:64::/96", "10.64.0.0/16");
  config.siit[0].device = "edge";
  config.siit[0].map.push_back({parse_prefix4("198.51.100.12/32"), parse_prefix6("2001:db8:12::12/128")});
  config.clat.clear();
  daemon.configure(config);
  daemon.settle();
}

void follows_the_network(DaemonKill& daemon) {
  daemon.settle();
  daemon.kernel().link("eth0").mtu = 1280;
  daemon.settle();
  daemon.kernel().delete_link("home0");
  daemon.settle();
}

void cannot_have_all(DaemonKill& daemon) {
  daemon.kernel().refuse = "add route 198.51.100.10/32";
  daemon.fail();
  daemon.kernel().refuse.clear();
  daemon.settle();
}

void is_stopped(DaemonKill& daemon) {
  daemon.settle();
  daemon.stop();
}

TEST_P(DaemonKill, leads_to_the_same_and_a_stop_leaves_nothing) {
  GetParam().live(*this);
  const auto wanted_config = config_;
  settle();
  const auto wanted = made();
  unsigned moments = 0;
  for (bool killed = true; killed; moments++) {
    set_up();
    kernel_.kill_in = moments + 1;
    try {
      GetParam().live(*this);
      killed = false;
    } catch (const FakeKernel::Killed&) {
    }
    kernel_.kill_in = 0;
    kernel_.refuse.clear();
    if (!killed) break;
    // the rest of that life, as far as it is not the daemon's own
    config_ = wanted_config;
    if (GetParam().live == follows_the_network) kernel_.link("eth0").mtu = 1280;
    start();
    settle();
    ASSERT_EQ(made(), wanted) << "killed at moment " << moments;
    start();
    ASSERT_THAT(daemon_->stop(), IsEmpty());
    if (GetParam().live == follows_the_network) kernel_.link("eth0").mtu = 1500;
    ASSERT_EQ(kernel_.made(), untouched_) << "killed at moment " << moments;
    ASSERT_THAT(saved_, IsEmpty());
  }
  EXPECT_GT(moments, 40u);
}

INSTANTIATE_TEST_SUITE_P(Lives, DaemonKill,
                         testing::Values(Life{"comes_up", comes_up},
                                         Life{"is_configured_anew", is_configured_anew},
                                         Life{"follows_the_network", follows_the_network},
                                         Life{"cannot_have_all", cannot_have_all},
                                         Life{"is_stopped", is_stopped}),
                         [](const auto& life) { return life.param.name; });

}  // namespace
}  // namespace ipxlat
