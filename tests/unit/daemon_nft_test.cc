// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <net/if.h>

#include <cstring>

#include "daemon/desired/clat.h"
#include "daemon/desired/nat64.h"
#include "daemon/nft/rule_builder.h"
#include "lib/networks.h"
#include "tests/unit/daemon_nat64_config.h"

namespace ipxlat::nft {
namespace {

std::string hex(const Bytes& bytes) {
  std::string text;
  for (uint8_t byte : bytes)
    text += std::string(1, "0123456789abcdef"[byte >> 4]) + "0123456789abcdef"[byte & 15];
  return text;
}

// An expression in the manner of "nft --debug=netlink", shortened.
struct Words {
  std::string operator()(const Meta& e) const { return "meta " + std::to_string(e.key); }
  std::string operator()(const Conntrack& e) const { return "ct " + std::to_string(e.key); }
  std::string operator()(const Payload& e) const {
    return "payload " + std::to_string(e.base) + " " + std::to_string(e.offset) + "+" +
           std::to_string(e.length);
  }
  std::string operator()(const Bitwise& e) const { return "and " + hex(e.mask); }
  std::string operator()(const Compare& e) const {
    static constexpr const char* kSigns[] = {"==", "!=", "<", "<=", ">", ">="};
    return kSigns[static_cast<unsigned>(e.comparison)] + (" " + hex(e.value));
  }
  std::string operator()(const Lookup& e) const {
    std::string text = e.inverted ? "not in" : "in";
    for (const auto& element : e.set.elements) {
      text += " " + hex(element.begin);
      if (e.set.intervals) text += "-" + hex(element.end);
    }
    return text;
  }
  std::string operator()(const HashOfSource6& e) const { return "hash mod " + std::to_string(e.modulus); }
  std::string operator()(const NamedLookup& e) const { return "in @" + e.set; }
  std::string operator()(const MapLookup& e) const { return "map @" + e.map; }
  std::string operator()(const AddToSet& e) const { return "add @" + e.set; }
  std::string operator()(const Counter&) const { return "counter"; }
  std::string operator()(const Refer& e) const { return "refer to " + e.object; }
  std::string operator()(const Accept&) const { return "accept"; }
  std::string operator()(const Jump& e) const { return "jump " + e.chain; }
  std::string operator()(const Goto& e) const { return "goto " + e.chain; }
  std::string operator()(const Forward& e) const {
    return "fwd " + e.device + "/" + std::to_string(e.ifindex);
  }
  std::string operator()(const OffloadFlow& e) const { return "flow add @" + e.flowtable; }
  std::string operator()(const Drop&) const { return "drop"; }
  std::string operator()(const Notrack&) const { return "notrack"; }
  std::string operator()(const Reject& e) const { return "reject " + std::to_string(e.code); }
  std::string operator()(const Masquerade&) const { return "masquerade"; }
  std::string operator()(const SourceNat6& e) const {
    return "snat " + to_string(e.first) + "-" + to_string(e.last);
  }
  std::string operator()(const Duplicate6& e) const {
    return "dup " + to_string(e.to) + " " + e.device + "/" + std::to_string(e.ifindex);
  }
  std::string operator()(const ClampMss&) const { return "clamp"; }
};

// what the kernel loads as a number has this machine's byte order
std::string number(uint32_t value) {
  Bytes bytes(sizeof value);
  std::memcpy(bytes.data(), &value, sizeof value);
  return hex(bytes);
}

std::vector<std::string> words(const Rule& rule) {
  std::vector<std::string> all;
  for (const auto& expression : rule.expressions) all.push_back(std::visit(Words{}, expression));
  return all;
}

std::string padded(const std::string& name) {
  Bytes bytes(name.begin(), name.end());
  bytes.resize(IFNAMSIZ);
  return hex(bytes);
}

const Rule* find(const Table& table, const std::string& chain, const std::string& comment) {
  for (const auto& one : table.chains)
    for (const auto& rule : one.rules)
      if (one.name == chain && rule.comment.find(comment) != std::string::npos) return &rule;
  return nullptr;
}

std::vector<std::string> rule_words(const Table& table, const std::string& chain,
                                    const std::string& comment) {
  const Rule* rule = find(table, chain, comment);
  return rule ? words(*rule) : std::vector<std::string>{"no such rule"};
}

// meta keys of <linux/netfilter/nf_tables.h>
constexpr const char *kIif = "meta 6", *kOif = "meta 7", *kFamily = "meta 15", *kProtocol = "meta 16";
// and its keys of connection tracking
constexpr const char* kState = "ct 0";
using Lines = std::vector<std::string>;

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

TEST(DaemonNft, nat64_in_masquerade_mode) {
  const Table table = nat64_table(nat64_config());
  EXPECT_EQ(table.family, Family::kInet);
  EXPECT_EQ(table.name, "ipxlat-edge");
  Lines chains;
  for (const auto& chain : table.chains)
    chains.push_back(chain.name + " " + chain.type + " " + std::to_string(static_cast<int>(chain.hook)) +
                     " " + std::to_string(chain.priority));
  EXPECT_EQ(chains, (Lines{"prerouting_raw filter 0 -300", "forward filter 2 0", "postrouting_nat nat 4 -190",
                           "postrouting_guard filter 4 101"}));
  const std::string edge = padded("edge");
  EXPECT_EQ(rule_words(table, "prerouting_raw", "only the translator may use"),
            (Lines{kIif, "!= " + edge, kFamily, "== 0a", "payload 1 8+16",
                   "in 0064ff9b000000000000000000000000-0064ff9b000000000000000100000000 "
                   "0064ff9b0001fffe00000000c6120000-0064ff9b0001fffe00000000c6140000",
                   "counter", "drop"}));
  EXPECT_EQ(rule_words(table, "forward", "as they are: into"),
            (Lines{kOif, "== " + edge, kState, "and " + number(NF_CT_STATE_INVALID_BIT), "!= 00000000",
                   "counter", "drop"}));
  EXPECT_EQ(rule_words(table, "forward", "as they are: out of"),
            (Lines{kIif, "== " + edge, kState, "and " + number(NF_CT_STATE_INVALID_BIT), "!= 00000000",
                   "counter", "drop"}));
  EXPECT_EQ(
      rule_words(table, "forward", "only, from IPv6"),
      (Lines{kOif, "== " + edge, kFamily, "== 0a", kProtocol, "not in 06 11 3a", "counter", "reject 4"}));
  EXPECT_EQ(
      rule_words(table, "forward", "only, from IPv4"),
      (Lines{kOif, "== " + edge, kFamily, "== 02", kProtocol, "not in 06 11 01", "counter", "reject 2"}));
  EXPECT_EQ(rule_words(table, "forward", "segments fit the route on this side"),
            (Lines{kOif, "== " + edge, kProtocol, "== 06", "payload 2 13+1", "and 02", "!= 00", "counter",
                   "clamp"}));
  EXPECT_EQ(rule_words(table, "postrouting_nat", "as written inside"),
            (Lines{kOif, "== " + edge, kFamily, "== 0a", "counter",
                   "snat 64:ff9b:1:fffe::c612:0-64:ff9b:1:fffe::c613:ffff"}));
  EXPECT_EQ(rule_words(table, "postrouting_nat", "address of the uplink"),
            (Lines{kOif, "== " + padded("eth1"), kFamily, "== 02", "payload 1 12+4", "and fffe0000",
                   "== c6120000", "counter", "masquerade"}));
  EXPECT_EQ(rule_words(table, "postrouting_guard", "no inside address"),
            (Lines{kOif, "not in " + edge + " " + padded("lo"), kFamily, "== 02", "payload 1 12+4",
                   "and fffe0000", "== c6120000", "counter", "drop"}));
}

TEST(DaemonNft, clients_are_behind_the_downlinks_alone_where_they_are_named) {
  Nat64Config config = nat64_config();
  EXPECT_FALSE(find(nat64_table(config), "forward", "downlinks"));
  config.downlinks = {"eth0"};
  EXPECT_EQ(rule_words(nat64_table(config), "forward", "downlinks"),
            (Lines{kIif, "!= " + padded("eth0"), kOif, "== " + padded("edge"), kFamily, "== 0a", "counter",
                   "reject 1"}));
}

TEST(DaemonNft, ipv4_is_behind_the_uplinks_alone_where_they_are_named) {
  Nat64Config config = nat64_config();
  EXPECT_EQ(
      rule_words(nat64_table(config), "forward", "uplinks"),
      (Lines{kIif, "== " + padded("edge"), kOif, "not in " + padded("eth1") + " " + padded("edge"), kFamily,
             "== 02", "payload 1 12+4", "and fffe0000", "== c6120000", "counter", "reject 13"}));
  config.mode = Nat64Mode::kPool;
  config.uplinks = {};
  EXPECT_FALSE(find(nat64_table(config), "forward", "uplinks"));
}

TEST(DaemonNft, private_destinations_are_refused_but_for_those_that_are_allowed) {
  Nat64Config config = nat64_config();
  config.allow_private = {parse_prefix4("10.1.0.0/16")};
  const auto rule = rule_words(nat64_table(config), "forward", "not global");
  ASSERT_EQ(rule.size(), 10u);
  EXPECT_EQ(rule[4], "payload 1 24+16");
  EXPECT_THAT(rule[5],
              testing::StartsWith("in 0064ff9b000000000000000000000000-0064ff9b000000000000000001000000 "
                                  "0064ff9b00000000000000000a000000-0064ff9b00000000000000000b000000"));
  EXPECT_THAT(rule[5],
              testing::EndsWith("0064ff9b0000000000000000e0000000-0064ff9b000000000000000100000000"));
  EXPECT_EQ(rule[6], "payload 1 24+16");
  EXPECT_EQ(rule[7].substr(0, 6), "not in");
  EXPECT_EQ(rule[9], "reject 1");
}

TEST(DaemonNft, bits_64_to_71_hide_nothing_private) {
  Nat64Config config = nat64_config();
  config.settings.remote_prefix6 = parse_prefix6("2001:db8:64::/64");
  const auto rule = rule_words(nat64_table(config), "forward", "not global");
  EXPECT_EQ(rule[5], "and ffffffffffffffff00ffffffffffffff");
  EXPECT_THAT(rule[6], testing::HasSubstr("20010db800640000000a"));
}

TEST(DaemonNft, pool_mode_tracks_only_the_ipv6_side) {
  Nat64Config config = nat64_config();
  config.mode = Nat64Mode::kPool;
  const Table table = nat64_table(config);
  EXPECT_FALSE(find(table, "postrouting_nat", "address of the uplink"));
  EXPECT_FALSE(find(table, "postrouting_guard", ""));
  EXPECT_EQ(rule_words(table, "prerouting_raw", "keeps the state of replies"),
            (Lines{kFamily, "== 02", "payload 1 16+4", "and fffe0000", "== c6120000", "notrack"}));
  EXPECT_EQ(rule_words(table, "output_raw", "state of errors"),
            (Lines{kOif, "== " + padded("edge"), kFamily, "== 02", "notrack"}));
}

TEST(DaemonNft, a_client_goes_to_one_of_several_pools_by_their_sizes) {
  Nat64Config config = nat64_config();
  config.mode = Nat64Mode::kPool;
  config.pool4 = {parse_prefix4("203.0.113.16/28"), parse_prefix4("192.0.2.0/30")};
  config.pool6 = {internal6(config.pool4[0]), internal6(config.pool4[1])};
  const Table table = nat64_table(config);
  EXPECT_EQ(rule_words(table, "postrouting_nat", "203.0.113.16/28"),
            (Lines{kOif, "== " + padded("edge"), kFamily, "== 0a", "hash mod 5", "< 00000004", "counter",
                   "snat 64:ff9b:1:fffe::cb00:7110-64:ff9b:1:fffe::cb00:711f"}));
  EXPECT_EQ(rule_words(table, "postrouting_nat", "192.0.2.0/30"),
            (Lines{kOif, "== " + padded("edge"), kFamily, "== 0a", "counter",
                   "snat 64:ff9b:1:fffe::c000:200-64:ff9b:1:fffe::c000:203"}));
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
  const Table table = clat_table(clat_config(), {near4, internal6(near4), "shared", true}, "eth0", 7);
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
  const Table table =
      clat_table(clat_config(),
                 {parse_prefix4("192.0.0.1/32"), parse_prefix6("2001:db8::1/128"), "dedicated"}, "eth0", 7);
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
