// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/netfilter/nf_tables.h>

#include "daemon/nft/change.h"
#include "tests/nft/full_table.h"

namespace ipxlat::nft {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Lines = std::vector<std::string>;

// What the batch asks for, in order.
Lines subjects(const Batch& batch) {
  Lines all;
  for (uint32_t i = 1; i <= batch.last_sequence(); i++) all.push_back(batch.subject(i));
  return all;
}

Lines change_subjects(const Table& from, const Table& to) { return subjects(change({to}, {summary(from)})); }

TEST(DaemonNftChange, what_is_as_it_shall_be_is_left_alone) {
  EXPECT_THAT(change_subjects(full_table(), full_table()), IsEmpty());
}

TEST(DaemonNftChange, what_something_needs_comes_before_it) {
  const Lines all = subjects(change({full_table()}, {}));
  const auto at = [&](const std::string& line) {
    const auto found = std::find(all.begin(), all.end(), line);
    EXPECT_NE(found, all.end()) << line;
    return found - all.begin();
  };
  EXPECT_EQ(at("table ipxlat-full"), 0);
  EXPECT_LT(at("object seen"), at("rule \"all\""));
  EXPECT_LT(at("flowtable fast"), at("rule \"fast lane\""));
  EXPECT_LT(at("chain end"), at("elements of set ways"));
  EXPECT_LT(at("set ways"), at("elements of set ways"));
  EXPECT_LT(at("elements of set ways"), at("rule \"ports with a way\""));
  EXPECT_LT(at("chain check"), at("rule \"others\""));
  EXPECT_EQ(std::count(all.begin(), all.end(), "elements of set clients"), 0);
}

TEST(DaemonNftChange, a_chain_with_another_rule_is_filled_again_and_no_other) {
  Table other = full_table();
  chain_of(other, "end").rules[0].expressions.pop_back();
  EXPECT_THAT(change_subjects(other, full_table()), ElementsAre("flushing of chain end", "rule \"the end\""));
  chain_of(other, "end").rules.clear();
  EXPECT_THAT(change_subjects(other, full_table()), ElementsAre("flushing of chain end", "rule \"the end\""));
}

TEST(DaemonNftChange, the_order_of_rules_and_their_comments_count) {
  Table other = full_table();
  auto& rules = chain_of(other, "check").rules;
  std::swap(rules[0], rules[1]);
  EXPECT_THAT(change_subjects(other, full_table()), testing::SizeIs(4));
  std::swap(rules[0], rules[1]);
  rules[0].comment += "?";
  EXPECT_THAT(change_subjects(other, full_table()), testing::SizeIs(4));
}

TEST(DaemonNftChange, the_set_in_a_rule_counts) {
  Table other = full_table();
  chain_of(other, "in").rules[6] = RuleBuilder(Family::kIp6)
                                       .l4proto_not({IPPROTO_TCP})
                                       .counter()
                                       .statement(Reject{4})
                                       .comment("no other protocol");
  EXPECT_THAT(change_subjects(other, full_table()),
              testing::IsSupersetOf({"flushing of chain in", "set of a rule", "elements of set of a rule"}));
}

TEST(DaemonNftChange, a_chain_with_another_priority_hook_or_policy_is_made_anew) {
  const auto made_anew = ElementsAre("flushing of chain forward", "removal of chain forward", "chain forward",
                                     "rule \"fast lane\"", "rule \"every other\"");
  Table other = full_table();
  chain_of(other, "forward").priority = -10;
  EXPECT_THAT(change_subjects(other, full_table()), made_anew);
  other = full_table();
  chain_of(other, "forward").drops = false;
  EXPECT_THAT(change_subjects(other, full_table()), made_anew);
  other = full_table();
  chain_of(other, "forward").hook = Hook::kInput;
  EXPECT_THAT(change_subjects(other, full_table()), made_anew);
  other = full_table();
  chain_of(other, "forward").type = "";
  EXPECT_THAT(change_subjects(other, full_table()), made_anew);
}

TEST(DaemonNftChange, what_somebody_added_goes) {
  Table other = full_table();
  other.chains.push_back({"theirs", "filter", Hook::kInput, 0});
  other.sets.push_back({"theirs", {KeyType::kPort}});
  other.flowtables.push_back({"theirs", 0, {"eth0"}});
  other.objects.push_back({"theirs", NamedCounter{}});
  EXPECT_THAT(change_subjects(other, full_table()),
              ElementsAre("flushing of chain theirs", "removal of set theirs", "removal of chain theirs",
                          "removal of flowtable theirs", "removal of object theirs"));
}

TEST(DaemonNftChange, a_table_that_sleeps_is_woken) {
  TableSummary seen = summary(full_table());
  seen.flags = NFT_TABLE_F_DORMANT;
  EXPECT_THAT(subjects(change({full_table()}, {seen})), ElementsAre("table ipxlat-full"));
}

TEST(DaemonNftChange, one_that_sleeps_and_lacks_a_hook_is_made_anew) {
  TableSummary seen = summary(full_table());
  seen.flags = NFT_TABLE_F_DORMANT;
  seen.chains.erase("end");
  EXPECT_EQ(subjects(change({full_table()}, {seen}))[0], "table ipxlat-full") << "which has none";
  seen.chains.at("forward").definition += " once";
  EXPECT_EQ(subjects(change({full_table()}, {seen}))[0], "removal of table ipxlat-full");
  seen.flags = 0;
  EXPECT_EQ(subjects(change({full_table()}, {seen}))[0], "flushing of chain forward") << "it is awake";
}

TEST(DaemonNftChange, a_table_of_somebody_else_makes_room) {
  TableSummary seen = summary(full_table());
  seen.comment = "";
  const Lines all = subjects(change({full_table()}, {seen}));
  EXPECT_EQ(all[0], "removal of table ipxlat-full");
  EXPECT_EQ(all[1], "table ipxlat-full");
  EXPECT_EQ(all.size(), subjects(change({full_table()}, {})).size() + 1);
}

TEST(DaemonNftChange, elements_are_changed_where_they_are_not_the_packets_own) {
  Table other = full_table();
  other.sets[3].set.elements.pop_back();
  EXPECT_THAT(change_subjects(other, full_table()),
              ElementsAre("flushing of set ports", "elements of set ports"));
  EXPECT_THAT(change_subjects(full_table(), other),
              ElementsAre("flushing of set ports", "elements of set ports"));
  other = full_table();
  other.sets[3].set.elements.clear();
  EXPECT_THAT(change_subjects(other, full_table()), ElementsAre("elements of set ports"));
  EXPECT_THAT(change_subjects(full_table(), other), ElementsAre("flushing of set ports"));
  other = full_table();
  other.sets[4].set.elements[0].value[0]++;
  EXPECT_THAT(change_subjects(other, full_table()),
              ElementsAre("flushing of set marks", "elements of set marks"));
  other = full_table();
  other.sets[5].set.elements[0].chain = "check";
  EXPECT_THAT(change_subjects(other, full_table()),
              ElementsAre("flushing of set ways", "elements of set ways"));
  other = full_table();
  other.sets[2].set.elements[0].end[15]++;
  EXPECT_THAT(change_subjects(other, full_table()),
              ElementsAre("flushing of set networks", "elements of set networks"));
}

TEST(DaemonNftChange, what_rules_hold_on_to_is_not_made_anew_under_them) {
  const auto all_rules = [](const Lines& lines) {
    return std::count_if(lines.begin(), lines.end(),
                         [](const auto& line) { return line.starts_with("rule "); });
  };
  Table other = full_table();
  other.sets[0].size = 10;
  EXPECT_EQ(all_rules(change_subjects(other, full_table())), 14);
  other = full_table();
  other.objects[1].what = NamedLimit{11, 3600, 5};
  EXPECT_EQ(all_rules(change_subjects(other, full_table())), 14);
  other = full_table();
  other.flowtables[0].priority = 5;
  EXPECT_EQ(all_rules(change_subjects(other, full_table())), 14);
}

TEST(DaemonNftChange, every_member_of_a_set_or_object_counts) {
  const auto differs = [](const std::function<void(Table&)>& alter) {
    Table other = full_table();
    alter(other);
    EXPECT_FALSE(other == full_table());
    return summary(other) != summary(full_table());
  };
  EXPECT_TRUE(differs([](Table& t) { t.sets[1].timeout += std::chrono::milliseconds(1); }));
  EXPECT_TRUE(differs([](Table& t) { t.sets[1].dynamic = false; }));
  EXPECT_TRUE(differs([](Table& t) { t.sets[3].set.type = KeyType::kMark; }));
  EXPECT_TRUE(differs([](Table& t) { t.sets[4].value = KeyType::kAddress4; }));
  EXPECT_TRUE(differs([](Table& t) { t.objects[1].what = NamedLimit{10, 60, 5}; }));
  EXPECT_TRUE(differs([](Table& t) { t.objects[1].what = NamedLimit{10, 3600, 6}; }));
  EXPECT_TRUE(
      differs([](Table& t) { t.objects[2].what = ConntrackTimeout{Family::kIp6, IPPROTO_UDP, {7, 18}}; }));
  EXPECT_TRUE(
      differs([](Table& t) { t.objects[2].what = ConntrackTimeout{Family::kIp4, IPPROTO_UDP, {7, 17}}; }));
  EXPECT_TRUE(differs([](Table& t) { t.owner = "nat64.other"; }));
}

TEST(DaemonNftChange, a_flowtable_has_all_its_devices) {
  EXPECT_THAT(summary(full_table("eth1", "eth0")).flowtables.at("fast").contents,
              ElementsAre("eth0", "eth1"));
}

TEST(DaemonNftChange, a_table_of_a_family_that_is_not_wanted_goes_and_the_other_stays) {
  Table four{Family::kIp4, "ipxlat-full", "nat64.full"};
  const TableSummaries both = {summary(four), summary(full_table())};
  EXPECT_THAT(subjects(change({full_table()}, both)), ElementsAre("removal of table ipxlat-full"));
  EXPECT_THAT(subjects(change({four, full_table()}, both)), IsEmpty());
  EXPECT_THAT(subjects(change({four, full_table()}, {both[1]})), ElementsAre("table ipxlat-full"));
  EXPECT_EQ(subjects(change({}, both)).size(), 2u);
}

TEST(DaemonNftChange, a_flowtable_keeps_the_devices_that_stay) {
  EXPECT_THAT(change_subjects(full_table("eth0", "eth1"), full_table("eth1", "eth2")),
              ElementsAre("flowtable fast", "flowtable fast"));
  EXPECT_THAT(change_subjects(full_table("eth0", "eth1"), full_table("eth1", "eth0")), IsEmpty());
}

}  // namespace
}  // namespace ipxlat::nft
