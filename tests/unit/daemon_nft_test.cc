// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/netfilter/nf_conntrack_common.h>

#include "daemon/desired/clat.h"
#include "daemon/nft/rule_builder.h"
#include "tests/unit/daemon_rule_words.h"

namespace ipxlat::nft {
namespace {

TEST(DaemonNft, a_match_of_an_inet_table_checks_the_family_once) {
  const auto both = RuleBuilder(Family::kInet)
                        .ip6_saddr({parse_prefix6("2001:db8::1/128")})
                        .ip6_daddr({parse_prefix6("2001:db8::/32")})
                        .comment("");
  EXPECT_EQ(words(both), (Lines{kFamily, "== 0a", "payload 1 8+16", "== 20010db8000000000000000000000001",
                                "payload 1 24+16", "and ffffffff000000000000000000000000",
                                "== 20010db8000000000000000000000000"}));
  EXPECT_EQ(words(RuleBuilder(Family::kIp6).ip6_saddr({parse_prefix6("2001:db8::1/128")}).comment("")),
            (Lines{"payload 1 8+16", "== 20010db8000000000000000000000001"}));
  EXPECT_EQ(words(RuleBuilder(Family::kInet).ip4_daddr({parse_prefix4("10.0.0.0/8")}).comment("")),
            (Lines{kFamily, "== 02", "payload 1 16+4", "and ff000000", "== 0a000000"}));
}

TEST(DaemonNft, all_bits_but_one_are_a_mask_all_bits_none) {
  EXPECT_EQ(words(RuleBuilder(Family::kIp4).ip4_daddr({parse_prefix4("192.0.2.6/31")}).comment("")),
            (Lines{"payload 1 16+4", "and fffffffe", "== c0000206"}));
  EXPECT_EQ(words(RuleBuilder(Family::kIp4).ip4_daddr({parse_prefix4("192.0.2.6/32")}).comment("")),
            (Lines{"payload 1 16+4", "== c0000206"}));
  EXPECT_EQ(words(RuleBuilder(Family::kIp6).ip6_daddr({parse_prefix6("2001:db8::6/127")}).comment("")),
            (Lines{"payload 1 24+16", "and fffffffffffffffffffffffffffffffe",
                   "== 20010db8000000000000000000000006"}));
  EXPECT_EQ(words(RuleBuilder(Family::kIp6).ip6_daddr({parse_prefix6("2001:db8::6/128")}).comment("")),
            (Lines{"payload 1 24+16", "== 20010db8000000000000000000000006"}));
}

TEST(DaemonNft, several_destinations_are_any_of_them) {
  EXPECT_EQ(words(RuleBuilder(Family::kIp6)
                      .ip6_daddr({parse_prefix6("2001:db8::6/128"), parse_prefix6("2001:db8::9/128")})
                      .comment("")),
            (Lines{"payload 1 24+16",
                   "in 20010db8000000000000000000000006-20010db8000000000000000000000007 "
                   "20010db8000000000000000000000009-20010db800000000000000000000000a"}));
}

// libnftables' data types
TEST(DaemonNft, keys_have_lengths) {
  EXPECT_EQ(length(KeyType::kAddress4), 4u);
  EXPECT_EQ(length(KeyType::kAddress6), 16u);
  EXPECT_EQ(length(KeyType::kInterface), 16u);
  EXPECT_EQ(length(KeyType::kMark), 4u);
  EXPECT_EQ(length(KeyType::kPort), 2u);
  EXPECT_EQ(length(KeyType::kProtocol), 1u);
  EXPECT_EQ(length(KeyType::kVerdict), 0u);
}

TEST(DaemonNft, prefixes_become_sorted_disjoint_intervals) {
  const auto rule = RuleBuilder(Family::kIp4)
                        .ip4_saddr({parse_prefix4("240.0.0.0/4"), parse_prefix4("10.1.0.0/16"),
                                    parse_prefix4("224.0.0.0/4"), parse_prefix4("10.0.0.0/8")})
                        .comment("");
  // adjacent ones are joined, an inner one is left out, and nothing is behind the last address
  EXPECT_EQ(words(rule), (Lines{"payload 1 12+4", "in 0a000000-0b000000 e0000000-"}));
}

TEST(DaemonNft, several_interfaces_are_a_set) {
  EXPECT_EQ(words(RuleBuilder(Family::kInet).iifname({"eth0"}).comment("")),
            (Lines{kIif, "== " + padded("eth0")}));
  EXPECT_EQ(words(RuleBuilder(Family::kInet).oifname_not({"a", "b"}).comment("")),
            (Lines{kOif, "not in " + padded("a") + " " + padded("b")}));
}

ClatConfig clat_config() {
  ClatConfig config;
  config.name = "home";
  config.device = "clat0";
  config.pref64 = parse_prefix6("64:ff9b::/96");
  return config;
}

TEST(DaemonNft, clat_with_a_shared_address) {
  const Prefix4 near4 = parse_prefix4("192.0.0.1/32");
  const Table table = clat_table(
      clat_config(), {near4, internal6(near4), parse_prefix6("64:ff9b::/96"), "shared", true}, "eth0", 7);
  EXPECT_EQ(table.family, Family::kIp6);
  const std::string near6 = "0064ff9b0001fffe00000000c0000001";
  EXPECT_EQ(rule_words(table, "prerouting_filter", "replies"),
            (Lines{"payload 1 24+16", "== " + near6, kState,
                   "and " + number(NF_CT_STATE_BIT(IP_CT_ESTABLISHED) | NF_CT_STATE_BIT(IP_CT_RELATED)),
                   "!= 00000000", kIif, "== " + padded("eth0"), "counter", "dup fe80::1 clat0/7", "drop"}));
  EXPECT_EQ(rule_words(table, "prerouting_filter", "nobody reaches"),
            (Lines{"payload 1 24+16", "== " + near6, "counter", "drop"}));
  EXPECT_EQ(rule_words(table, "postrouting_nat", ""),
            (Lines{kOif, "== " + padded("eth0"), "payload 1 8+16", "== " + near6, "counter", "masquerade"}));
  EXPECT_EQ(rule_words(table, "postrouting_guard", ""),
            (Lines{kOif, "!= " + padded("clat0"), "payload 1 8+16", "== " + near6, "counter", "drop"}));
}

TEST(DaemonNft, clat_with_an_address_of_its_own) {
  const Table table = clat_table(clat_config(),
                                 {parse_prefix4("192.0.0.1/32"), parse_prefix6("2001:db8::1/128"),
                                  parse_prefix6("64:ff9b::/96"), "dedicated"},
                                 "eth0", 7);
  const std::string near6 = "20010db8000000000000000000000001";
  EXPECT_EQ(rule_words(table, "prerouting_raw", ""),
            (Lines{kIif, "== " + padded("eth0"), "payload 1 24+16", "== " + near6, "notrack"}));
  EXPECT_EQ(rule_words(table, "output_raw", ""), (Lines{"payload 1 8+16", "== " + near6, "notrack"}));
  EXPECT_EQ(rule_words(table, "prerouting_filter", "other side"),
            (Lines{kIif, "== " + padded("eth0"), "payload 1 24+16", "== " + near6, "payload 1 8+16",
                   "and ffffffffffffffffffffffff00000000", "== 0064ff9b000000000000000000000000", "counter",
                   "dup fe80::1 clat0/7", "drop"}));
  EXPECT_EQ(rule_words(table, "prerouting_filter", "errors"),
            (Lines{kIif, "== " + padded("eth0"), "payload 1 24+16", "== " + near6, kProtocol, "== 3a",
                   "payload 2 0+1", ">= 01", "<= 04", "counter", "dup fe80::1 clat0/7", "drop"}));
  EXPECT_FALSE(find(table, "postrouting_nat", ""));
}

}  // namespace
}  // namespace ipxlat::nft
