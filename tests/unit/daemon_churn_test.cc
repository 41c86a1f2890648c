// SPDX-License-Identifier: GPL-2.0-only
// A day of a restless network, on a clock of the test's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/unit/daemon_house.h"

namespace ipxlat {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

class DaemonChurn : public testing::Test {
 protected:
  DaemonChurn() {
    auto& kernel = house_.kernel.inner;
    kernel.add_link("wlan0");
    settle();
    house_.config = config();
  }

  static Config config() {
    Config config;
    config.nat64 = {nat64_config()};
    ClatConfig clat;
    clat.name = "home";
    clat.device = "clat0";
    clat.uplinks = {"eth0", "wl*"};
    clat.pref64 = parse_prefix6("2001:db8:64::/96");
    config.clat = {clat};
    SiitConfig siit;
    siit.name = siit.device = "dc";
    siit.settings.remote_prefix6 = parse_prefix6("2001:db8:46::/96");
    siit.map = {{parse_prefix4("203.0.113.0/28"), parse_prefix6("2001:db8:1:2::/124")}};
    config.siit = {siit};
    return config;
  }

  // The network in good order: everything can be had.
  void settle() {
    auto& kernel = house_.kernel.inner;
    for (const std::string name : {"eth0", "eth1", "wlan0"}) {
      if (!has_link(name)) kernel.add_link(name);
      kernel.link(name).up = kernel.link(name).carrier = true;
      kernel.link(name).mtu = 1500;
      kernel.seen.sysctls["net/ipv6/conf/" + name + "/mtu"] = "1500";
    }
    std::erase_if(kernel.seen.routes, [](const auto& r) { return !r.ours; });
    std::erase_if(kernel.seen.addresses, [](const auto& a) { return !a.ours; });
    kernel.add_route(Prefix6{}, "eth0", 1024);
    advertise("eth0", "2001:db8:a::1/64");
    kernel.refuse.clear();
    kernel.unreadable.reset();
    house_.config = config();
    house_.load = [this] { return house_.config; };
  }

  bool has_link(const std::string& name) const { return house_.kernel.inner.seen.link(name) != nullptr; }

  void advertise(const std::string& link, const std::string& address) {
    house_.kernel.inner.add_address(link, parse_prefix6(address)).autoconf = true;
  }

  void reload() {
    if (!house_.service.reload()) refused_reloads_++;
  }

  // What the daemon made, without the digests of tables, in which numbers of devices are.
  std::vector<std::string> made() const {
    auto all = house_.kernel.inner.made();
    for (auto& one : all)
      if (one.starts_with("table ")) one.resize(one.rfind(' '));
    return all;
  }

  // Something happens.
  void disturb() {
    auto& kernel = house_.kernel.inner;
    const unsigned before = kernel.announcements;
    const std::string link = pick() % 2 ? "eth0" : pick() % 2 ? "eth1" : "wlan0";
    switch (pick() % 16) {
      case 0:  // unplugged
        if (has_link(link)) kernel.delete_link(link);
        break;
      case 1:
        if (!has_link(link)) kernel.add_link(link);
        break;
      case 2:
        if (has_link(link)) kernel.link(link).carrier = kernel.link(link).up = pick() % 2;
        break;
      case 3:
        if (has_link(link)) kernel.link(link).mtu = 1280 + pick() % 300;
        break;
      case 4:  // a router comes
        if (has_link(link)) kernel.add_route(Prefix6{}, link, 512 + pick() % 3 * 256);
        break;
      case 5:  // routers go
        std::erase_if(kernel.seen.routes, [&](const auto& r) { return !r.ours && r.link == link; });
        break;
      case 6:
        if (has_link(link)) advertise(link, "2001:db8:" + std::to_string(pick() % 9) + "::1/64");
        break;
      case 7:
        std::erase_if(kernel.seen.addresses, [&](const auto& a) { return !a.ours && a.link == link; });
        break;
      case 8:  // IPv4
        if (!has_link(link)) break;
        kernel.add_address(link, parse_prefix4("192.0.2.9/24"));
        kernel.add_route(Prefix4{}, link, pick() % 2 * 100);
        break;
      case 9:  // somebody flushes
        kernel.seen.tables.clear();
        break;
      case 10:
        std::erase_if(kernel.seen.routes, [&](const auto& r) { return r.ours && pick() % 2; });
        break;
      case 11:
        kernel.delete_link(pick() % 2 ? "edge" : pick() % 2 ? "clat0" : "dc");
        break;
      case 12:
        kernel.refuse = pick() % 3 ? "" : pick() % 2 ? "create device" : "add route";
        break;
      case 13:
        kernel.unreadable.reset();
        if (pick() % 4 == 0) kernel.unreadable = NetlinkError{EINTR, "it changed meanwhile"};
        break;
      case 14:
        house_.config.nat64[0].settings.lowest_ipv6_mtu = 1280 + pick() % 200;
        if (pick() % 2) std::swap(house_.config.siit, spare_);
        reload();
        break;
      default:
        house_.load = []() -> Config { throw ConfigError({"a.toml:1: no"}); };
        reload();
        house_.load = [this] { return house_.config; };
    }
    // not everything is announced
    if (kernel.announcements != before || pick() % 4) house_.announce();
  }

  // The network stays as it is: after the longest back-off nothing moves.
  void expect_calm() {
    house_.run_for(5min);
    house_.kernel.inner.take_steps();
    const size_t looks = house_.kernel.looks;
    house_.run_for(30min);
    EXPECT_THAT(house_.kernel.inner.take_steps(), IsEmpty());
    EXPECT_LE(house_.kernel.looks - looks, 10u);
  }

  unsigned pick() { return static_cast<unsigned>(random_()); }

  House house_;
  std::vector<SiitConfig> spare_;
  size_t refused_reloads_ = 0;
  std::mt19937 random_{1};
};

TEST_F(DaemonChurn, a_day_of_it_leaves_the_same_as_a_fresh_start_and_nothing_after_a_stop) {
  auto& kernel = house_.kernel.inner;
  const auto before = made();
  house_.service.start();
  size_t disturbances = 0;
  for (int hour = 0; hour < 24; hour++) {
    for (const Time end = house_.clock.time + 25min; house_.clock.time < end; disturbances++) {
      disturb();
      house_.run_for(std::chrono::milliseconds(10 + pick() % 60000));
      house_.notifications.clear();
    }
    settle();
    reload();
    expect_calm();
    for (const std::string id : {"nat64.edge", "clat.home", "siit.dc"})
      EXPECT_TRUE(house_.is_on(id)) << "hour " << hour << ": " << id << ": " << house_.report(id).why;
    if (HasFailure()) return;
  }
  EXPECT_GT(disturbances, 1000u);
  EXPECT_LE(house_.kernel.looks, disturbances * 8);
  EXPECT_GT(refused_reloads_, 50u);
  const auto lived = made();
  EXPECT_THAT(house_.service.stop(), IsEmpty());
  EXPECT_EQ(made(), before);

  Reconciler fresh(kernel, SipKey{7}, Ledger({}, [](const MadeResources&) { return Result<void>(); }),
                   [](Level, const std::string&) {});
  fresh.set_config(config());
  for (int look = 0; look < 3; look++) fresh.reconcile(house_.clock.time);
  EXPECT_EQ(made(), lived);
}

}  // namespace
}  // namespace ipxlat
