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
                                "payload 1 24+4", "== 20010db8"}));
  EXPECT_EQ(words(RuleBuilder(Family::kIp6).ip6_saddr({parse_prefix6("2001:db8::1/128")}).comment("")),
            (Lines{"payload 1 8+16", "== 20010db8000000000000000000000001"}));
  EXPECT_EQ(words(RuleBuilder(Family::kInet).ip4_daddr({parse_prefix4("10.0.0.0/8")}).comment("")),
            (Lines{kFamily, "== 02", "payload 1 16+4", "and ff000000", "== 0a000000"}));
}

TEST(DaemonNft, a_prefix_of_whole_bytes_needs_no_mask) {
  const auto of = [](const char* prefix) {
    return words(RuleBuilder(Family::kIp6).ip6_daddr({parse_prefix6(prefix)}).comment(""));
  };
  EXPECT_EQ(of("64:ff9b::/96"), (Lines{"payload 1 24+12", "== 0064ff9b0000000000000000"}));
  EXPECT_EQ(of("2001:db8:8000::/33"), (Lines{"payload 1 24+16", "and ffffffff800000000000000000000000",
                                             "== 20010db8800000000000000000000000"}));
  EXPECT_EQ(of("::/0"),
            (Lines{"payload 1 24+16", "and " + std::string(32, '0'), "== " + std::string(32, '0')}));
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

const SeenLink& uplink() {
  static const SeenLink link = [] {
    SeenLink eth0;
    eth0.ifindex = 2;
    eth0.name = "eth0";
    return eth0;
  }();
  return link;
}

ClatPlace place() {
  ClatPlace one;
  one.uplink = &uplink();
  one.device = "clat0";
  one.table = "ipxlat-home";
  one.pref64 = parse_prefix6("64:ff9b::/96");
  return one;
}

TEST(DaemonNft, clat_with_a_shared_address) {
  const Prefix4 near4 = parse_prefix4("192.0.0.1/32");
  const auto tables =
      clat_tables(clat_config(), place(), {{{near4, internal6(near4)}}, "shared", true}, 7, true);
  ASSERT_EQ(tables.size(), 1u);
  const Table& table = tables[0];
  EXPECT_EQ(table.family, Family::kIp6);
  EXPECT_EQ(table.name, "ipxlat-home");
  EXPECT_EQ(table.owner, "clat.home/eth0");
  const std::string near6 = "0064ff9b0001fffe00000000c0000001";
  EXPECT_EQ(rule_words(table, "prerouting_filter", ""),
            (Lines{"payload 1 24+16", "== " + near6, "goto inside"}));
  EXPECT_EQ(rule_words(table, "inside", "marked"), (Lines{"ct 3", "!= 00000000", "restore mark"}));
  EXPECT_EQ(
      rule_words(table, "inside", "replies"),
      (Lines{kState, "and " + number(NF_CT_STATE_BIT(IP_CT_ESTABLISHED) | NF_CT_STATE_BIT(IP_CT_RELATED)),
             "!= 00000000", "iif eth0/2", "counter", "dup fe80::1 clat0/7", "drop"}));
  EXPECT_EQ(rule_words(table, "inside", "nobody reaches"), (Lines{"counter", "drop"}));
  EXPECT_EQ(rule_words(table, "postrouting_nat", ""),
            (Lines{"payload 1 8+16", "== " + near6, "oif eth0/2", "counter", "masquerade"}));
  EXPECT_EQ(rule_words(table, "postrouting_guard", ""),
            (Lines{"payload 1 8+16", "== " + near6, kOif, "!= " + padded("clat0"), "counter", "drop"}));
}

TEST(DaemonNft, clat_with_an_address_of_its_own) {
  const ClatEnd end{{{parse_prefix4("192.0.0.1/32"), parse_prefix6("2001:db8::1/128")}}, "dedicated"};
  auto tables = clat_tables(clat_config(), place(), end, 7, false);
  ASSERT_EQ(tables.size(), 1u) << "IPv6 of the host meets no hook where nothing is tracked";
  const Table table = tables[0];
  EXPECT_EQ(table.family, Family::kNetdev);
  const std::string near6 = "20010db8000000000000000000000001";
  const std::string far = "== 0064ff9b0000000000000000";
  ASSERT_EQ(table.chains.front().devices, std::vector<std::string>{"eth0"});
  EXPECT_EQ(rule_words(table, "from_uplink", ""),
            (Lines{"meta 1", "== 86dd", "payload 1 24+16", "== " + near6, "goto own_address"}));
  EXPECT_EQ(rule_words(table, "own_address", "other side"),
            (Lines{"payload 1 8+12", far, "counter", "fwd clat0/7"}));
  EXPECT_EQ(rule_words(table, "own_address", "errors"),
            (Lines{kProtocol, "== 3a", "payload 2 0+1", ">= 01", "<= 04", "counter", "fwd clat0/7"}));

  tables = clat_tables(clat_config(), place(), end, 7, true);
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_EQ(tables[0], table);
  EXPECT_EQ(tables[1].family, Family::kIp6);
  EXPECT_EQ(tables[1].chains.size(), 1u);
  EXPECT_EQ(rule_words(tables[1], "output_raw", ""),
            (Lines{"payload 1 8+16", "== " + near6, "payload 1 24+12", far, "notrack"}));
}

TEST(DaemonNft, clat_with_a_network_behind) {
  ClatConfig config = clat_config();
  config.downlinks = {"lan0"};
  const ClatEnd end{{{parse_prefix4("192.0.0.1/32"), parse_prefix6("2001:db8::1/128")}}, "dedicated"};
  const auto tables = clat_tables(config, place(), end, 7, false);
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_EQ(tables[1].family, Family::kIp4);
  EXPECT_EQ(rule_words(tables[1], "postrouting_nat", ""),
            (Lines{"oif clat0/7", kIif, "== " + padded("lan0"), "counter", "masquerade"}));
  const Lines syn{kProtocol, "== 06", "payload 2 13+1", "and 02", "!= 00", "clamp"};
  for (const auto& [comment, link] :
       {std::pair{"to the NAT64", "oif clat0/7"}, {"from there", "iif clat0/7"}}) {
    Lines all{link};
    all.insert(all.end(), syn.begin(), syn.end());
    EXPECT_EQ(rule_words(tables[1], "forward_segments", comment), all);
  }
}

}  // namespace
}  // namespace ipxlat::nft
