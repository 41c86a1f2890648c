// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/netlink.h>

#include <set>

#include "daemon/nft/change.h"
#include "daemon/nft/lacking.h"
#include "tests/nft/full_table.h"

namespace ipxlat::nft {
namespace {

using testing::ElementsAre;

// What is said of the message about `subject`, whichever of its bytes is to blame.
std::set<std::string> all_said(const Table& table, const std::string& subject) {
  const Batch batch = change({table}, {});
  std::set<std::string> all;
  for (uint32_t i = 1; i <= batch.last_sequence(); i++) {
    if (batch.subject(i) != subject) continue;
    const nlmsghdr* message = batch.message(i);
    for (size_t offset = 0; offset < message->nlmsg_len; offset++) all.insert(lacking(message, offset));
  }
  all.erase("");
  return all;
}

std::set<std::string> of_rule(Family family, const Expression& expression) {
  Table table{family, "t", "nat64.t"};
  Chain chain{"c", "nat", Hook::kPostrouting, kSourceNat};
  chain.rules = {RuleBuilder(family).l4proto(IPPROTO_UDP).counter().statement(expression).comment("it")};
  table.chains = {chain};
  return all_said(table, "rule \"it\"");
}

TEST(DaemonNftLacking, an_expression_has_a_module) {
  EXPECT_THAT(of_rule(Family::kIp6, Masquerade{}),
              ElementsAre("this kernel lacks the expression \"masq\", module nft_masq"));
  EXPECT_THAT(of_rule(Family::kIp6, Conntrack{0}),
              ElementsAre("this kernel lacks the expression \"ct\", module nft_ct"));
  EXPECT_THAT(of_rule(Family::kNetdev, Forward{"x", 1}),
              ElementsAre("this kernel lacks the expression \"fwd\", module nft_fwd_netdev"));
  EXPECT_THAT(of_rule(Family::kIp6, HashOfSource6{3}),
              ElementsAre("this kernel lacks the expression \"hash\", module nft_hash"));
  EXPECT_THAT(of_rule(Family::kIp4, SocketTransparent{}),
              ElementsAre("this kernel lacks the expression \"socket\", module nft_socket"));
}

TEST(DaemonNftLacking, the_expression_to_blame_is_the_one_at_the_offset) {
  Table table{Family::kIp6, "t", "nat64.t"};
  Chain chain{"c", "nat", Hook::kPostrouting, kSourceNat};
  chain.rules = {RuleBuilder(Family::kIp6).statement(Conntrack{0}).statement(Masquerade{}).comment("it")};
  table.chains = {chain};
  const Batch batch = change({table}, {});
  const nlmsghdr* rule = batch.message(batch.last_sequence());
  std::vector<std::string> runs;
  for (size_t offset = 0; offset < rule->nlmsg_len; offset++) {
    const std::string said = lacking(rule, offset);
    const std::string module = said.substr(said.empty() ? 0 : said.rfind(' ') + 1);
    if (runs.empty() || runs.back() != module) runs.push_back(module);
  }
  EXPECT_THAT(runs, ElementsAre("", "nft_ct", "nft_masq"));
}

TEST(DaemonNftLacking, some_have_one_for_each_family) {
  EXPECT_THAT(of_rule(Family::kIp6, Duplicate6{{}, "x", 1}),
              ElementsAre("this kernel lacks the expression \"dup\", module nft_dup_ipv6"));
  EXPECT_THAT(of_rule(Family::kIp4, Reject{3}),
              ElementsAre("this kernel lacks the expression \"reject\", module nft_reject_ipv4"));
  EXPECT_THAT(of_rule(Family::kInet, Reject{3}),
              ElementsAre("this kernel lacks the expression \"reject\", module nft_reject_inet"));
}

TEST(DaemonNftLacking, what_every_kernel_has_is_not_lacking) {
  EXPECT_THAT(of_rule(Family::kIp6, Drop{}), ElementsAre());
}

TEST(DaemonNftLacking, of_a_set_that_counts_flows_the_count_is_lacking) {
  EXPECT_THAT(all_said(full_table(), "rule \"more than three flows\""),
              ElementsAre("this kernel lacks the expression \"connlimit\", module nft_connlimit"));
  EXPECT_THAT(all_said(full_table(), "rule \"who was here too often\""),
              ElementsAre("this kernel lacks the expression \"limit\", module nft_limit"));
}

TEST(DaemonNftLacking, chains_and_objects_have_modules) {
  Table table = full_table();
  table.chains.push_back({"nat", "nat", Hook::kPostrouting, kSourceNat});
  EXPECT_THAT(all_said(table, "chain nat"),
              ElementsAre("this kernel lacks chains of type nat, module nft_chain_nat"));
  EXPECT_THAT(all_said(table, "chain in"), ElementsAre());
  EXPECT_THAT(all_said(table, "object slow"), ElementsAre("this kernel lacks limits, module nft_limit"));
  EXPECT_THAT(all_said(table, "object short"),
              ElementsAre("this kernel lacks timeouts of flows, module nft_ct"));
  EXPECT_THAT(all_said(table, "object seen"), ElementsAre());
  EXPECT_THAT(all_said(table, "set ports"), ElementsAre());
}

}  // namespace
}  // namespace ipxlat::nft
