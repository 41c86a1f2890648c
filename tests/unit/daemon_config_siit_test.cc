// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/daemon_config.h"

namespace ipxlat {
namespace {

TEST_F(DaemonConfig, siit_takes_a_map_from_a_file_beside_it) {
  write("map", "# a comment\n198.51.100.10/32 2001:db8:12::10/128\n");
  const Config config = load("[siit.dc]\nremote-prefix6 = '2001:db8:46::/96'\nlocal-map-file = 'map'\n");
  EXPECT_EQ(config.siit.at(0).map,
            (std::vector{MapEntry{parse_prefix4("198.51.100.10/32"), parse_prefix6("2001:db8:12::10/128")}}));
  const Config other = load("[siit.dc]\nlocal-map = [['198.51.100.10/32', '2001:db8:12::10/128']]\n");
  EXPECT_EQ(other.siit.at(0).map, config.siit.at(0).map);
  EXPECT_FALSE(other.siit.at(0).settings.remote_prefix6);
}

TEST_F(DaemonConfig, siit_offloads_nothing_unless_it_is_told_the_links) {
  EXPECT_TRUE(load("[siit.dc]\nremote-prefix6 = '2001:db8:46::/96'\n").siit.at(0).flowtable_links.empty());
  const Config config =
      load("[siit.dc]\nremote-prefix6 = '2001:db8:46::/96'\nflowtable-links = ['eth0', 'eth1']\n");
  EXPECT_EQ(config.siit.at(0).flowtable_links, (std::vector<std::string>{"eth0", "eth1"}));
}

TEST_F(DaemonConfig, a_folder_in_place_of_a_map_is_no_empty_map) {
  std::filesystem::create_directory(directory_ / "folder");
  EXPECT_EQ(
      siit_refusal("remote-prefix6 = '2001:db8::/96'\nlocal-map-file = 'folder'"),
      "a.toml:3: siit.dc.local-map-file: 'folder' cannot be read: Is a directory; allowed: a file of lines "
      "\"IPv4-prefix IPv6-prefix\"");
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

}  // namespace
}  // namespace ipxlat
