// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include "tests/unit/daemon_config.h"

namespace ipxlat {
namespace {

TEST_F(DaemonConfig, clat_defaults_and_kinds_of_address) {
  const auto clat = [&](const std::string& line) {
    return load("[clat.home]\nuplinks = ['wl*']\npref64 = '64:ff9b::/96'\n" + line).clat.at(0);
  };
  EXPECT_EQ(clat("").pref64, parse_prefix6("64:ff9b::/96"));
  EXPECT_EQ(load("[clat.home]\nuplinks = ['wl*']\npref64 = 'auto'\n").clat.at(0).pref64, std::nullopt);
  EXPECT_EQ(load("[clat.home]\nuplinks = ['wl*']\n").clat.at(0).pref64, std::nullopt);
  const auto asked =
      load("[clat.home]\nuplinks = ['wl*']\ndns = ['2001:db8::53', 'fe80::1']\n").clat.at(0).resolvers;
  ASSERT_EQ(asked.size(), 2u);
  EXPECT_EQ(to_string(asked[1]), "fe80::1");
  EXPECT_TRUE(clat("").downlinks.empty());
  EXPECT_TRUE(clat("").manage_sysctls);
  EXPECT_EQ(clat("downlinks = ['eth1']\nmanage-sysctls = false").downlinks, std::vector<std::string>{"eth1"});
  EXPECT_TRUE(std::holds_alternative<DedicatedAddress>(clat("").address6));
  EXPECT_EQ(clat("").mode, ClatMode::kAuto);
  EXPECT_EQ(clat("").route_metric, 2048u);
  EXPECT_TRUE(std::holds_alternative<DedicatedAddress>(clat("address6 = 'dedicated'").address6));
  EXPECT_TRUE(std::holds_alternative<SharedAddress>(clat("address6 = 'shared'").address6));
  EXPECT_TRUE(std::holds_alternative<TemporaryAddress>(clat("address6 = 'temporary'").address6));
  EXPECT_EQ(to_string(std::get<in6_addr>(clat("address6 = '2001:db8::64'").address6)), "2001:db8::64");
  const auto prefix = clat("address6 = '2001:db8:100:64::/96'\nlocal4 = '192.0.2.0/24'");
  EXPECT_EQ(std::get<Prefix6>(prefix.address6), parse_prefix6("2001:db8:100:64::/96"));
  EXPECT_EQ(*prefix.local4, parse_prefix4("192.0.2.0/24"));
  EXPECT_TRUE(clat("address6 = '2001:db8::/120'\nlocal4 = '192.0.2.0/24'").local4) << "which just fits";
  EXPECT_EQ(clat("mode = 'force'").mode, ClatMode::kForce);
  EXPECT_EQ(clat("mode = 'off'\nroute-metric = 5\ndevice = 'clat0'").route_metric, 5u);
}

TEST_F(DaemonConfig, clat_keys_are_refused) {
  const std::string address =
      "; allowed: \"dedicated\", \"temporary\", \"shared\", an IPv6 address, or an IPv6 prefix together with "
      "local4";
  EXPECT_EQ(refusal("[clat.home]\npref64 = '64:ff9b::/96'\n"),
            "a.toml:1: clat.home.uplinks: the interfaces toward IPv6 are missing; allowed: an array of "
            "interface names "
            "or patterns, such as [\"eth0\", \"wl*\"]");
  EXPECT_EQ(refusal("[clat.home]\nuplinks = ['eth0']\npref64 = 5\n"),
            "a.toml:3: clat.home.pref64: it is an integer; allowed: \"auto\", or an IPv6 prefix, such as "
            "\"64:ff9b::/96\"");
  const std::string head = "[clat.home]\nuplinks = ['eth*']\n", downlinks = "a.toml:3: clat.home.downlinks: ";
  EXPECT_EQ(refusal(head + "downlinks = ['eth1']\n"),
            downlinks + "'eth1' is among the uplinks, by 'eth*'; allowed: other interfaces");
  EXPECT_EQ(refusal(head + "downlinks = ['home']\n"),
            downlinks + "'home' is the instance's own device; allowed: other interfaces");
  EXPECT_EQ(refusal(head + "downlinks = ['lan0']\naddress6 = '2001:db8::/96'\nlocal4 = '192.0.2.0/24'\n"),
            downlinks +
                "address6 is a prefix, whose network needs no NAT; allowed: downlinks together with an "
                "address of the host");
  EXPECT_EQ(refusal(head + "downlinks = ['lan0']\naddress6 = 'temporary'\n"),
            downlinks +
                "address6 is temporary; allowed: downlinks together with a dedicated, a shared or a given "
                "address");
  const std::string dns =
      "; allowed: an array of IPv6 addresses of resolvers, together with pref64 = \"auto\"";
  EXPECT_EQ(refusal("[clat.home]\nuplinks = ['eth0']\npref64 = '64:ff9b::/96'\ndns = ['2001:db8::53']\n"),
            "a.toml:4: clat.home.dns: pref64 is given" + dns);
  EXPECT_EQ(refusal("[clat.home]\nuplinks = ['eth0']\ndns = ['192.0.2.53']\n"),
            "a.toml:3: clat.home.dns: '192.0.2.53' is not an IPv6 address" + dns);
  EXPECT_EQ(refusal("[clat.home]\nuplinks = ['eth0']\ndns = ['ff02::1']\n"),
            "a.toml:3: clat.home.dns: 'ff02::1' is no address of a resolver" + dns);
  EXPECT_EQ(refusal("[clat.home]\nuplinks = ['home']\npref64 = '64:ff9b::/96'\n"),
            "a.toml:2: clat.home.uplinks: 'home' cannot be an uplink; allowed: an array of interface names "
            "or patterns, "
            "such as [\"eth0\", \"wl*\"]");
  EXPECT_EQ(clat_refusal("address6 = 'own'"),
            "a.toml:4: clat.home.address6: 'own' is not an IPv6 address" + address);
  EXPECT_EQ(
      clat_refusal("address6 = 'fe80::1'"),
      "a.toml:4: clat.home.address6: 'fe80::1' is not unicast of a scope that a router forwards" + address);
  EXPECT_EQ(
      clat_refusal("address6 = '2001:db8::/96'"),
      "a.toml:4: clat.home.address6: 2001:db8::/96 is a prefix, and local4 is missing; allowed: local4 = "
      "\"192.0.2.0/24\" beside it, or an address without a length");
  EXPECT_EQ(
      clat_refusal("local4 = '192.0.2.0/24'"),
      "a.toml:4: clat.home.local4: address6 is not a prefix; allowed: local4 only together with a prefix as "
      "address6");
  EXPECT_EQ(clat_refusal("address6 = '2001:db8::/124'\nlocal4 = '192.0.2.0/24'"),
            "a.toml:5: clat.home.local4: 192.0.2.0/24 does not fit into 2001:db8::/124; allowed: a prefix "
            "with at most "
            "4 bits behind its length");
  EXPECT_EQ(clat_refusal("address6 = '2001:db8::/121'\nlocal4 = '192.0.2.0/24'"),
            "a.toml:5: clat.home.local4: 192.0.2.0/24 does not fit into 2001:db8::/121; allowed: a prefix "
            "with at most 7 bits behind its length");
  EXPECT_EQ(clat_refusal("address6 = '64:ff9b::c000:0/112'\nlocal4 = '192.0.2.0/24'"),
            "a.toml:4: clat.home.address6: 64:ff9b::c000:0/112 overlaps pref64; allowed: the host's side has "
            "a prefix "
            "of its own");
  EXPECT_EQ(clat_refusal("mode = 'on'"),
            "a.toml:4: clat.home.mode: 'on' is no mode; allowed: \"auto\", \"force\" or \"off\"");
  EXPECT_EQ(clat_refusal("route-metric = -1"),
            "a.toml:4: clat.home.route-metric: -1 is out of range; allowed: an integer from 0 to 4294967295");
}

}  // namespace
}  // namespace ipxlat
