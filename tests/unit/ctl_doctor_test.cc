// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/unit/ctl_fake_devices.h"
#include "tools/ipxlatctl/doctor/observe.h"

namespace ipxlat::ctl {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class CtlDoctor : public testing::Test {
 protected:
  CtlDoctor() {
    kernel_.devices["siit0"].settings.remote_prefix6 = parse_prefix6("64:ff9b::/96");
    kernel_.observed.sysctls["net/ipv6/conf/all/disable_ipv6"] = "0";
  }
  Outcome doctor(std::vector<std::string> more = {}) {
    more.insert(more.begin(), "doctor");
    return run_words(kernel_, more, {}, state_file_);
  }
  void drop_everything(bool certain) {
    doctor::Table table{doctor::Family::kInet, "fw", {}, {}};
    auto& chain = table.chains["fwd"];
    chain = {"fwd", doctor::Base{doctor::Hook::kForward, 0, true}, {}};
    if (!certain) chain.rules = {{1, {doctor::Doubt{}, doctor::Give{doctor::Give::kAccept}}}};
    kernel_.observed.ruleset = {table};
  }

  FakeKernel kernel_;
  std::string state_file_ = "/nonexistent/state.json";
};

TEST_F(CtlDoctor, SaysOfEachCheckThatAllIsWell) {
  auto outcome = doctor();
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "features      ok\n"
            "forwarding    ok\n"
            "routes        ok\n"
            "firewall      ok\n"
            "rp_filter     ok\n"
            "sizes         ok\n"
            "connections   ok\n"
            "managers      ok\n"
            "dns64         ok\n");
}

TEST_F(CtlDoctor, WhoHasTheLinksStandsBesideOk) {
  state_file_ = testing::TempDir() + "ctl_doctor_links.json";
  std::ofstream(state_file_)
      << R"({"instances": [{"name": "edge", "kind": "nat64", "device": "siit0", "uplinks": ["eth0"]}]})";
  kernel_.observed.managers = {{"eth0", doctor::kNetworkd}};
  EXPECT_THAT(doctor().out, testing::HasSubstr("managers      ok: eth0 by systemd-networkd\n"));
}

TEST_F(CtlDoctor, WhatIsFoundIsSaidWithItsMending) {
  drop_everything(true);
  auto outcome = doctor();
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(
      outcome.out,
      HasSubstr("firewall      table inet fw, chain fwd drops new IPv6 connections to siit0, by its policy\n"
                "                  nft 'insert rule inet fw fwd oifname \"siit0\" accept'\n"
                "              table inet fw, chain fwd drops IPv6 replies from siit0, by its policy\n"));
}

TEST_F(CtlDoctor, WhatMayBeAsSomebodyWantsItIsNoFailure) {
  drop_everything(false);
  auto outcome = doctor();
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, HasSubstr("firewall      perhaps: table inet fw, chain fwd drops "));
}

TEST_F(CtlDoctor, WhatCannotBeReadIsSaid) {
  kernel_.observed.ruleset_unread = "nftables rules cannot be read: it needs CAP_NET_ADMIN";
  EXPECT_THAT(doctor().out,
              HasSubstr("firewall      not known: nftables rules cannot be read: it needs CAP_NET_ADMIN\n"));
  auto checks = json::parse(doctor({"-j"}).out);
  EXPECT_EQ(checks[3]["state"], "unknown");
  EXPECT_EQ(checks[3]["unread"], "nftables rules cannot be read: it needs CAP_NET_ADMIN");
}

TEST_F(CtlDoctor, AKernelWithoutTheModuleIsAFinding) {
  kernel_.missing = NetlinkError{ENOENT, "the kernel module is not loaded (modprobe ipxlat)"};
  auto outcome = doctor();
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out,
              testing::StartsWith("features      the kernel module is not loaded (modprobe ipxlat)\n"
                                  "                  modprobe ipxlat\n"));
}

TEST_F(CtlDoctor, AsJsonEachCheckIsAnObject) {
  drop_everything(true);
  auto outcome = doctor({"--json"});
  EXPECT_EQ(outcome.status, 1);
  auto checks = json::parse(outcome.out);
  ASSERT_EQ(checks.size(), 9u);
  EXPECT_EQ(checks[0], json::parse(R"({"check": "features", "question": "has the kernel what is needed",
      "state": "ok", "unread": "", "note": "", "findings": []})"));
  EXPECT_EQ(checks[3]["state"], "found");
  EXPECT_EQ(checks[3]["findings"][0], json::parse(R"({"certain": true, "about": "siit0",
      "text": "table inet fw, chain fwd drops new IPv6 connections to siit0, by its policy",
      "mend": "nft 'insert rule inet fw fwd oifname \"siit0\" accept'"})"));
}

TEST_F(CtlDoctor, WhatTheDaemonPublishesTellsWhatADeviceIsFor) {
  kernel_.observed.sysctls["net/ipv6/conf/all/forwarding"] = "0";
  EXPECT_EQ(doctor().status, 0);
  state_file_ = testing::TempDir() + "ctl_doctor_state.json";
  std::ofstream(state_file_) << R"({"instances": [{"name": "edge", "kind": "siit", "device": "siit0"}]})";
  EXPECT_EQ(doctor().status, 1);
  EXPECT_THAT(doctor().out, HasSubstr("net.ipv6.conf.all.forwarding is 0: no IPv6 gets into siit0"));
  EXPECT_EQ(doctor({"--state", "/nonexistent/other"}).status, 0);
}

TEST(DoctorTranslators, AreDevicesWithTheirInstances) {
  DeviceState device;
  device.ifname = "home";
  device.settings.remote_prefix6 = parse_prefix6("64:ff9b::/96");
  device.settings.lowest_ipv6_mtu = 1400;
  DeviceState other;
  other.ifname = "other";
  auto instances = nlohmann::ordered_json::parse(R"([
      {"name": "home", "kind": "clat", "device": "home", "state": "off", "local4": "192.0.0.1", "address6_mode": "dedicated",
       "uplinks": ["eth0"]},
      {"name": "edge", "kind": "nat64", "device": "edge"},
      {"name": "part", "kind": "nat64", "device": "part", "routes4": ["198.51.100.0/24"]}])");
  DeviceState part;
  part.ifname = "part";
  auto all = doctor::translators_of({device, other, part}, instances);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].device, "home");
  EXPECT_EQ(all[0].kind, "clat");
  EXPECT_TRUE(all[0].off);
  EXPECT_EQ(all[0].instance, "clat.home");
  EXPECT_EQ(all[0].pref64, parse_prefix6("64:ff9b::/96"));
  EXPECT_EQ(all[0].lowest_ipv6_mtu, 1400u);
  EXPECT_EQ(all[0].near4, std::vector{parse_prefix4("192.0.0.1/32")});
  EXPECT_EQ(all[0].uplinks, std::vector<std::string>{"eth0"});
  EXPECT_TRUE(all[0].tracked4);
  EXPECT_FALSE(all[0].tracked6);
  EXPECT_EQ(all[1].kind, "");
  EXPECT_EQ(all[2].instance, "nat64.part");
  EXPECT_EQ(all[2].routes4, std::vector{parse_prefix4("198.51.100.0/24")});
}

TEST(DoctorTranslators, ThePoolModeTracksIpv6Alone) {
  DeviceState device;
  device.ifname = "edge";
  auto instances = nlohmann::ordered_json::parse(R"([
      {"name": "edge", "kind": "nat64", "device": "edge", "mode": "pool", "pool4": ["203.0.113.16/28", "x", 1],
       "downlinks": ["lan0", "lan1"]}])");
  auto edge = doctor::translators_of({device}, instances)[0];
  EXPECT_FALSE(edge.tracked4);
  EXPECT_TRUE(edge.tracked6);
  EXPECT_EQ(edge.near4, std::vector{parse_prefix4("203.0.113.16/28")});
  EXPECT_EQ(edge.downlinks.size(), 2u);
}

}  // namespace
}  // namespace ipxlat::ctl
