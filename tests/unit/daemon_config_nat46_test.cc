// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/daemon_config.h"

namespace ipxlat {
namespace {

constexpr const char* kServer = "forward = [{ address = '203.0.113.81', to = '2001:db8:12::81' }]\n";

class DaemonConfigNat46 : public DaemonConfig {
 protected:
  // For the lines behind the table's head; the first is on line 2.
  std::string nat46_refusal(const std::string& lines) { return refusal("[nat46.front]\n" + lines); }
  // For one more service beside the server.
  std::string service_refusal(const std::string& service) {
    return nat46_refusal("forward = [{ address = '203.0.113.81', to = '2001:db8:12::81' }, {" + service +
                         "}]\n");
  }
};

TEST_F(DaemonConfigNat46, defaults_are_filled_in) {
  const auto front = load(std::string("[nat46.front]\n") + kServer).nat46.at(0);
  EXPECT_EQ(front.device, "front");
  EXPECT_EQ(front.settings.remote_prefix6, parse_prefix6("64:ff9b:1:46::/96"));
  EXPECT_EQ(front.inside4, parse_prefix4("240.46.0.0/16"));
  EXPECT_TRUE(front.manage_sysctls);
  ASSERT_EQ(front.forward.size(), 1u);
  EXPECT_EQ(front.forward[0].protocol, Publication::kEverything);
  EXPECT_EQ(front.forward[0].outside(), "203.0.113.81");
  EXPECT_EQ(to_string(front.forward[0].to), "2001:db8:12::81");
}

TEST_F(DaemonConfigNat46, inside4_has_an_address_for_each_server) {
  const auto servers = [](int count) {
    std::string text = "inside4 = '10.46.0.0/30'\nforward = [";
    for (int i = 1; i <= count; i++) {
      const std::string n = std::to_string(i);
      text +=
          "{ protocol = 'tcp', address = '203.0.113.80', port = " + n + ", to = '[2001:db8::" + n + "]:1' },";
    }
    return text + "]\n";
  };
  EXPECT_EQ(load("[nat46.front]\n" + servers(4)).nat46.at(0).forward.size(), 4u);
  EXPECT_THAT(
      nat46_refusal(servers(5)),
      testing::HasSubstr("inside4: it has fewer addresses than there are servers; allowed: a larger one"));
}

TEST_F(DaemonConfigNat46, inside4_has_8_to_30_bits) {
  for (const char* inside : {"10.0.0.0/8", "10.46.0.0/30"})
    EXPECT_EQ(load("[nat46.front]\ninside4 = '" + std::string(inside) + "'\n" + kServer).nat46.at(0).inside4,
              parse_prefix4(inside));
  for (const char* inside : {"10.0.0.0/7", "10.46.0.0/31"})
    EXPECT_THAT(nat46_refusal("inside4 = '" + std::string(inside) + "'\n" + kServer),
                testing::HasSubstr("front.inside4"));
}

TEST_F(DaemonConfigNat46, takes_every_key) {
  const auto front = load(R"([nat46.front]
device = "nat46"
clients = "2001:db8:46::/96"
inside4 = "10.46.0.0/24"
downlinks = ["eth0"]
uplinks = ["eth1"]
manage-sysctls = false
lowest-ipv6-mtu = 1400
forward = [
  { address = "203.0.113.80", to = "2001:db8:12::81" },
  { protocol = "tcp", address = "203.0.113.80", port = 443, to = "[2001:db8:12::80]:8443" },
  { protocol = "icmp", address = "203.0.113.82", to = "2001:db8:12::80" },
]
)")
                         .nat46.at(0);
  EXPECT_EQ(front.device, "nat46");
  EXPECT_EQ(front.settings.remote_prefix6, parse_prefix6("2001:db8:46::/96"));
  EXPECT_EQ(front.inside4, parse_prefix4("10.46.0.0/24"));
  EXPECT_EQ(front.settings.lowest_ipv6_mtu, 1400u);
  EXPECT_FALSE(front.manage_sysctls);
  ASSERT_EQ(front.forward.size(), 3u);
  EXPECT_EQ(front.forward[1].outside(), "tcp 203.0.113.80:443");
  EXPECT_EQ(front.forward[1].to_port, 8443);
  EXPECT_EQ(front.forward[2].outside(), "icmp 203.0.113.82");
}

TEST_F(DaemonConfigNat46, services_are_refused) {
  const std::string at = "a.toml:2: nat46.front.forward[1].";
  EXPECT_EQ(nat46_refusal(""),
            "a.toml:1: nat46.front: it would translate nothing; allowed: forward = [{ address = "
            "\"203.0.113.80\", to = \"2001:db8::80\" }], and the like");
  EXPECT_EQ(service_refusal("to = '2001:db8:12::82'"),
            at + "address: it is missing; allowed: an IPv4 address that leads here");
  EXPECT_EQ(service_refusal("address = '203.0.113.82', port = 80, to = '2001:db8:12::82'"),
            at + "port: all of an address has none; allowed: port with tcp and udp alone");
  EXPECT_EQ(service_refusal("address = '203.0.113.82', to = '[2001:db8:12::82]:80'"),
            at + "to: all of an address has no port; allowed: an IPv6 address and a port, such as "
                 "\"[2001:db8::5]:8080\", or for icmp an address");
  EXPECT_EQ(service_refusal("address = '203.0.113.81', to = '2001:db8:12::82'"),
            "a.toml:2: nat46.front.forward[1]: 203.0.113.81 is there twice; allowed: each once");
}

TEST_F(DaemonConfigNat46, what_contradicts_itself_is_refused) {
  const std::string at = "a.toml:2: nat46.front.forward: ";
  EXPECT_EQ(service_refusal("address = '203.0.113.82', to = '2001:db8:12::81'"),
            at + "2001:db8:12::81 has two addresses; allowed: one for each server; ports at others");
  EXPECT_EQ(service_refusal("address = '203.0.113.82', to = '64:ff9b:1:46::5'"),
            at + "64:ff9b:1:46::5 is in the prefix of the clients; allowed: another server");
  EXPECT_EQ(service_refusal("address = '240.46.0.1', to = '2001:db8:12::82'"),
            at + "240.46.0.1 is in inside4; allowed: an address that leads here");
  EXPECT_EQ(
      service_refusal("protocol = 'tcp', address = '203.0.113.82', port = 80, to = '[2001:db8:12::81]:80'"),
      "it was taken");
  EXPECT_THAT(nat46_refusal("inside4 = '10.0.0.0/31'\n" + std::string(kServer)),
              testing::HasSubstr("'10.0.0.0/31' has not from 4 to 16777216 addresses"));
}

TEST_F(DaemonConfigNat46, what_is_its_own_is_no_other_instances) {
  const std::string front = "[nat46.front]\n" + std::string(kServer);
  const std::string rest = "; allowed: addresses that no other instance has";
  EXPECT_EQ(refusal(front + "[nat64.edge]\npref64 = '64:ff9b:1:46::/96'\nuplinks = ['eth1']\n"),
            "a.toml:4: nat64.edge.pref64: the prefix '64:ff9b:1:46::/96' is taken by a.toml:1 (nat46.front); "
            "allowed: a prefix for each instance");
  EXPECT_EQ(refusal(front + "[nat64.edge]\npref64 = '64:ff9b::/96'\npool4 = ['203.0.113.64/26']\n"),
            "a.toml:5: nat64.edge.pool4: 203.0.113.64/26 overlaps 203.0.113.81/32 of nat46.front" + rest);
  const std::string other =
      "[nat46.b]\nclients = '2001:db8:46::/96'\nforward = [{ protocol = 'tcp', address = "
      "'203.0.113.80', port = 80, to = '[2001:db8:12::82]:80' }]\n";
  EXPECT_EQ(refusal(front + other), "it was taken");
  EXPECT_EQ(refusal(other + "[siit.dc]\nlocal-map = [['240.46.1.0/24', '2001:db8::/120']]\n"),
            "a.toml:5: siit.dc.local-map: 240.46.1.0/24 overlaps 240.46.0.0/16 of nat46.b" + rest);
}

}  // namespace
}  // namespace ipxlat
