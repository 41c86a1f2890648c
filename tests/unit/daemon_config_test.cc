// SPDX-License-Identifier: GPL-2.0-only
// What holds for all kinds of instances, and between them.
#include "tests/unit/daemon_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace ipxlat {
namespace {

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

[nat44]
)");
  const auto b = write("b.toml", "[clat.home\n");
  const auto c = write("c.toml", R"([clat.home]
pref64 = "au"
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
                                           "a.toml:17: nat44", "b.toml:1: not TOML",
                                           "c.toml:1: clat.home.uplinks", "c.toml:2: clat.home.pref64",
                                           "c.toml:3: clat.home.device", "c.toml:4: clat.home.route-metric",
                                           "c.toml:6: clat.home.local4", "c.toml:8: nat64.two.device",
                                           "c.toml:10: nat64.two.pool4", "d.toml: cannot be read"))
      << text;
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

TEST_F(DaemonConfig, metrics_are_served_where_it_says) {
  EXPECT_FALSE(load("").metrics_listen);
  for (const char* where : {"127.0.0.1:9464", "0.0.0.0:1", "[::1]:65535", "[2001:db8::1]:80"})
    EXPECT_EQ(to_string(*load("metrics-listen = '" + std::string(where) + "'\n").metrics_listen), where);
  for (const char* where :
       {"", "9464", ":9464", "localhost:9464", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:94x",
        "::1:9464", "[127.0.0.1]:80", "127.0.0.1:-1", "[::1]"})
    EXPECT_EQ(refusal("metrics-listen = '" + std::string(where) + "'\n"),
              "a.toml:1: metrics-listen: '" + std::string(where) +
                  "' is not an address and a port; allowed: once, \"ADDRESS:PORT\", such as "
                  "\"127.0.0.1:9464\" or \"[::1]:9464\"");
  EXPECT_THAT(refusal("metrics-listen = 9464\n"),
              testing::HasSubstr("metrics-listen: it is an integer; allowed: "));
  const auto one = write("one.toml", "metrics-listen = '127.0.0.1:1'\n");
  const auto two = write("two.toml", "\nmetrics-listen = '127.0.0.1:1'\n");
  EXPECT_THAT(refusal_of({one, two}),
              testing::StartsWith("two.toml:2: metrics-listen: another file has it, too; allowed: once, "));
}

TEST_F(DaemonConfig, unknown_tables_and_keys_are_refused) {
  EXPECT_EQ(refusal("\nnat44 = 1\n"),
            "a.toml:2: nat44: unknown key; allowed: metrics-listen, [nat64.NAME], [clat.NAME], [siit.NAME] "
            "or [nat46.NAME]");
  EXPECT_EQ(refusal("nat64 = 1\n"),
            "a.toml:1: nat64: it is an integer; allowed: metrics-listen, [nat64.NAME], [clat.NAME], "
            "[siit.NAME] or [nat46.NAME]");
  EXPECT_EQ(refusal("[clat]\nhome = true\n"),
            "a.toml:2: clat.home: it is true or false; allowed: a table, [clat.NAME]");
  EXPECT_EQ(nat64_refusal("pool = ['192.0.2.0/24']"),
            "a.toml:5: nat64.edge.pool: unknown key; allowed: allow-private, client-prefix-length, clients, "
            "device, "
            "downlinks, filtering, flowtable, forward, "
            "icmp-source4, log, log-destinations, log-file, "
            "lowest-ipv6-mtu, manage-sysctls, max-flows, max-flows-per-client, max-new-flows-per-client, "
            "mode, pool4, "
            "pool6, port-blocks, pref64, routes4, "
            "udp-zero-checksum, uplinks");
  EXPECT_EQ(clat_refusal("pool4 = []"),
            "a.toml:4: clat.home.pool4: unknown key; allowed: address6, device, dns, downlinks, local4, "
            "manage-sysctls, mode, pref64, "
            "route-metric, "
            "uplinks");
  EXPECT_EQ(siit_refusal("remote-prefix6 = '2001:db8::/96'\npref64 = 'x'"),
            "a.toml:3: siit.dc.pref64: unknown key; allowed: device, flowtable-links, icmp-source4, "
            "local-map, local-map-file, "
            "lowest-ipv6-mtu, manage-sysctls, remote-prefix6, udp-zero-checksum");
}

TEST_F(DaemonConfig, names_are_refused) {
  EXPECT_EQ(refusal("[nat64.'a b']\npref64 = '64:ff9b::/96'\nuplinks = ['eth1']\n"),
            "a.toml:1: nat64.a b: 'a b' cannot be the name of an instance; allowed: 1 to 64 letters, digits, "
            "'-', '_' "
            "and '.'");
  const auto longest = [](size_t length) {
    return "[siit." + std::string(length, 'x') + "]\ndevice = 'dc'\nremote-prefix6 = '2001:db8::/96'\n";
  };
  EXPECT_EQ(load(longest(64)).siit.size(), 1u);
  EXPECT_THAT(refusal(longest(65)), testing::HasSubstr("cannot be the name of an instance"));
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

TEST_F(DaemonConfig, a_link_has_no_control_character_in_its_name) {
  EXPECT_NE(nat64_refusal("device = 'a\x7f'"), "");
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

TEST_F(DaemonConfig, two_gateways_have_one_prefix_in_parts) {
  const auto a = write("a.toml",
                       "[nat64.a]\npref64 = '64:ff9b::/96'\nuplinks = ['eth1']\npool4 = ['192.0.2.0/28']\n"
                       "routes4 = ['198.51.100.0/24', '10.0.0.0/8']\n");
  const auto with = [&](const std::string& text) {
    return refusal_of(
        {a, write("b.toml", "[nat64.b]\npref64 = '64:ff9b::/96'\npool4 = ['192.0.2.16/28']\n" + text)});
  };
  const std::string rest = " of nat64.a; allowed: addresses that no other instance has";
  EXPECT_EQ(with("routes4 = ['198.51.0.0/18', '203.0.113.0/24']\n"), "it was taken");
  EXPECT_EQ(with("routes4 = ['203.0.113.0/24', '198.51.0.0/16']\n"),
            "b.toml:4: nat64.b.routes4: 64:ff9b::c633:0/112 overlaps 64:ff9b::c633:6400/120" + rest);
  EXPECT_EQ(with(""), "b.toml:2: nat64.b.pref64: 64:ff9b::/96 overlaps 64:ff9b::a00:0/104" + rest);
  EXPECT_EQ(refusal_of({a, write("b.toml", "[siit.b]\nremote-prefix6 = '64:ff9b::/96'\n")}),
            "b.toml:2: siit.b.remote-prefix6: 64:ff9b::/96 overlaps 64:ff9b::a00:0/104" + rest);
}

TEST_F(DaemonConfig, the_examples_are_valid) {
  const std::filesystem::path root = IPXLAT_SOURCE_DIR;
  size_t examples = 0;
  for (const auto& entry : std::filesystem::directory_iterator(root / "docs/examples")) {
    EXPECT_EQ(load_config({entry.path() / "ipxlatd.toml"}).size(), 1u) << entry.path();
    examples++;
  }
  EXPECT_GE(examples, 5u);
  EXPECT_EQ(load_config({root / "dist/ipxlatd.toml"}).size(), 0u);
}

TEST_F(DaemonConfig, a_text_is_read_as_its_file_would_be) {
  EXPECT_EQ(parse_config("[siit.dc]\nremote-prefix6 = '2001:db8:46::/96'\n", "text").siit.size(), 1u);
  try {
    parse_config("[siit.dc]\nremote = 1\n", "text");
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_EQ(std::string(error.what()).rfind("text:1: siit.dc: ", 0), 0u) << error.what();
  }
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
