// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include "daemon/conntrack/filter.h"

namespace ipxlat::conntrack {
namespace {

Network net6(const char* text) { return parse_prefix6(text); }
Network net4(const char* text) { return parse_prefix4(text); }

// A client's flow as a masquerading gateway has it on its IPv6 side.
Entry client_flow() {
  return {net6("2001:db8::1/128"), net6("64:ff9b::cb00:7109/128"), net6("64:ff9b:1:fffe::c612:7/128")};
}

TEST(DaemonConntrackFilter, an_empty_filter_means_every_entry) { EXPECT_TRUE(matches({}, client_flow())); }

TEST(DaemonConntrackFilter, both_ends_have_to_match) {
  Filter filter{net6("2001:db8::/32"), net6("64:ff9b::/96")};
  EXPECT_TRUE(matches(filter, client_flow()));
  filter.source = net6("2001:db8:1::/48");
  EXPECT_FALSE(matches(filter, client_flow()));
  filter = {net6("2001:db8::/32"), net6("64:ff9b:1::/48")};
  EXPECT_FALSE(matches(filter, client_flow()));
}

TEST(DaemonConntrackFilter, what_is_translated_as_it_shall_be_does_not_match) {
  Filter filter{{}, net6("64:ff9b::/96"), {}, {net6("64:ff9b:1:fffe::c612:0/111")}};
  EXPECT_FALSE(matches(filter, client_flow()));
  filter.translated_as = {net6("64:ff9b:1:fffe::cb00:7110/124")};
  EXPECT_TRUE(matches(filter, client_flow()));
  filter.translated_as.push_back(net6("64:ff9b:1:fffe::c612:0/111"));
  EXPECT_FALSE(matches(filter, client_flow()));
}

TEST(DaemonConntrackFilter, what_is_translated_on_the_way_elsewhere_matches) {
  const auto to = [](const char* part) {
    Filter filter;
    filter.translated_as = {net6("64:ff9b:1:fffe::c612:0/111")};
    filter.translated_to = {net6("64:ff9b::808:800/120"), net6(part)};
    return filter;
  };
  Entry untranslated = client_flow();
  untranslated.translated = untranslated.source;
  EXPECT_FALSE(matches(to("64:ff9b::cb00:7100/120"), client_flow()));
  EXPECT_TRUE(matches(to("64:ff9b::cb00:7100/120"), untranslated));
  for (const char* elsewhere : {"64:ff9b::cb00:7200/120", "2001:db8:64::/96"}) {
    EXPECT_TRUE(matches(to(elsewhere), client_flow()));
    EXPECT_FALSE(matches(to(elsewhere), untranslated));
  }
}

TEST(DaemonConntrackFilter, what_is_not_translated_at_all_matches) {
  const Filter filter{{}, net6("64:ff9b::/96"), {}, {net6("64:ff9b:1:fffe::c612:0/111")}};
  Entry entry = client_flow();
  entry.translated = entry.source;
  EXPECT_TRUE(matches(filter, entry));
}

TEST(DaemonConntrackFilter, families_and_zones_do_not_mix) {
  const Entry four{net4("198.18.0.7/32"), net4("203.0.113.9/32"), net4("203.0.113.2/32"), 5};
  EXPECT_FALSE(matches({net6("::/0")}, four));
  EXPECT_FALSE(matches({net4("0.0.0.0/0")}, client_flow()));
  EXPECT_TRUE(matches({net4("198.18.0.0/15")}, four));
  EXPECT_TRUE(matches({{}, {}, 5}, four));
  EXPECT_FALSE(matches({{}, {}, 0}, four));
}

TEST(DaemonConntrackFilter, a_filter_in_words) {
  EXPECT_EQ(describe({}), "all");
  EXPECT_EQ(
      describe({net4("198.18.0.0/15"), net4("0.0.0.0/0"), 3, {net4("192.0.2.1/32"), net4("192.0.2.2/32")}}),
      "from 198.18.0.0/15 to 0.0.0.0/0 in zone 3 but as 192.0.2.1/32, 192.0.2.2/32");
  EXPECT_EQ(
      describe({{}, {}, {}, {net6("2001:db8::/64")}, {net6("64:ff9b::/97"), net6("64:ff9b::8000:0/97")}}),
      "to 64:ff9b::/97, 64:ff9b::8000:0/97 but as 2001:db8::/64, and elsewhere as that");
}

}  // namespace
}  // namespace ipxlat::conntrack
