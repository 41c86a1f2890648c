// SPDX-License-Identifier: GPL-2.0-only
// Tables of nftables in the kernel: what is written is read as it was wanted, what nft(8) alters is put back,
// and what is as it shall be keeps its state. In a network namespace with the links one, two and three.
#include "daemon/kernel/nft_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/netfilter/nf_tables.h>
#include <net/if.h>

#include <array>
#include <cstdio>

#include "daemon/desired/nat64_rules.h"
#include "tests/nft/full_table.h"
#include "tests/unit/daemon_nat64_config.h"

namespace ipxlat::nft {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string output(const std::string& command) {
  std::string text;
  std::array<char, 4096> part;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  while (size_t length = fread(part.data(), 1, part.size(), pipe)) text.append(part.data(), length);
  if (pclose(pipe) != 0) ADD_FAILURE() << command << ": " << text;
  return text;
}

std::string nft(const std::string& words) { return output("nft '" + words + "'"); }

// Handles are new where something was made anew.
std::string with_handles() { return output("nft -a -s list ruleset"); }

TableSummary seen(const Table& table) {
  auto tables = read_tables();
  if (!tables) ADD_FAILURE() << tables.error().text;
  for (const auto& one : *tables)
    if (one.family == table.family && one.name == table.name) return one;
  return {};
}

void make(const Table& table) {
  auto done = set_tables(table.name, {table});
  EXPECT_TRUE(done) << done.error().text;
}

class NftTables : public testing::Test {
 protected:
  void SetUp() override {
    nft("flush ruleset");
    make(table_);
    ASSERT_EQ(difference(), "");
  }
  void TearDown() override { nft("flush ruleset"); }

  // What of the table is not as wanted, in words.
  std::string difference() const {
    const TableSummary wanted = summary(table_), now = seen(table_);
    std::string text = wanted.comment == now.comment && wanted.flags == now.flags ? "" : "the table\n";
    for (auto items :
         {&TableSummary::chains, &TableSummary::sets, &TableSummary::flowtables, &TableSummary::objects})
      for (const auto* side : {&wanted, &now})
        for (const auto& [name, item] : side->*items) {
          const auto& others = (side == &wanted ? now : wanted).*items;
          const auto other = others.find(name);
          if (other != others.end() && other->second == item) continue;
          text += (side == &wanted ? "wanted " : "there ") + name + ": " + item.definition + "\n";
          for (const auto& line : item.contents) text += "  " + line + "\n";
        }
    return text;
  }

  // It is noticed, and put back as nft(8) shows it.
  void altered(const std::string& words) {
    const std::string before = output("nft -s list ruleset");
    nft(words);
    EXPECT_NE(difference(), "") << words;
    make(table_);
    EXPECT_EQ(difference(), "") << words;
    EXPECT_EQ(output("nft -s list ruleset"), before) << words;
  }

  Table table_ = full_table("one", "two");
};

TEST_F(NftTables, what_is_as_it_shall_be_is_not_touched) {
  const std::string before = with_handles();
  make(table_);
  EXPECT_EQ(with_handles(), before);
  EXPECT_THAT(before, HasSubstr("comment \"ipxlatd [nat64.full]\""));
}

TEST_F(NftTables, a_gateways_table_is_as_it_shall_be_at_once) {
  table_ = nat64_table6(blocks_config(), {7, 1440, {"one", "two"}, {}});
  make(table_);
  EXPECT_EQ(difference(), "");
  EXPECT_THAT(output("nft list ruleset"), HasSubstr("ports 49408 to 65535"));
}

TEST_F(NftTables, a_table_that_is_gone_is_made_again) { altered("delete table ip6 ipxlat-full"); }

TEST_F(NftTables, a_table_that_sleeps_is_woken) { altered("add table ip6 ipxlat-full { flags dormant; }"); }

TEST_F(NftTables, a_table_that_sleeps_and_lost_a_chain_is_made_anew) {
  altered(
      "add table ip6 ipxlat-full { flags dormant; }; flush chain ip6 ipxlat-full forward; "
      "delete chain ip6 ipxlat-full forward");
}

TEST_F(NftTables, changed_chains_are_put_back) {
  altered("chain ip6 ipxlat-full forward { policy accept; }");
  altered("flush chain ip6 ipxlat-full end");
  altered("flush chain ip6 ipxlat-full forward; delete chain ip6 ipxlat-full forward");
  altered(
      "delete chain ip6 ipxlat-full forward; "
      "add chain ip6 ipxlat-full forward { type filter hook forward priority -7; policy drop; }");
}

TEST_F(NftTables, foreign_rules_in_a_chain_go) {
  altered("insert rule ip6 ipxlat-full in accept");
  altered("add rule ip6 ipxlat-full end drop");
  altered("insert rule ip6 ipxlat-full in tcp dport { 1, 2 } drop");
}

TEST_F(NftTables, foreign_things_in_a_table_go) {
  altered("add chain ip6 ipxlat-full other; add rule ip6 ipxlat-full end jump other");
  altered(
      "add chain ip6 ipxlat-full other { type nat hook postrouting priority 100; }; "
      "add rule ip6 ipxlat-full other masquerade");
  altered("add set ip6 ipxlat-full other { type ipv4_addr; elements = { 192.0.2.1 }; }");
  altered("add counter ip6 ipxlat-full other; add rule ip6 ipxlat-full end counter name other");
  altered("add flowtable ip6 ipxlat-full other { hook ingress priority 0; devices = { three }; }");
}

TEST_F(NftTables, changed_elements_are_put_back) {
  altered("add element ip6 ipxlat-full ports { 8080 }");
  altered("delete element ip6 ipxlat-full ports { 80 }");
  altered("flush set ip6 ipxlat-full networks");
  altered("add element ip6 ipxlat-full networks { 2001:db8::/32 }");
  altered("delete element ip6 ipxlat-full marks { 81 : 1 }; add element ip6 ipxlat-full marks { 81 : 2 }");
  altered(
      "delete element ip6 ipxlat-full ways { 82 : goto end }; add element ip6 ipxlat-full ways { 82 : drop "
      "}");
}

TEST_F(NftTables, a_flowtable_that_lost_a_device_gets_it_back) {
  altered("delete flowtable ip6 ipxlat-full fast { hook ingress priority 0; devices = { two }; }");
}

TEST_F(NftTables, a_device_that_was_made_anew_gets_its_flowtable_back) {
  output("ip link del three; ip link add three type dummy");
  table_ = full_table("one", "three");
  make(table_);
  output("ip link del three; ip link add three type dummy");
  make(table_);
  EXPECT_EQ(difference(), "");
}

TEST_F(NftTables, a_rule_that_changes_leaves_the_state_of_everything_else) {
  nft("add element ip6 ipxlat-full recent { 2001:db8::1 }");
  const std::string before = with_handles();
  chain_of(table_, "check").rules[1].comment = "who else was here";
  make(table_);
  EXPECT_EQ(difference(), "");
  EXPECT_THAT(nft("list set ip6 ipxlat-full recent"), HasSubstr("2001:db8::1 "));
  // handles of one chain only
  for (const char* kept :
       {"chain forward", "chain in", "set clients", "set recent", "counter seen", "limit slow",
        "flowtable fast", "comment \"the end\"", "comment \"others\"", "comment \"fast lane\""}) {
    const auto line = [kept](const std::string& text) {
      const size_t at = text.find(kept);
      return text.substr(at, text.find('\n', at) - at);
    };
    EXPECT_EQ(line(with_handles()), line(before));
  }
}

TEST_F(NftTables, a_set_of_another_size_is_another_set) {
  nft("add element ip6 ipxlat-full recent { 2001:db8::1 }");
  table_.sets[1].size = 200;
  make(table_);
  EXPECT_EQ(difference(), "");
  EXPECT_THAT(nft("list set ip6 ipxlat-full recent"), Not(HasSubstr("2001:db8::1 ")));
}

TEST_F(NftTables, a_limit_of_another_rate_is_another_limit) {
  table_.objects[1].what = NamedLimit{20, 60, 7};
  make(table_);
  EXPECT_EQ(difference(), "");
  EXPECT_THAT(nft("list limit ip6 ipxlat-full slow"), HasSubstr("rate 20/minute burst 7 packets"));
}

TEST_F(NftTables, a_table_of_another_owner_is_made_anew) {
  table_.owner = "nat64.other";
  make(table_);
  EXPECT_EQ(difference(), "");
}

TEST_F(NftTables, what_is_ours_of_that_name_goes_with_the_change_and_nothing_else) {
  Table four{Family::kIp4, table_.name, table_.owner};
  const std::vector<Table> both = {table_, four};
  EXPECT_TRUE(set_tables(table_.name, both));
  EXPECT_EQ(seen(four), summary(four));
  const std::string before = output("nft -a -s list table ip6 ipxlat-full");
  nft("add table inet ipxlat-full");
  make(table_);
  EXPECT_EQ(output("nft -a -s list table ip6 ipxlat-full"), before);
  EXPECT_EQ(nft("list tables"), "table ip6 ipxlat-full\ntable inet ipxlat-full\n");
}

TEST_F(NftTables, a_refused_table_leaves_everything_as_it_was) {
  const std::string before = with_handles();
  chain_of(table_, "end")
      .rules.push_back(RuleBuilder(Family::kIp6).statement(Jump{"nowhere"}).comment("to nowhere"));
  auto done = set_tables(table_.name, {table_});
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text, HasSubstr("nftables refused the rule \"to nowhere\""));
  EXPECT_EQ(with_handles(), before);
}

TEST(NftTranslation, to_one_end_is_read_as_it_was_wanted) {
  Table table{Family::kIp6, "ipxlat-to", "nat64.to"};
  Chain in{"in", "nat", Hook::kPrerouting, kOwnNat}, out{"out", "nat", Hook::kPostrouting, kOwnNat};
  const std::vector<uint8_t> end = {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5};
  in.rules = {RuleBuilder(Family::kIp6)
                  .l4proto(IPPROTO_TCP)
                  .destination_port(80)
                  .statement(TranslateTo{false, end, 8080})
                  .comment("a service"),
              RuleBuilder(Family::kIp6).statement(TranslateTo{false, end}).comment("the rest")};
  out.rules = {RuleBuilder(Family::kIp6)
                   .l4proto(IPPROTO_TCP)
                   .source_port(8080)
                   .statement(TranslateTo{true, end, 80})
                   .comment("the server's own")};
  table.chains = {in, out};
  make(table);
  EXPECT_EQ(seen(table), summary(table)) << output("nft list ruleset");
  EXPECT_THAT(nft("list ruleset"), HasSubstr("tcp dport 80 dnat to [2001:db8::5]:8080 comment"));
  EXPECT_THAT(nft("list ruleset"), HasSubstr("tcp sport 8080 snat to [2001:db8::5]:80 comment"));
  EXPECT_THAT(nft("list ruleset"), HasSubstr("dnat to 2001:db8::5 comment"));
  nft("flush ruleset");
}

TEST(NftNetdev, a_chain_of_an_ingress_hook_is_put_back) {
  Table table{Family::kNetdev, "ipxlat-in", "clat.in"};
  Chain in{"in", "filter", kIngress, 0, {}, false, {"one"}};
  const uint32_t index = if_nametoindex("two");
  in.rules = {RuleBuilder(Family::kNetdev)
                  .ip6()
                  .l4proto(IPPROTO_UDP)
                  .counter()
                  .statement(Forward{"two", index})
                  .comment("into the device")};
  table.chains = {in};
  make(table);
  EXPECT_EQ(seen(table), summary(table)) << output("nft list ruleset");
  EXPECT_THAT(nft("list ruleset"), HasSubstr("fwd to \"two\""));
  nft("flush chain netdev ipxlat-in in");
  make(table);
  EXPECT_EQ(seen(table), summary(table));
  // of two devices
  table.chains[0].devices = {"one", "three"};
  make(table);
  EXPECT_EQ(seen(table), summary(table)) << output("nft list ruleset");
  auto removed = set_tables("ipxlat-in", {});
  EXPECT_TRUE(removed);
  removed = set_tables("ipxlat-in", {});
  EXPECT_TRUE(removed) << "one that is gone already is fine";
  EXPECT_EQ(nft("list ruleset"), "");
}

}  // namespace
}  // namespace ipxlat::nft
