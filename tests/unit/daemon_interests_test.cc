// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include "daemon/desired/interests.h"
#include "tests/unit/daemon_reconciled.h"

namespace ipxlat {
namespace {

class DaemonInterests : public testing::Test {
 protected:
  void add(const char* four) { interests_.add(parse_prefix4(four)); }
  bool touch(const char* four) const { return interests_.touch(parse_prefix4(four)); }

  Interests interests_;
};

TEST_F(DaemonInterests, are_touched_from_above_and_from_below) {
  add("198.51.100.0/24");
  EXPECT_TRUE(touch("198.51.100.0/24"));
  EXPECT_TRUE(touch("198.51.100.255/32"));
  EXPECT_TRUE(touch("198.51.100.0/32"));
  EXPECT_TRUE(touch("198.48.0.0/12"));
  EXPECT_FALSE(touch("198.51.101.0/24"));
  EXPECT_FALSE(touch("198.51.99.0/24"));
  EXPECT_FALSE(interests_.touch(parse_prefix6("2001:db8::/32")));
}

TEST_F(DaemonInterests, a_default_route_always_touches) {
  EXPECT_TRUE(touch("0.0.0.0/0"));
  EXPECT_TRUE(interests_.touch(parse_prefix6("::/0")));
  EXPECT_FALSE(touch("0.0.0.0/1"));
}

TEST_F(DaemonInterests, networks_within_others_change_nothing) {
  add("198.51.100.0/24");
  const Interests one = interests_;
  add("198.51.100.128/25");
  EXPECT_EQ(interests_, one);
  Interests other;
  for (const char* network : {"198.51.100.0/26", "198.51.100.128/25", "198.51.100.0/24"})
    other.add(parse_prefix4(network));
  EXPECT_EQ(other, one);
  Interests last;
  for (const char* network : {"198.51.100.255/32", "198.51.100.0/24"}) last.add(parse_prefix4(network));
  EXPECT_EQ(last, one);
}

TEST_F(DaemonInterests, several_are_kept_apart) {
  for (const char* network : {"10.0.0.0/24", "10.0.2.0/24", "10.0.4.0/24"}) add(network);
  for (const char* network : {"10.0.0.7/32", "10.0.2.0/25", "10.0.4.0/22"})
    EXPECT_TRUE(touch(network)) << network;
  for (const char* network : {"10.0.1.0/24", "10.0.3.0/24", "10.0.5.0/24", "9.0.0.0/8"})
    EXPECT_FALSE(touch(network)) << network;
}

TEST_F(DaemonInterests, are_all_networks_of_a_configuration) {
  Config config;
  config.nat64 = {nat64("edge", "64:ff9b::/96", "198.18.0.0/15")};
  config.nat64[0].allow_private = {parse_prefix4("10.9.0.0/16")};
  config.clat = {clat("home", "eth0")};
  config.clat[0].pref64 = parse_prefix6("2001:db8:64::/96");
  config.clat[0].address6 = parse_prefix6("2001:db8:100:64::/96");
  config.clat[0].local4 = parse_prefix4("192.0.2.0/24");
  config.siit = {
      {"dc", "dc", {}, {{parse_prefix4("198.51.100.10/32"), parse_prefix6("2001:db8:12::10/128")}}}};
  config.siit[0].settings.remote_prefix6 = parse_prefix6("2001:db8:46::/96");
  Nat46Config front;
  front.settings.remote_prefix6 = parse_prefix6("64:ff9b:1:46::/96");
  front.inside4 = parse_prefix4("240.46.0.0/16");
  front.forward = {{IPPROTO_TCP, parse_address4("192.88.0.80"), 443, parse_address6("2001:db8::80"), 8443}};
  config.nat46 = {front};
  const Interests interests = interests_of(config, {});
  for (const char* network : {"240.46.7.0/24", "192.88.0.80/32", "198.18.0.0/15", "10.9.0.0/16",
                              "192.0.0.0/29", "192.0.2.0/24", "198.51.100.10/32"})
    EXPECT_TRUE(interests.touch(parse_prefix4(network))) << network;
  for (const char* network :
       {"64:ff9b::/96", "64:ff9b:1:fffe::c612:0/111", "2001:db8:64::/96", "2001:db8:100:64::/96",
        "2001:db8:12::10/128", "2001:db8:46::/96", "64:ff9b:1:46::/96"})
    EXPECT_TRUE(interests.touch(parse_prefix6(network))) << network;
  EXPECT_FALSE(interests.touch(parse_prefix4("203.0.113.0/24")));
}

}  // namespace
}  // namespace ipxlat
