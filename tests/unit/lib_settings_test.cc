// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <sstream>
#include <stdexcept>

#include "lib/settings.h"

namespace ipxlat {
namespace {

using Words = std::vector<std::string>;

MapEntry entry(const char* prefix4, const char* prefix6) {
  return {parse_prefix4(prefix4), parse_prefix6(prefix6)};
}

std::string refusal(const Words& words) {
  try {
    parse_settings(words);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

std::string file_refusal(const std::string& text) {
  std::istringstream in(text);
  try {
    parse_settings(in, "siit0.conf");
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

DeviceConfig random_config(std::mt19937& random) {
  DeviceConfig config;
  auto fill = [&](auto& address) {
    auto* bytes = reinterpret_cast<uint8_t*>(&address);
    std::generate_n(bytes, sizeof address, [&] { return static_cast<uint8_t>(random()); });
  };
  if (random() % 4) {
    config.settings.remote_prefix6.emplace();
    fill(config.settings.remote_prefix6->address);
    config.settings.remote_prefix6->length = static_cast<uint8_t>(random() % 129);
  }
  config.settings.lowest_ipv6_mtu = 1280 + random() % 60000;
  fill(config.settings.icmp_source4);
  config.settings.udp_zero_checksum = static_cast<UdpZeroChecksum>(random() % 3);
  config.map.resize(random() % 5);
  for (MapEntry& each : config.map) {
    fill(each.prefix4.address);
    fill(each.prefix6.address);
    each.prefix4.length = static_cast<uint8_t>(random() % 33);
    each.prefix6.length = static_cast<uint8_t>(random() % 129);
  }
  std::sort(config.map.begin(), config.map.end());
  return config;
}

TEST(SettingsText, EverySettingIsRead) {
  Change change = parse_settings({"remote-prefix6", "64:ff9b::/96", "lowest-ipv6-mtu", "1400", "icmp-source4",
                                  "192.0.2.1", "udp-zero-checksum", "forward", "local-map", "192.0.0.1/32",
                                  "2001:db8::1/128", "local-map", "10.0.0.0/8", "2001:db8:1::/104"});
  EXPECT_EQ(change.remote_prefix6, parse_prefix6("64:ff9b::/96"));
  EXPECT_FALSE(change.unset_remote_prefix6);
  EXPECT_EQ(change.lowest_ipv6_mtu, 1400u);
  EXPECT_EQ(to_string(change.icmp_source4.value()), "192.0.2.1");
  EXPECT_EQ(change.udp_zero_checksum, UdpZeroChecksum::kForward);
  EXPECT_TRUE(change.map_flush);
  EXPECT_TRUE(change.map_del.empty());
  EXPECT_THAT(change.map_add, testing::ElementsAre(entry("192.0.0.1/32", "2001:db8::1/128"),
                                                   entry("10.0.0.0/8", "2001:db8:1::/104")));
}

TEST(SettingsText, WhatIsNotNamedIsNotChanged) {
  Change change = parse_settings({"lowest-ipv6-mtu", "1280"});
  EXPECT_FALSE(change.remote_prefix6 || change.unset_remote_prefix6 || change.icmp_source4 ||
               change.udp_zero_checksum || change.map_flush);
  EXPECT_FALSE(change.empty());
  EXPECT_TRUE(parse_settings(Words{}).empty());
}

TEST(SettingsText, NoneUnsetsThePrefixAndEmptiesTheMap) {
  Change change = parse_settings({"remote-prefix6", "none", "local-map", "none"});
  EXPECT_TRUE(change.unset_remote_prefix6);
  EXPECT_FALSE(change.remote_prefix6);
  EXPECT_TRUE(change.map_flush);
  EXPECT_TRUE(change.map_add.empty());
}

TEST(SettingsText, RefusalSaysWhatWasWrongAndWhatIsAllowed) {
  EXPECT_EQ(refusal({"mtu", "1280"}),
            "'mtu' is not a setting (allowed: remote-prefix6, local-map, lowest-ipv6-mtu, icmp-source4, "
            "udp-zero-checksum)");
  EXPECT_EQ(refusal({"remote-prefix6"}), "remote-prefix6 needs an IPv6 prefix or none");
  EXPECT_EQ(refusal({"remote-prefix6", "64:ff9b::"}),
            "'64:ff9b::' is not an IPv6 prefix (an address, a slash, 0 to 128)");
  EXPECT_EQ(refusal({"local-map", "10.0.0.0/8"}),
            "local-map needs an IPv4 prefix and an IPv6 prefix, or none");
  EXPECT_EQ(refusal({"local-map"}), "local-map needs an IPv4 prefix and an IPv6 prefix, or none");
  EXPECT_EQ(refusal({"lowest-ipv6-mtu", "1280x"}), "'1280x' is not a number of bytes (1280 to 65535)");
  EXPECT_EQ(refusal({"lowest-ipv6-mtu", "-1"}), "'-1' is not a number of bytes (1280 to 65535)");
  EXPECT_EQ(refusal({"icmp-source4", "none"}), "'none' is not an IPv4 address");
  EXPECT_EQ(refusal({"udp-zero-checksum", "pass"}), "'pass' is not compute, drop or forward");
}

TEST(SettingsText, ASettingIsGivenOnce) {
  EXPECT_EQ(refusal({"remote-prefix6", "none", "remote-prefix6", "64:ff9b::/96"}),
            "remote-prefix6 is given twice");
  EXPECT_EQ(refusal({"lowest-ipv6-mtu", "1280", "lowest-ipv6-mtu", "1280"}),
            "lowest-ipv6-mtu is given twice");
  EXPECT_EQ(refusal({"local-map", "none", "local-map", "none"}), "local-map none is given twice");
  const char* both = "local-map is given both as none and with an entry";
  EXPECT_EQ(refusal({"local-map", "none", "local-map", "10.0.0.0/8", "::/104"}), both);
  EXPECT_EQ(refusal({"local-map", "10.0.0.0/8", "::/104", "local-map", "none"}), both);
}

TEST(SettingsText, AFileHasASettingALineAndComments) {
  std::istringstream in(
      "# the far side\n\nremote-prefix6 64:ff9b::/96 # well-known\n"
      "local-map 10.0.0.0/8 2001:db8::/104\n\n\tlocal-map  192.0.0.1/32\t2001:db8:1::1/128\r\n");
  std::vector<size_t> lines;
  Change change = parse_settings(in, "siit0.conf", &lines);
  EXPECT_EQ(change.remote_prefix6, parse_prefix6("64:ff9b::/96"));
  EXPECT_EQ(change.map_add.size(), 2u);
  EXPECT_THAT(lines, testing::ElementsAre(4, 6));
}

TEST(SettingsText, ARefusalOfAFileNamesFileAndLine) {
  EXPECT_EQ(file_refusal("lowest-ipv6-mtu 1280\n\nremote-prefix6 x\n"),
            "siit0.conf:3: 'x' is not an IPv6 prefix (an address, a slash, 0 to 128)");
  EXPECT_EQ(file_refusal("remote-prefix6 none\nremote-prefix6 none\n"),
            "siit0.conf:2: remote-prefix6 is given twice");
  EXPECT_EQ(file_refusal("lowest-ipv6-mtu 1280 1280\n"),
            "siit0.conf:1: '1280' is one word too many for lowest-ipv6-mtu");
  EXPECT_EQ(file_refusal("local-map\n10.0.0.0/8 ::/104\n"),
            "siit0.conf:1: local-map needs an IPv4 prefix and an IPv6 prefix, or none");
}

TEST(SettingsText, WhatIsSavedIsRestoredWhateverTheDeviceHadBefore) {
  std::mt19937 random(20240601);
  for (int round = 0; round < 2000; ++round) {
    DeviceConfig saved = random_config(random);
    DeviceConfig restored = random_config(random);
    std::istringstream in(format_settings(saved));
    apply_change(restored, parse_settings(in, "saved"));
    ASSERT_EQ(restored, saved) << format_settings(saved);
  }
}

TEST(SettingsText, SavedTextIsTheGrammarOfTheCommandLine) {
  DeviceConfig config;
  EXPECT_EQ(format_settings(config),
            "remote-prefix6 none\nlowest-ipv6-mtu 1280\nicmp-source4 192.0.0.8\nudp-zero-checksum compute\n"
            "local-map none\n");
  config.map = {entry("192.0.0.1/32", "2001:db8::1/128")};
  EXPECT_THAT(format_settings(config), testing::EndsWith("\nlocal-map 192.0.0.1/32 2001:db8::1/128\n"));
}

TEST(MapText, EveryLineIsAnEntry) {
  std::istringstream in(
      "# SIIT-DC\n198.51.100.10/32 2001:db8:12::10/128\n\n10.0.0.0/8 2001:db8::/104 # site\n");
  std::vector<size_t> lines;
  auto map = parse_map(in, "map", &lines);
  EXPECT_THAT(map, testing::ElementsAre(entry("198.51.100.10/32", "2001:db8:12::10/128"),
                                        entry("10.0.0.0/8", "2001:db8::/104")));
  EXPECT_THAT(lines, testing::ElementsAre(2, 4));
}

TEST(MapText, ARefusalNamesFileAndLine) {
  auto map_refusal = [](const char* text) -> std::string {
    std::istringstream in(text);
    try {
      parse_map(in, "map");
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(map_refusal("10.0.0.0/8 ::/104\n10.0.0.0/8\n"),
            "map:2: a line has an IPv4 prefix and an IPv6 prefix, and not 1 word");
  EXPECT_EQ(map_refusal("a b c\n"), "map:1: a line has an IPv4 prefix and an IPv6 prefix, and not 3 words");
  EXPECT_EQ(map_refusal("::/104 10.0.0.0/8\n"),
            "map:1: '::/104' is not an IPv4 prefix (an address, a slash, 0 to 32)");
}

TEST(Difference, LeadsFromAnyConfigurationToAnyOther) {
  std::mt19937 random(7757);
  for (int round = 0; round < 2000; ++round) {
    DeviceConfig seen = random_config(random);
    DeviceConfig wanted = random_config(random);
    if (!seen.map.empty() && round % 2) wanted.map.push_back(seen.map.front());
    std::sort(wanted.map.begin(), wanted.map.end());
    EXPECT_TRUE(difference(wanted, wanted).empty());
    Change change = difference(seen, wanted);
    EXPECT_EQ(change.empty(), seen == wanted);
    apply_change(seen, change);
    ASSERT_EQ(seen, wanted);
  }
}

TEST(Difference, DoesNotTouchEntriesThatStay) {
  DeviceConfig seen;
  seen.map = {entry("10.0.0.1/32", "::1/128"), entry("10.0.0.2/32", "::2/128")};
  DeviceConfig wanted;
  wanted.map = {entry("10.0.0.3/32", "::3/128"), entry("10.0.0.2/32", "::2/128")};
  Change change = difference(seen, wanted);
  EXPECT_FALSE(change.map_flush);
  EXPECT_THAT(change.map_del, testing::ElementsAre(seen.map[0]));
  EXPECT_THAT(change.map_add, testing::ElementsAre(wanted.map[0]));
}

}  // namespace
}  // namespace ipxlat
