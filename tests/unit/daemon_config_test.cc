// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "daemon/config/config.h"
#include "tests/unit/daemon_scratch.h"

namespace ipxlat {
namespace {

class DaemonConfig : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((directory_ / name).parent_path());
    std::ofstream(directory_ / name) << text;
    return directory_ / name;
  }

  Config load(const std::string& text) { return load_config({write("a.toml", text)}); }

  // What it is refused with, without the directory.
  std::string refusal_of(const std::vector<std::filesystem::path>& files) {
    try {
      load_config(files);
    } catch (const ConfigError& error) {
      std::string text = error.what();
      for (size_t at; (at = text.find(directory_.path().string() + "/")) != text.npos;)
        text.erase(at, directory_.path().string().size() + 1);
      return text;
    }
    return "it was taken";
  }
  std::string refusal(const std::string& text) { return refusal_of({write("a.toml", text)}); }

  // For one more key in a good instance; the key is on line 5.
  std::string nat64_refusal(const std::string& line) {
    return refusal("[nat64.edge]\npref64 = '64:ff9b::/96'\ndownlinks = ['eth0']\nuplinks = ['eth1']\n" +
                   line);
  }
  std::string clat_refusal(const std::string& line) {
    return refusal("[clat.home]\nuplinks = ['eth0']\npref64 = '64:ff9b::/96'\n" + line);
  }
  std::string siit_refusal(const std::string& line) { return refusal("[siit.dc]\n" + line); }

  ScratchDirectory directory_;
};

constexpr const char* kLinkNames = "1 to 15 characters without blanks, '/' and ':', not '.' or '..'";

TEST_F(DaemonConfig, nat64_defaults_are_filled_in) {
  const Config config = load("[nat64.edge]\npref64 = '64:ff9b::/96'\nuplinks = ['eth1']\n");
  ASSERT_EQ(config.nat64.size(), 1u);
  const auto& edge = config.nat64[0];
  EXPECT_EQ(edge.name, "edge");
  EXPECT_EQ(edge.device, "edge");
  EXPECT_EQ(edge.mode, Nat64Mode::kMasquerade);
  EXPECT_EQ(edge.pool4, std::vector{parse_prefix4("198.18.0.0/15")});
  EXPECT_EQ(edge.pool6, std::vector{parse_prefix6("64:ff9b:1:fffe::198.18.0.0/111")});
  EXPECT_EQ(*edge.settings.remote_prefix6, parse_prefix6("64:ff9b::/96"));
  EXPECT_EQ(edge.settings.lowest_ipv6_mtu, 1280u);
  EXPECT_TRUE(edge.manage_sysctls);
  EXPECT_TRUE(edge.allow_private.empty());
}

TEST_F(DaemonConfig, nat64_takes_every_key) {
  const Config config = load(R"([nat64.edge]
device = "nat64"
pref64 = "2001:db8:64::/64"
downlinks = ["eth0", "eth2"]
uplinks = ["eth1"]
mode = "masquerade"
pool4 = ["10.64.0.0/16"]
pool6 = ["2001:db8:1::10.64.0.0/112"]
allow-private = ["192.168.0.0/16"]
manage-sysctls = false
lowest-ipv6-mtu = 1400
icmp-source4 = "192.0.2.1"
udp-zero-checksum = "drop"
)");
  const auto& edge = config.nat64.at(0);
  EXPECT_EQ(edge.device, "nat64");
  EXPECT_EQ(edge.mode, Nat64Mode::kMasquerade);
  EXPECT_EQ(edge.downlinks, (std::vector<std::string>{"eth0", "eth2"}));
  EXPECT_EQ(edge.pool6, std::vector{parse_prefix6("2001:db8:1::10.64.0.0/112")});
  EXPECT_EQ(edge.allow_private, std::vector{parse_prefix4("192.168.0.0/16")});
  EXPECT_FALSE(edge.manage_sysctls);
  EXPECT_EQ(edge.settings.lowest_ipv6_mtu, 1400u);
  EXPECT_EQ(to_string(edge.settings.icmp_source4), "192.0.2.1");
  EXPECT_EQ(edge.settings.udp_zero_checksum, UdpZeroChecksum::kDrop);
}

TEST_F(DaemonConfig, pool4_makes_it_pool_mode) {
  const Config config =
      load("[nat64.edge]\npref64 = '64:ff9b::/96'\npool4 = ['203.0.113.16/28', '192.0.2.1/32']\n");
  EXPECT_EQ(config.nat64[0].mode, Nat64Mode::kPool);
  EXPECT_EQ(config.nat64[0].pool6, (std::vector{parse_prefix6("64:ff9b:1:fffe::203.0.113.16/124"),
                                                parse_prefix6("64:ff9b:1:fffe::192.0.2.1/128")}));
}

TEST_F(DaemonConfig, clat_defaults_and_kinds_of_address) {
  const auto clat = [&](const std::string& line) {
    return load("[clat.home]\nuplinks = ['wl*']\npref64 = '64:ff9b::/96'\n" + line).clat.at(0);
  };
  EXPECT_TRUE(std::holds_alternative<DedicatedAddress>(clat("").address6));
  EXPECT_EQ(clat("").mode, ClatMode::kAuto);
  EXPECT_EQ(clat("").route_metric, 2048u);
  EXPECT_TRUE(std::holds_alternative<DedicatedAddress>(clat("address6 = 'dedicated'").address6));
  EXPECT_TRUE(std::holds_alternative<SharedAddress>(clat("address6 = 'shared'").address6));
  EXPECT_EQ(to_string(std::get<in6_addr>(clat("address6 = '2001:db8::64'").address6)), "2001:db8::64");
  const auto prefix = clat("address6 = '2001:db8:100:64::/96'\nlocal4 = '192.0.2.0/24'");
  EXPECT_EQ(std::get<Prefix6>(prefix.address6), parse_prefix6("2001:db8:100:64::/96"));
  EXPECT_EQ(*prefix.local4, parse_prefix4("192.0.2.0/24"));
  EXPECT_EQ(clat("mode = 'force'").mode, ClatMode::kForce);
  EXPECT_EQ(clat("mode = 'off'\nroute-metric = 5\ndevice = 'clat0'").route_metric, 5u);
}

TEST_F(DaemonConfig, siit_takes_a_map_from_a_file_beside_it) {
  write("map", "# a comment\n198.51.100.10/32 2001:db8:12::10/128\n");
  const Config config = load("[siit.dc]\nremote-prefix6 = '2001:db8:46::/96'\nlocal-map-file = 'map'\n");
  EXPECT_EQ(config.siit.at(0).map,
            (std::vector{MapEntry{parse_prefix4("198.51.100.10/32"), parse_prefix6("2001:db8:12::10/128")}}));
  const Config other = load("[siit.dc]\nlocal-map = [['198.51.100.10/32', '2001:db8:12::10/128']]\n");
  EXPECT_EQ(other.siit.at(0).map, config.siit.at(0).map);
  EXPECT_FALSE(other.siit.at(0).settings.remote_prefix6);
}

TEST_F(DaemonConfig, what_is_no_toml_or_no_file_is_refused) {
  EXPECT_THAT(refusal("[nat64.edge\n"), testing::StartsWith("a.toml:1: not TOML: "));
  EXPECT_EQ(refusal_of({directory_ / "none.toml"}), "none.toml: cannot be read: No such file or directory");
  std::filesystem::create_directory(directory_ / "folder.toml");
  EXPECT_EQ(refusal_of({directory_ / "folder.toml"}), "folder.toml: cannot be read: Is a directory");
}

TEST_F(DaemonConfig, a_file_that_breaks_off_is_refused) {
  std::filesystem::create_symlink("/proc/self/mem", directory_ / "mem.toml");  // nothing is mapped at 0
  EXPECT_EQ(refusal_of({directory_ / "mem.toml"}), "mem.toml: cannot be read: Input/output error");
}

TEST_F(DaemonConfig, a_folder_in_place_of_a_map_is_no_empty_map) {
  std::filesystem::create_directory(directory_ / "folder");
  EXPECT_EQ(
      siit_refusal("remote-prefix6 = '2001:db8::/96'\nlocal-map-file = 'folder'"),
      "a.toml:3: siit.dc.local-map-file: 'folder' cannot be read: Is a directory; allowed: a file of lines "
      "\"IPv4-prefix IPv6-prefix\"");
}

TEST_F(DaemonConfig, what_the_folder_has_is_not_passed_over) {
  write("ipxlatd.toml", "");
  std::filesystem::create_directories(directory_ / "conf.d/folder.toml");
  std::filesystem::create_symlink("nowhere", directory_ / "conf.d/link.toml");
  EXPECT_EQ(refusal_of(default_config_files(directory_.path())),
            "conf.d/folder.toml: cannot be read: Is a directory\n"
            "conf.d/link.toml: cannot be read: No such file or directory");
  std::filesystem::remove_all(directory_ / "conf.d");
  std::filesystem::remove(directory_ / "ipxlatd.toml");
  std::filesystem::create_symlink("nowhere", directory_ / "ipxlatd.toml");
  EXPECT_EQ(default_config_files(directory_.path()), std::vector{directory_ / "ipxlatd.toml"});
  write("conf.d", "a file");
  EXPECT_THROW(default_config_files(directory_.path()), ConfigError);
}

TEST_F(DaemonConfig, all_mistakes_are_told_at_once) {
  const auto a = write("a.toml", R"([siit.dc]
local-map = [
  ["192.0.2.1", "2001:db8::1/128"],
  ["192.0.2.2/32", "2001:db8::2/128"],
  ["192.0.2.2/32", "2001:db8::3/128"],
  ["192.0.2.4/32"],
]
manage-sysctls = 1
colour = "red"

[nat64.edge]
pref64 = "64:ff9b::/97"
pool4 = ["224.1.0.0/16", "192.0.2.0/24", "64.0.0.0/7"]
mode = "nat44"
size = 1

[nat46]
)");
  const auto b = write("b.toml", "[clat.home\n");
  const auto c = write("c.toml", R"([clat.home]
pref64 = "auto"
device = "a/b"
route-metric = -1
address6 = "2001:db8::/124"
local4 = "192.0.2.0/24"
[nat64.two]
device = "dc"
pref64 = "2001:db8:64::/96"
pool4 = ["192.0.2.16/28"]
)");
  const std::string text = refusal_of({a, b, c, directory_ / "d.toml"});
  std::vector<std::string> places;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const size_t key = line.find(": ");
    places.push_back(line.substr(0, line.find(": ", key + 2)));
  }
  EXPECT_THAT(places, testing::ElementsAre("a.toml:3: siit.dc.local-map", "a.toml:5: siit.dc.local-map",
                                           "a.toml:6: siit.dc.local-map", "a.toml:8: siit.dc.manage-sysctls",
                                           "a.toml:9: siit.dc.colour", "a.toml:12: nat64.edge.pref64",
                                           "a.toml:13: nat64.edge.pool4", "a.toml:13: nat64.edge.pool4",
                                           "a.toml:14: nat64.edge.mode", "a.toml:15: nat64.edge.size",
                                           "a.toml:17: nat46", "b.toml:1: not TOML",
                                           "c.toml:1: clat.home.uplinks", "c.toml:2: clat.home.pref64",
                                           "c.toml:3: clat.home.device", "c.toml:4: clat.home.route-metric",
                                           "c.toml:6: clat.home.local4", "c.toml:8: nat64.two.device",
                                           "c.toml:10: nat64.two.pool4", "d.toml: cannot be read"))
      << text;
}

TEST_F(DaemonConfig, every_line_of_a_map_file_is_told_but_not_of_any_file) {
  write("map", "192.0.2.1/32\n192.0.2.2/32 2001:db8::2/128\nx y\n192.0.2.2/32 2001:db8::3/128\n");
  EXPECT_THAT(siit_refusal("local-map-file = 'map'"),
              testing::AllOf(testing::HasSubstr("local-map-file: map:1: a line has"),
                             testing::HasSubstr("\na.toml:2: siit.dc.local-map-file: map:3: 'x' is not"),
                             testing::HasSubstr("local-map-file: map:4: 192.0.2.2/32 2001:db8::3/128: ")));
  std::string text;
  for (int i = 0; i < 1000; i++) text += "words of another kind\n";
  write("map", text);
  const std::string told = siit_refusal("local-map-file = 'map'");
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 19);
}

// One mistake leads to no other sentence.
TEST_F(DaemonConfig, what_follows_from_a_mistake_is_not_told) {
  EXPECT_EQ(nat64_refusal("mode = 1"),
            "a.toml:5: nat64.edge.mode: it is an integer; allowed: \"masquerade\" or \"pool\"");
  EXPECT_THAT(refusal("[nat64.edge]\npref64 = '64:ff9b::/96'\npool4 = 1\npool6 = ['2001:db8::/111']\n"),
              testing::Not(testing::HasSubstr("\n")));
  EXPECT_THAT(refusal("[nat64.edge]\npref64 = '64:ff9b::/96'\npool4 = ['x', '192.0.2.0/24']\n"
                      "pool6 = ['2001:db8::/120']\n"),
              testing::Not(testing::HasSubstr("\n")));
  EXPECT_THAT(refusal("[nat64.edge]\npref64 = 1\nuplinks = 'eth1'\n"),
              testing::AllOf(testing::HasSubstr("pref64: it is an integer"),
                             testing::HasSubstr("uplinks: it is a string"),
                             testing::Not(testing::HasSubstr("missing")),
                             testing::Not(testing::HasSubstr("needs to know"))));
  EXPECT_THAT(clat_refusal("address6 = 'own'\nlocal4 = '192.0.2.0/24'"),
              testing::Not(testing::HasSubstr("\n")));
  EXPECT_THAT(clat_refusal("address6 = '2001:db8::/96'\nlocal4 = 'own'"),
              testing::Not(testing::HasSubstr("\n")));
  EXPECT_THAT(siit_refusal("remote-prefix6 = 'x'"), testing::Not(testing::HasSubstr("\n")));
  EXPECT_THAT(siit_refusal("local-map = 'x'"), testing::Not(testing::HasSubstr("\n")));
  EXPECT_THAT(refusal("[nat64.'a b']\npref64 = '64:ff9b::/96'\nuplinks = ['eth1']\n"
                      "[nat64.'b c']\npref64 = '2001:db8::/96'\npool4 = ['192.0.2.0/24']\n"),
              testing::Not(testing::HasSubstr("device")));
}

TEST_F(DaemonConfig, unknown_tables_and_keys_are_refused) {
  EXPECT_EQ(refusal("\nnat46 = 1\n"),
            "a.toml:2: nat46: unknown key; allowed: [nat64.NAME], [clat.NAME] or [siit.NAME]");
  EXPECT_EQ(refusal("nat64 = 1\n"),
            "a.toml:1: nat64: it is an integer; allowed: [nat64.NAME], [clat.NAME] or [siit.NAME]");
  EXPECT_EQ(refusal("[clat]\nhome = true\n"),
            "a.toml:2: clat.home: it is true or false; allowed: a table, [clat.NAME]");
  EXPECT_EQ(
      nat64_refusal("pool = ['192.0.2.0/24']"),
      "a.toml:5: nat64.edge.pool: unknown key; allowed: allow-private, device, downlinks, icmp-source4, "
      "lowest-ipv6-mtu, manage-sysctls, mode, pool4, pool6, pref64, udp-zero-checksum, uplinks");
  EXPECT_EQ(clat_refusal("pool4 = []"),
            "a.toml:4: clat.home.pool4: unknown key; allowed: address6, device, local4, mode, pref64, "
            "route-metric, "
            "uplinks");
  EXPECT_EQ(
      siit_refusal("remote-prefix6 = '2001:db8::/96'\npref64 = 'x'"),
      "a.toml:3: siit.dc.pref64: unknown key; allowed: device, icmp-source4, local-map, local-map-file, "
      "lowest-ipv6-mtu, manage-sysctls, remote-prefix6, udp-zero-checksum");
}

TEST_F(DaemonConfig, names_are_refused) {
  EXPECT_EQ(refusal("[nat64.'a b']\npref64 = '64:ff9b::/96'\nuplinks = ['eth1']\n"),
            "a.toml:1: nat64.a b: 'a b' cannot be the name of an instance; allowed: 1 to 64 letters, digits, "
            "'-', '_' "
            "and '.'");
  EXPECT_EQ(refusal("[nat64.a-very-long-name]\npref64 = '64:ff9b::/96'\nuplinks = ['eth1']\n"),
            "a.toml:1: nat64.a-very-long-name: its name cannot be the name of its device; allowed: 'device = "
            "\"...\"' "
            "with " +
                std::string(kLinkNames));
  EXPECT_EQ(nat64_refusal("device = 'sixteen-letters-'"),
            "a.toml:5: nat64.edge.device: 'sixteen-letters-' cannot be the name of an interface; allowed: " +
                std::string(kLinkNames));
  EXPECT_EQ(nat64_refusal("device = 'eth1'"),
            "a.toml:4: nat64.edge.uplinks: 'eth1' is the instance's own device; allowed: other interfaces");
  EXPECT_EQ(refusal("[nat64.edge]\npref64 = '64:ff9b::/96'\nuplinks = ['eth*']\n"),
            "a.toml:3: nat64.edge.uplinks: 'eth*' cannot be the name of an interface; allowed: an array of "
            "interface "
            "names, " +
                std::string(kLinkNames));
}

TEST_F(DaemonConfig, prefixes_are_refused) {
  const std::string allowed =
      "; allowed: an IPv6 prefix of length 32, 40, 48, 56, 64 or 96, such as \"64:ff9b::/96\"";
  const auto pref64 = [&](const std::string& value) {
    return refusal("[nat64.edge]\nuplinks = ['eth1']\npref64 = " + value + "\n");
  };
  EXPECT_EQ(pref64("5"), "a.toml:3: nat64.edge.pref64: it is an integer" + allowed);
  EXPECT_EQ(
      pref64("'2001:db8::/97'"),
      "a.toml:3: nat64.edge.pref64: '2001:db8::/97' is refused: the length must be 32, 40, 48, 56, 64 or 96 "
      "(RFC 6052 section 2.2)" +
          allowed);
  EXPECT_EQ(
      pref64("'64:ff9b::1/96'"),
      "a.toml:3: nat64.edge.pref64: '64:ff9b::1/96' is refused: the bits behind its length must be zero" +
          allowed);
  EXPECT_EQ(pref64("'64:ff9b::'"),
            "a.toml:3: nat64.edge.pref64: '64:ff9b::' is not an IPv6 prefix (an address, a slash, 0 to 128)" +
                allowed);
  EXPECT_EQ(refusal("[nat64.edge]\nuplinks = ['eth1']\n"),
            "a.toml:1: nat64.edge.pref64: it is missing; allowed: an IPv6 prefix, such as \"64:ff9b::/96\"");
}

TEST_F(DaemonConfig, pools_are_refused) {
  const std::string pool4 = "; allowed: an array of IPv4 prefixes, /8 to /32, such as [\"203.0.113.16/28\"]";
  const std::string pool6 =
      "; allowed: one IPv6 prefix for each of pool4, 96 bits longer, such as "
      "[\"64:ff9b:1:fffe::c612:0/111\"]";
  EXPECT_EQ(nat64_refusal("pool4 = '192.0.2.0/24'"), "a.toml:5: nat64.edge.pool4: it is a string" + pool4);
  EXPECT_EQ(nat64_refusal("pool4 = [1]"), "a.toml:5: nat64.edge.pool4: an element is an integer" + pool4);
  EXPECT_EQ(nat64_refusal("pool4 = []"), "a.toml:5: nat64.edge.pool4: it is empty" + pool4);
  EXPECT_EQ(nat64_refusal("pool4 = ['192.0.2.1/24']"),
            "a.toml:5: nat64.edge.pool4: '192.0.2.1/24' has bits set behind its length; 192.0.2.0/24 would "
            "be allowed" +
                pool4);
  EXPECT_EQ(nat64_refusal("pool4 = ['64.0.0.0/7']"),
            "a.toml:5: nat64.edge.pool4: '64.0.0.0/7' is too large" + pool4);
  EXPECT_EQ(nat64_refusal("pool4 = ['224.1.0.0/16']"),
            "a.toml:5: nat64.edge.pool4: '224.1.0.0/16' is not a range of unicast addresses" + pool4);
  EXPECT_EQ(nat64_refusal("pool4 = ['192.0.2.0/24', '192.0.2.16/28']"),
            "a.toml:5: nat64.edge.pool4: 192.0.2.0/24 and 192.0.2.16/28 overlap" + pool4);
  EXPECT_EQ(nat64_refusal("mode = 'pool'"), "a.toml:5: nat64.edge.mode: pool mode without pool4" + pool4);
  EXPECT_EQ(nat64_refusal("mode = 'nat44'"),
            "a.toml:5: nat64.edge.mode: 'nat44' is no mode; allowed: \"masquerade\" or \"pool\"");
  EXPECT_EQ(nat64_refusal("pool6 = []"), "a.toml:5: nat64.edge.pool6: it has 0 entries and pool4 1" + pool6);
  EXPECT_EQ(nat64_refusal("pool6 = ['2001:db8::/96']"),
            "a.toml:5: nat64.edge.pool6: 2001:db8::/96 is not 96 bits longer than 198.18.0.0/15" + pool6);
  EXPECT_EQ(nat64_refusal("pool6 = ['64:ff9b::c612:0/111']"),
            "a.toml:5: nat64.edge.pool6: 64:ff9b::c612:0/111 overlaps pref64 64:ff9b::/96" + pool6);
  EXPECT_EQ(nat64_refusal("pool6 = ['ff00::/111']"),
            "a.toml:5: nat64.edge.pool6: ff00::/111 is not a range of unicast addresses" + pool6);
  EXPECT_EQ(
      nat64_refusal("allow-private = ['10.0.0.0']"),
      "a.toml:5: nat64.edge.allow-private: '10.0.0.0' is not an IPv4 prefix (an address, a slash, 0 to 32); "
      "allowed: an array of IPv4 prefixes, such as [\"10.0.0.0/8\"]");
}

TEST_F(DaemonConfig, masquerade_mode_needs_uplinks) {
  EXPECT_EQ(refusal("[nat64.edge]\npref64 = '64:ff9b::/96'\n"),
            "a.toml:1: nat64.edge.uplinks: masquerade mode needs to know the interfaces toward IPv4; "
            "allowed: an array "
            "of interface names, such as [\"eth1\"]");
}

TEST_F(DaemonConfig, settings_are_refused) {
  EXPECT_EQ(nat64_refusal("manage-sysctls = 'no'"),
            "a.toml:5: nat64.edge.manage-sysctls: it is a string; allowed: true or false");
  EXPECT_EQ(
      nat64_refusal("lowest-ipv6-mtu = 1279"),
      "a.toml:5: nat64.edge.lowest-ipv6-mtu: 1279 is out of range; allowed: an integer from 1280 to 65535");
  EXPECT_EQ(nat64_refusal("lowest-ipv6-mtu = 1500.5"),
            "a.toml:5: nat64.edge.lowest-ipv6-mtu: it is a number; allowed: an integer from 1280 to 65535");
  EXPECT_EQ(nat64_refusal("icmp-source4 = '::1'"),
            "a.toml:5: nat64.edge.icmp-source4: '::1' is not an IPv4 address; allowed: an IPv4 address");
  EXPECT_THAT(nat64_refusal("udp-zero-checksum = 'keep'"),
              testing::AllOf(testing::StartsWith("a.toml:5: nat64.edge.udp-zero-checksum: "),
                             testing::EndsWith("; allowed: \"compute\", \"drop\" or \"forward\"")));
}

TEST_F(DaemonConfig, clat_keys_are_refused) {
  const std::string address =
      "; allowed: \"dedicated\", \"shared\", an IPv6 address, or an IPv6 prefix together with local4";
  EXPECT_EQ(refusal("[clat.home]\npref64 = '64:ff9b::/96'\n"),
            "a.toml:1: clat.home.uplinks: the interfaces toward IPv6 are missing; allowed: an array of "
            "interface names "
            "or patterns, such as [\"eth0\", \"wl*\"]");
  EXPECT_EQ(refusal("[clat.home]\nuplinks = ['eth0']\npref64 = 'auto'\n"),
            "a.toml:3: clat.home.pref64: \"auto\": the prefix cannot be discovered, it must be given; "
            "allowed: an IPv6 "
            "prefix, such as \"64:ff9b::/96\"");
  EXPECT_EQ(refusal("[clat.home]\nuplinks = ['eth0']\n"),
            "a.toml:1: clat.home.pref64: it is missing; allowed: an IPv6 prefix, such as \"64:ff9b::/96\"");
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
  EXPECT_EQ(clat_refusal("address6 = '64:ff9b::c000:0/112'\nlocal4 = '192.0.2.0/24'"),
            "a.toml:4: clat.home.address6: 64:ff9b::c000:0/112 overlaps pref64; allowed: the host's side has "
            "a prefix "
            "of its own");
  EXPECT_EQ(clat_refusal("mode = 'on'"),
            "a.toml:4: clat.home.mode: 'on' is no mode; allowed: \"auto\", \"force\" or \"off\"");
  EXPECT_EQ(clat_refusal("route-metric = -1"),
            "a.toml:4: clat.home.route-metric: -1 is out of range; allowed: an integer from 0 to 4294967295");
}

TEST_F(DaemonConfig, siit_keys_are_refused) {
  const std::string map =
      "; allowed: an array of [IPv4 prefix, IPv6 prefix], such as [[\"198.51.100.10/32\", "
      "\"2001:db8:12::10/128\"]]";
  EXPECT_EQ(siit_refusal(""),
            "a.toml:1: siit.dc: it would translate nothing; allowed: remote-prefix6, local-map or "
            "local-map-file, or "
            "several of them");
  EXPECT_EQ(siit_refusal("local-map = [['192.0.2.1/32']]"),
            "a.toml:2: siit.dc.local-map: an element is not an array of two strings" + map);
  EXPECT_EQ(
      siit_refusal("local-map = [\n['192.0.2.1/32', '2001:db8::1/128'],\n['192.0.2.2', '2001:db8::2/128']]"),
      "a.toml:4: siit.dc.local-map: '192.0.2.2' is not an IPv4 prefix (an address, a slash, 0 to 32)" + map);
  EXPECT_THAT(
      siit_refusal(
          "local-map = [\n['192.0.2.1/32', '2001:db8::1/128'],\n['192.0.2.1/32', '2001:db8::2/128']]"),
      testing::AllOf(testing::StartsWith("a.toml:4: siit.dc.local-map: 192.0.2.1/32 2001:db8::2/128: "),
                     testing::EndsWith("; allowed: each prefix once, RFC 7757 section 3.2")));
  EXPECT_EQ(
      siit_refusal("local-map-file = 'none'"),
      "a.toml:2: siit.dc.local-map-file: 'none' cannot be read: No such file or directory; allowed: a file "
      "of lines \"IPv4-prefix IPv6-prefix\"");
  write("map", "");
  EXPECT_EQ(siit_refusal("local-map-file = 'map'\nlocal-map = []"),
            "a.toml:2: siit.dc.local-map-file: there is local-map, too; allowed: one of the two");
  write("bad", "192.0.2.1/32\n");
  EXPECT_THAT(siit_refusal("local-map-file = 'bad'"), testing::HasSubstr("bad:1: "));
}

TEST_F(DaemonConfig, instances_that_contradict_each_other_are_refused) {
  const auto a = write("a.toml", "[nat64.edge]\npref64 = '64:ff9b::/96'\npool4 = ['192.0.2.0/24']\n");
  const auto with = [&](const std::string& text) { return refusal_of({a, write("b.toml", text)}); };
  EXPECT_EQ(
      with("[siit.edge]\nremote-prefix6 = '2001:db8::/96'\n"),
      "b.toml:1: siit.edge: the name 'edge' is taken by a.toml:1 (nat64.edge); allowed: names that differ");
  EXPECT_EQ(with("[siit.dc]\nremote-prefix6 = '2001:db8::/96'\ndevice = 'edge'\n"),
            "b.toml:3: siit.dc.device: the device 'edge' is taken by a.toml:1 (nat64.edge); allowed: a "
            "device for each "
            "instance");
  EXPECT_EQ(with("[siit.dc]\nremote-prefix6 = '64:ff9b::/96'\n"),
            "b.toml:2: siit.dc.remote-prefix6: the prefix '64:ff9b::/96' is taken by a.toml:1 (nat64.edge); "
            "allowed: a "
            "prefix for each instance");
  EXPECT_EQ(with("[nat64.two]\npref64 = '2001:db8::/96'\npool4 = ['192.0.2.16/28']\n"),
            "b.toml:3: nat64.two.pool4: 192.0.2.16/28 overlaps 192.0.2.0/24 of nat64.edge; allowed: "
            "addresses that no "
            "other instance has");
  EXPECT_EQ(
      with("[clat.a]\nuplinks = ['eth0']\npref64 = '64:ff9b::/96'\n[clat.b]\nuplinks = ['eth0']\npref64 = "
           "'64:ff9b::/96'\n"),
      "b.toml:5: clat.b.uplinks: the uplink 'eth0' is taken by b.toml:1 (clat.a); allowed: one CLAT for each "
      "uplink");
}

TEST_F(DaemonConfig, what_is_routed_to_one_instance_is_routed_to_no_other) {
  const auto a = write("a.toml", R"([nat64.edge]
pref64 = '2001:db8:64::/96'
pool4 = ['192.0.2.0/24']
[siit.dc]
remote-prefix6 = '2001:db8:46::/48'
local-map = [['198.51.100.0/25', '2001:db8:12::/121'], ['198.51.100.7/32', '2001:db8:13::7/128']]
[clat.home]
uplinks = ['eth0']
pref64 = '2001:db8:64::/96'
address6 = '2001:db8:100::/96'
local4 = '10.1.0.0/24'
)");
  const auto with = [&](const std::string& text) { return refusal_of({a, write("b.toml", text)}); };
  const std::string rest = "; allowed: addresses that no other instance has";
  EXPECT_EQ(with("[siit.b]\nlocal-map = [['192.0.2.8/29', '2001:db8:9::8/125'], ['192.0.2.1/32', "
                 "'2001:db8:9::1/128']]\n"),
            "b.toml:2: siit.b.local-map: 192.0.2.1/32 overlaps 192.0.2.0/24 of nat64.edge" + rest);
  EXPECT_EQ(with("[siit.b]\nlocal-map = [['198.51.100.7/32', '2001:db8:9::7/128']]\n"),
            "b.toml:2: siit.b.local-map: 198.51.100.7/32 overlaps 198.51.100.0/25 of siit.dc" + rest);
  EXPECT_EQ(with("[nat64.b]\npref64 = '64:ff9b::/96'\npool4 = ['198.51.100.0/24']\n"),
            "b.toml:3: nat64.b.pool4: 198.51.100.0/24 overlaps 198.51.100.0/25 of siit.dc" + rest);
  EXPECT_EQ(with("[nat64.b]\npref64 = '2001:db8:46::/96'\npool4 = ['203.0.113.0/24']\n"),
            "b.toml:2: nat64.b.pref64: 2001:db8:46::/96 overlaps 2001:db8:46::/48 of siit.dc" + rest);
  EXPECT_EQ(
      with("[siit.b]\nremote-prefix6 = '2001:db8:100::/40'\n"),
      "b.toml:2: siit.b.remote-prefix6: 2001:db8:100::/40 overlaps 2001:db8:100::/96 of clat.home" + rest);
  EXPECT_EQ(with("[clat.b]\nuplinks = ['eth1']\npref64 = '64:ff9b::/96'\naddress6 = '2001:db8:46:1::/96'\n"
                 "local4 = '10.1.0.0/24'\n"),
            "b.toml:4: clat.b.address6: 2001:db8:46:1::/96 overlaps 2001:db8:46::/48 of siit.dc" + rest);
  EXPECT_EQ(with("[clat.b]\nuplinks = ['eth1']\npref64 = '64:ff9b::/96'\naddress6 = '2001:db8:101::/96'\n"
                 "local4 = '10.1.0.0/24'\n[nat64.c]\npref64 = '64:ff9b::/96'\nuplinks = ['eth2']\n"),
            "it was taken");
}

TEST_F(DaemonConfig, the_examples_are_valid) {
  const std::filesystem::path root = IPXLAT_SOURCE_DIR;
  size_t examples = 0;
  for (const auto& entry : std::filesystem::directory_iterator(root / "docs/examples")) {
    EXPECT_EQ(load_config({entry.path() / "ipxlatd.toml"}).size(), 1u) << entry.path();
    examples++;
  }
  EXPECT_GE(examples, 4u);
  EXPECT_EQ(load_config({root / "dist/ipxlatd.toml"}).size(), 0u);
}

TEST_F(DaemonConfig, several_files_make_one_configuration) {
  write("ipxlatd.toml", "[nat64.edge]\npref64 = '64:ff9b::/96'\nuplinks = ['eth1']\n");
  write("conf.d/20.toml", "[siit.dc]\nremote-prefix6 = '2001:db8:46::/96'\n");
  write("conf.d/10.toml", "[clat.home]\nuplinks = ['eth0']\npref64 = '64:ff9b::/96'\n");
  write("conf.d/notes.txt", "none of it");
  const auto files = default_config_files(directory_.path());
  EXPECT_EQ(files, (std::vector{directory_ / "ipxlatd.toml", directory_ / "conf.d/10.toml",
                                directory_ / "conf.d/20.toml"}));
  EXPECT_EQ(load_config(files).size(), 3u);
  EXPECT_TRUE(default_config_files(directory_ / "none").empty());
}

}  // namespace
}  // namespace ipxlat
