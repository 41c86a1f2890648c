// SPDX-License-Identifier: GPL-2.0-only
// What a CLAT wants, given what there is.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/desired/clat.h"
#include "daemon/desired/discovery.h"
#include "daemon/desired/stable_address.h"
#include "lib/owner.h"
#include "tests/unit/daemon_fake_kernel.h"
#include "tests/unit/daemon_wanted.h"

namespace ipxlat {
namespace {

using namespace std::chrono_literals;

using testing::ElementsAre;

constexpr const char* kNobody = "unreachable 192.0.0.0/29 metric 1000000";
constexpr const char* kDefault = "route 0.0.0.0/0 dev clat0 metric 2048 mtu 1480";

// What a router on `link` advertises.
void advertise(Seen& seen, const SeenLink& link, const char* prefix, int64_t until = 600) {
  seen.known.advertised.push_back({link.ifindex, parse_prefix6(prefix), Time(std::chrono::seconds(until))});
}

class DaemonClat : public testing::Test {
 protected:
  DaemonClat() {
    kernel_.add_link("eth0");
    kernel_.add_link("eth1");
    for (const char* link : {"eth0", "eth1"})
      kernel_.seen.sysctls[std::string("net/ipv6/conf/") + link + "/accept_ra"] = "1";
    kernel_.add_route(parse_prefix6("::/0"), "eth0", 1024);
    kernel_.add_address("eth0", parse_prefix6("2001:db8:1::11/64")).autoconf = true;
    config_.name = "home";
    config_.device = "clat0";
    config_.uplinks = {"eth*"};
    config_.pref64 = parse_prefix6("64:ff9b::/96");
  }

  std::vector<Unit> units() {
    std::set<uint32_t> taken;
    return clat_units(config_, kernel_.seen, secret_, now_, taken);
  }
  Unit unit() { return units().at(0); }

  // As after a pass in which the unit was on.
  void has_device(const Unit& unit) {
    const Device wanted = device(unit).value();
    kernel_.add_link(wanted.name);
    auto& link = kernel_.link(wanted.name);
    link.kind = "ipxlat";
    link.alias = owner_mark(wanted.owner);
    link.config = wanted.config;
    for (const auto& address : unit.all<Address>())
      if (address.link == wanted.name) kernel_.add_address(wanted.name, address.network).ours = true;
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
  Time now_{};
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

TEST_F(DaemonClat, a_network_behind_needs_forwarding_of_ipv4_alone) {
  config_.address6 = SharedAddress{};
  config_.downlinks = {"eth1", "lan0"};
  config_.uplinks = {"eth0"};
  kernel_.seen.sysctls["net/ipv4/conf/eth1/forwarding"] = "0";
  const auto wanted = [&] {
    std::vector<std::string> all;
    for (const auto& one : unit().all<Sysctl>()) all.push_back(one.path + "=" + one.value);
    return all;
  };
  EXPECT_THAT(wanted(), ElementsAre("net/ipv4/conf/eth1/forwarding=1", "net/ipv4/conf/clat0/forwarding=1"));
  EXPECT_THAT(unit().report.warnings, ElementsAre("there is no interface lan0"));
  EXPECT_THAT(unit().report.downlinks, ElementsAre("eth1", "lan0"));
  config_.manage_sysctls = false;
  EXPECT_EQ(unit().report.state, InstanceState::kFailed);
  EXPECT_EQ(unit().report.why, "it needs net.ipv4.conf.eth1.forwarding = 1, and manage-sysctls is false");
  kernel_.seen.sysctls["net/ipv4/conf/eth1/forwarding"] = "1";
  EXPECT_EQ(unit().report.state, InstanceState::kOn);
  EXPECT_THAT(wanted(), ElementsAre("net/ipv4/conf/clat0/forwarding=1"));
}

// What a unit has after a pass, with duplicate address detection done.
class DaemonClatTemporary : public DaemonClat {
 protected:
  DaemonClatTemporary() {
    config_.address6 = TemporaryAddress{};
    kernel_.seen.sysctls[kBootId] = "a boot";
    now_ = Time(24h * 40 + 5h);
  }

  Unit made() {
    const Unit wanted = unit();
    std::erase_if(kernel_.seen.addresses, [](const SeenAddress& one) { return one.ours; });
    std::erase_if(kernel_.seen.links, [](const SeenLink& one) { return one.ours(); });
    for (const auto& address : wanted.all<Address>())
      if (address.link == "eth0") kernel_.add_address("eth0", address.network).ours = true;
    has_device(wanted);
    return wanted;
  }

  // The units' ends by their IPv6.
  static std::vector<std::string> ends(const Unit& unit) {
    std::vector<std::string> all;
    const Device wanted = device(unit).value();
    for (const auto& entry : wanted.config.map)
      all.push_back(to_string(entry.prefix4.address) + " " + to_string(entry.prefix6.address));
    return all;
  }

  std::string of_day(int64_t day, unsigned attempt = 0) {
    return to_string(
        temporary_address(secret_, parse_prefix6("2001:db8:1::/64"), "eth0", "a boot", day, attempt));
  }
};

TEST_F(DaemonClatTemporary, an_address_is_for_a_day_and_a_second_one_for_what_is_open) {
  made();
  Unit wanted = made();
  EXPECT_EQ(wanted.report.address6, of_day(40));
  EXPECT_EQ(wanted.report.address6_mode, "temporary");
  EXPECT_THAT(ends(wanted), ElementsAre("192.0.0.1 " + of_day(40)));
  EXPECT_EQ(wanted.recheck_at, Time(24h * 41));
  EXPECT_THAT(routes(wanted),
              ElementsAre(kNobody, "route 0.0.0.0/0 dev clat0 src 192.0.0.1 metric 2048 mtu 1480"));
  now_ = *wanted.recheck_at;
  wanted = unit();
  EXPECT_THAT(ends(wanted), ElementsAre("192.0.0.1 " + of_day(40), "192.0.0.2 " + of_day(41)))
      << "until duplicate address detection is done";
  EXPECT_EQ(wanted.report.state, InstanceState::kOn);
  made();
  wanted = made();
  EXPECT_THAT(ends(wanted), ElementsAre("192.0.0.2 " + of_day(41), "192.0.0.1 " + of_day(40)));
  EXPECT_THAT(routes(wanted),
              ElementsAre(kNobody, "route 0.0.0.0/0 dev clat0 src 192.0.0.2 metric 2048 mtu 1480"));
  EXPECT_EQ(made().report.local4, "192.0.0.2/32") << "nothing changes by itself";
  now_ += 24h;
  made();
  wanted = made();
  EXPECT_THAT(ends(wanted), ElementsAre("192.0.0.3 " + of_day(42), "192.0.0.2 " + of_day(41)))
      << "each has its own as long as it is there";
  now_ += 24h * 3;
  made();
  EXPECT_EQ(ends(made()).size(), 1u) << "a machine that slept has nothing of yesterday";
}

TEST_F(DaemonClatTemporary, another_boot_has_other_addresses) {
  const std::string before = made().report.address6;
  kernel_.seen.sysctls[kBootId] = "another boot";
  EXPECT_NE(made().report.address6, before);
}

TEST_F(DaemonClatTemporary, the_next_one_is_taken_after_a_duplicate) {
  made();
  kernel_.seen.addresses.back().duplicate = kernel_.seen.addresses.back().tentative = true;
  for (auto& one : kernel_.seen.addresses)
    if (one.ours && one.link == "eth0") one.duplicate = true;
  EXPECT_EQ(unit().report.address6, of_day(40, 1));
}

TEST_F(DaemonClatTemporary, both_addresses_have_a_way_in) {
  made();
  now_ += 24h;
  made();
  const Unit wanted = made();
  const auto content = wanted.all<Tables>().front().content;
  ASSERT_TRUE(content);
  EXPECT_EQ(content->front().chains.front().rules.size(), 1u);
  EXPECT_EQ(wanted.all<Address>().size(), 4u);
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
  for (const char* local4 : {"192.0.0.1/32", "192.0.0.2/32"})
    EXPECT_EQ(clat_units(config_, kernel_.seen, secret_, now_, taken).at(0).report.local4, local4);
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

TEST_F(DaemonClat, is_off_beside_another_clat_unless_forced) {
  config_.address6 = SharedAddress{};
  kernel_.add_link("clat");
  kernel_.add_address("clat", parse_prefix4("192.0.0.1/32"));
  EXPECT_EQ(unit().report.state, InstanceState::kOn) << "it has no way out";
  kernel_.add_route(parse_prefix4("0.0.0.0/0"), "clat", 2048);
  const std::string whose = ", such as clatd's, NetworkManager's or systemd-networkd's";
  EXPECT_EQ(unit().report.why, "another CLAT has 192.0.0.1/32 on clat" + whose);
  config_.mode = ClatMode::kForce;
  EXPECT_EQ(unit().report.state, InstanceState::kOn);
  config_.mode = ClatMode::kAuto;
  kernel_.seen.routes.back().ours = true;
  EXPECT_EQ(unit().report.state, InstanceState::kOn);
  kernel_.seen.routes.pop_back();
  kernel_.seen.addresses.pop_back();
  // NetworkManager's is on the uplink itself
  kernel_.add_address("eth0", parse_prefix4("192.0.0.5/32"));
  kernel_.add_route(parse_prefix4("0.0.0.0/0"), "eth0", 700);
  EXPECT_EQ(unit().report.why, "another CLAT has 192.0.0.5/32 on eth0" + whose);
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

TEST_F(DaemonClat, each_uplink_has_one_of_its_own) {
  config_.address6 = SharedAddress{};
  kernel_.add_route(parse_prefix6("::/0"), "eth1", 2000).gateway = parse_prefix6("fe80::b/128");
  auto all = units();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].id(), "clat.home/eth0");
  EXPECT_EQ(all[1].id(), "clat.home/eth1");
  EXPECT_EQ(device(all[0])->name, "clat0");
  EXPECT_EQ(device(all[1])->name, "clat0.1");
  EXPECT_EQ(device(all[1])->owner, "clat.home/eth1");
  EXPECT_EQ(all[1].all<Tables>().front().name, "ipxlat-home/1");
  EXPECT_EQ(all[1].report.device, "clat0.1");
  EXPECT_THAT(routes(all[0]), ElementsAre(kNobody, kDefault)) << "its way is the host's";
  EXPECT_THAT(
      routes(all[1]),
      ElementsAre("route 64:ff9b::/96 from 64:ff9b:1:fffe::c000:2/128 via fe80::b dev eth1 metric 1024",
                  kNobody, "route 0.0.0.0/0 dev clat0.1 metric 2049 mtu 1480"));
}

TEST_F(DaemonClat, who_is_preferred_changes_nothing_of_an_address) {
  config_.address6 = SharedAddress{};
  kernel_.seen.routes.back().gateway = parse_prefix6("fe80::a/128");
  has_device(unit());
  kernel_.add_route(parse_prefix6("::/0"), "eth1", 100);
  const auto all = units();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].report.uplinks, std::vector<std::string>{"eth1"});
  EXPECT_EQ(device(all[0])->name, "clat0.1");
  EXPECT_THAT(routes(all[0]), ElementsAre(kNobody, "route 0.0.0.0/0 dev clat0.1 metric 2048 mtu 1480"));
  EXPECT_EQ(device(all[1])->name, "clat0");
  EXPECT_EQ(all[1].report.local4, "192.0.0.1/32");
  EXPECT_THAT(
      routes(all[1]),
      ElementsAre("route 64:ff9b::/96 from 64:ff9b:1:fffe::c000:1/128 via fe80::a dev eth0 metric 1024",
                  kNobody, "route 0.0.0.0/0 dev clat0 metric 2049 mtu 1480"));
  // a connection from 192.0.0.1 comes by the other device now
  const std::vector<MapEntry> both{
      {parse_prefix4("192.0.0.2/32"), parse_prefix6("64:ff9b:1:fffe::c000:2/128")},
      {parse_prefix4("192.0.0.1/32"), parse_prefix6("64:ff9b:1:fffe::c000:1/128")}};
  for (const auto& one : all) EXPECT_THAT(device(one)->config.map, testing::UnorderedElementsAreArray(both));
  has_device(all[0]);
  kernel_.link("eth0").up = false;
  EXPECT_EQ(device(unit())->name, "clat0.1") << "no device is renamed";
}

TEST_F(DaemonClat, uplinks_behind_other_nat64s_know_nothing_of_each_other) {
  config_.address6 = SharedAddress{};
  config_.pref64.reset();
  kernel_.add_route(parse_prefix6("::/0"), "eth1", 2000);
  advertise(kernel_.seen, kernel_.link("eth0"), "64:ff9b::/96");
  advertise(kernel_.seen, kernel_.link("eth1"), "2001:db8:64::/96");
  for (const auto& one : units()) EXPECT_EQ(device(one)->config.map.size(), 1u);
}

TEST_F(DaemonClat, two_ways_of_one_metric_are_both_told_apart_by_their_source) {
  config_.address6 = SharedAddress{};
  kernel_.add_route(parse_prefix6("::/0"), "eth1", 1024);
  for (const auto& one : units()) EXPECT_EQ(routes(one).size(), 3u);
}

TEST_F(DaemonClat, a_better_way_by_somebody_elses_link_is_not_taken) {
  config_.address6 = SharedAddress{};
  config_.uplinks = {"eth0"};
  kernel_.add_route(parse_prefix6("::/0"), "eth1", 100);
  EXPECT_THAT(routes(unit()), testing::Contains("route 64:ff9b::/96 from 64:ff9b:1:fffe::c000:1/128 dev eth0 "
                                                "metric 1024"));
}

TEST_F(DaemonClat, an_address_that_was_given_is_at_one_uplink) {
  kernel_.add_route(parse_prefix6("::/0"), "eth1", 100);
  config_.address6 = parse_address6("2001:db8:1::c1a7");
  EXPECT_EQ(units().size(), 1u);
  EXPECT_EQ(unit().report.uplinks, std::vector<std::string>{"eth1"});
  config_.address6 = parse_prefix6("2001:db8:100::/96");
  config_.local4 = parse_prefix4("192.0.2.0/24");
  EXPECT_EQ(units().size(), 1u);
}

TEST_F(DaemonClat, a_way_that_is_away_takes_nothing_away) {
  config_.address6 = SharedAddress{};
  const Unit before = unit();
  has_device(before);
  kernel_.seen.routes.clear();
  const Unit wanted = unit();
  EXPECT_EQ(wanted.report.state, InstanceState::kOn);
  EXPECT_THAT(wanted.report.warnings, ElementsAre("eth0 has no route to 64:ff9b::/96"));
  EXPECT_EQ(routes(wanted), routes(before));
  kernel_.link("eth0").up = false;
  EXPECT_EQ(unit().report.why, "eth0 has no route to 64:ff9b::/96");
}

TEST_F(DaemonClat, a_pattern_is_for_links_that_lead_somewhere) {
  config_.uplinks = {"[ev]*"};
  kernel_.add_link("veth1");
  EXPECT_EQ(units().size(), 1u);
  config_.uplinks = {"[ev]*", "veth1"};
  EXPECT_EQ(units().size(), 2u) << "it is named";
  kernel_.seen.routes.clear();
  config_.uplinks = {"[ev]*"};
  EXPECT_EQ(unit().report.why, "eth0 has no route to 64:ff9b::/96");
}

TEST_F(DaemonClat, a_long_name_has_room_for_a_number) {
  config_.address6 = SharedAddress{};
  config_.device = "a-translator-ab";
  kernel_.add_route(parse_prefix6("::/0"), "eth1", 2000);
  EXPECT_EQ(device(units().at(1))->name, "a-translator-.1");
}

TEST_F(DaemonClat, is_off_without_an_uplink_or_a_route) {
  config_.uplinks = {"wl*", "usb0"};
  EXPECT_EQ(unit().report.why, "there is no interface wl*, usb0");
  config_.uplinks = {"eth1"};
  EXPECT_EQ(unit().report.why, "eth1 has no route to 64:ff9b::/96");
  EXPECT_EQ(unit().report.state, InstanceState::kOff);
  EXPECT_EQ(unit().report.device, "") << "another CLAT of the instance may have it";
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
  EXPECT_THAT(routes(unit()), ElementsAre(kNobody, "route 0.0.0.0/0 dev clat0 metric 2048 mtu 1380"));
  kernel_.seen.sysctls["net/ipv6/conf/eth0/mtu"] = "1280";
  EXPECT_EQ(device(unit())->mtu, 1280u);
  EXPECT_THAT(routes(unit()), ElementsAre(kNobody, "route 0.0.0.0/0 dev clat0 metric 2048 mtu 1260"));
}

TEST_F(DaemonClat, a_prefix_is_discovered) {
  config_.pref64.reset();
  config_.address6 = SharedAddress{};
  EXPECT_EQ(unit().report.why, "neither routers on eth0 nor DNS tell the prefix of a NAT64");
  EXPECT_EQ(unit().report.state, InstanceState::kOff);
  EXPECT_TRUE(unit().resources.empty());
  advertise(kernel_.seen, kernel_.link("eth0"), "2001:db8:64::/96");
  const Unit wanted = unit();
  EXPECT_EQ(wanted.report.state, InstanceState::kOn);
  EXPECT_EQ(wanted.report.why,
            "pref64 2001:db8:64::/96 by router advertisement through eth0, address 64:ff9b:1:fffe::c000:1 "
            "(shared)");
  EXPECT_EQ(wanted.report.pref64_until, Time(std::chrono::seconds(600)));
  EXPECT_EQ(device(wanted)->config.settings.remote_prefix6, parse_prefix6("2001:db8:64::/96"));
  config_.mode = ClatMode::kOff;
  EXPECT_EQ(unit().report.why, "mode is off");
}

TEST_F(DaemonClat, where_nobody_can_listen_to_routers_it_says_so) {
  config_.pref64.reset();
  EXPECT_EQ(unit().report.why, "neither routers on eth0 nor DNS tell the prefix of a NAT64");
  kernel_.seen.known.unheard = "routers cannot be listened to: CAP_NET_RAW is missing";
  EXPECT_EQ(
      unit().report.why,
      "DNS does not tell the prefix of a NAT64, and routers cannot be listened to: CAP_NET_RAW is missing");
}

TEST_F(DaemonClat, a_prefix_that_is_forced_on_has_to_be_known) {
  config_.pref64.reset();
  config_.mode = ClatMode::kForce;
  EXPECT_EQ(unit().report.why, "neither routers on eth0 nor DNS tell the prefix of a NAT64");
}

TEST_F(DaemonClat, a_given_prefix_is_not_discovered) {
  advertise(kernel_.seen, kernel_.link("eth0"), "2001:db8:64::/96");
  EXPECT_EQ(unit().report.pref64, "64:ff9b::/96");
  EXPECT_EQ(unit().report.pref64_from, "");
}

TEST_F(DaemonClat, a_prefix_holds_on_the_link_that_leads_there) {
  config_.pref64.reset();
  advertise(kernel_.seen, kernel_.link("eth1"), "2001:db8:64::/96");
  EXPECT_EQ(units().at(0).report.why, "neither routers on eth0 nor DNS tell the prefix of a NAT64");
  EXPECT_EQ(units().at(1).report.why, "eth1 has no route to 2001:db8:64::/96");
  kernel_.add_route(parse_prefix6("::/0"), "eth1", 100);
  EXPECT_THAT(unit().report.uplinks, ElementsAre("eth1"));
  EXPECT_EQ(unit().report.pref64, "2001:db8:64::/96");
  kernel_.link("eth1").up = false;
  EXPECT_EQ(unit().report.pref64, "");
}

TEST_F(DaemonClat, of_several_prefixes_the_one_that_the_source_prefers_is_taken_and_kept) {
  config_.pref64.reset();
  for (const char* prefix : {"64:ff9b::/96", "2001:db8:1:64::/96", "2001:db8:9:64::/96"})
    advertise(kernel_.seen, kernel_.link("eth0"), prefix);
  EXPECT_EQ(unit().report.pref64, "2001:db8:1:64::/96") << "RFC 6724 section 5, rule 8";
  kernel_.add_link("clat0");
  auto& clat = kernel_.link("clat0");
  clat.kind = "ipxlat";
  clat.alias = "ipxlatd [clat.home/eth0]";
  clat.config = DeviceConfig{};
  clat.config->settings.remote_prefix6 = parse_prefix6("2001:db8:9:64::/96");
  EXPECT_EQ(unit().report.pref64, "2001:db8:9:64::/96") << "connections outlive others";
  kernel_.seen.known.advertised.pop_back();
  EXPECT_EQ(unit().report.pref64, "2001:db8:1:64::/96");
}

TEST_F(DaemonClat, a_prefix_of_the_sources_kind_is_preferred) {
  config_.pref64.reset();
  for (const char* prefix : {"fd00:64::/96", "2a00:64::/96"})
    advertise(kernel_.seen, kernel_.link("eth0"), prefix);
  EXPECT_EQ(unit().report.pref64, "2a00:64::/96") << "RFC 6724 section 5, rule 6";
}

TEST_F(DaemonClat, what_dns_tells_is_second_to_routers) {
  config_.pref64.reset();
  const uint32_t eth0 = kernel_.link("eth0").ifindex;
  kernel_.seen.known.resolved = {{eth0, parse_prefix6("2001:db8:1:64::/96"), Time(std::chrono::seconds(60))}};
  EXPECT_EQ(unit().report.pref64, "2001:db8:1:64::/96");
  EXPECT_EQ(unit().report.pref64_from, "DNS");
  EXPECT_EQ(unit().report.pref64_until, Time(std::chrono::seconds(60)));
  advertise(kernel_.seen, kernel_.link("eth0"), "64:ff9b::/96");
  EXPECT_EQ(unit().report.pref64, "64:ff9b::/96");
  EXPECT_EQ(unit().report.pref64_from, "router advertisement");
}

TEST_F(DaemonClat, where_a_prefix_is_to_be_discovered) {
  Config config;
  config.clat = {config_};
  const auto links = [&] { return discovery_of(config, kernel_.seen).links; };
  const uint32_t eth0 = kernel_.link("eth0").ifindex, eth1 = kernel_.link("eth1").ifindex;
  EXPECT_THAT(links(), testing::IsEmpty()) << "it is given";
  config.clat[0].pref64.reset();
  EXPECT_THAT(links(), ElementsAre(eth0, eth1));
  kernel_.link("eth1").carrier = false;
  EXPECT_THAT(links(), ElementsAre(eth0));
  kernel_.link("eth1").carrier = true;
  kernel_.link("eth0").up = false;
  EXPECT_THAT(links(), ElementsAre(eth1));
  config.clat[0].mode = ClatMode::kOff;
  EXPECT_THAT(links(), testing::IsEmpty());
}

TEST_F(DaemonClat, whom_to_ask_for_the_prefix) {
  Config config;
  config_.pref64.reset();
  config.clat = {config_};
  const auto of = [&](const char* link) {
    const auto by_name = discovery_of(config, kernel_.seen).by_name;
    const auto found = by_name.find(kernel_.link(link).ifindex);
    return found == by_name.end() ? std::nullopt : std::optional(found->second);
  };
  EXPECT_EQ(of("eth0"), (Search{"eth0", {}, true})) << "the host's";
  kernel_.seen.known.unheard = "routers cannot be listened to";
  EXPECT_EQ(of("eth0"), (Search{"eth0", {}, false}));
  kernel_.seen.known.resolvers = {{kernel_.link("eth1").ifindex, parse_address6("fe80::1")},
                                  {kernel_.link("eth0").ifindex, parse_address6("2001:db8::53")}};
  EXPECT_EQ(of("eth0"), (Search{"eth0", {"2001:db8::53"}, false}));
  EXPECT_EQ(of("eth1"), (Search{"eth1", {"fe80::1"}, false}));
  config.clat[0].resolvers = {parse_address6("2001:db8::1"), parse_address6("2001:db8::2")};
  EXPECT_EQ(of("eth0"), (Search{"eth0", {"2001:db8::1", "2001:db8::2"}, false}));
  advertise(kernel_.seen, kernel_.link("eth0"), "64:ff9b::/96");
  EXPECT_EQ(of("eth0"), std::nullopt) << "routers tell it";
  EXPECT_TRUE(of("eth1"));
}

}  // namespace
}  // namespace ipxlat
