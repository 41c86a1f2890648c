// SPDX-License-Identifier: GPL-2.0-only
// When resolvers are asked, and how long what they said holds (RFC 7050 section 3).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/discovery/resolved_prefixes.h"
#include "tests/unit/daemon_learnt_words.h"

namespace ipxlat {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr uint32_t kLink = 7;

class DaemonResolvedPrefixes : public testing::Test {
 protected:
  DaemonResolvedPrefixes() { want(0, search()); }

  static Time at(int time) { return Time(seconds(1000 + time)); }
  static Search search(std::vector<std::string> resolvers = {}, bool routers = false) {
    return {"eth0", std::move(resolvers), routers};
  }
  void want(int time, const Search& search) { prefixes_.want({{kLink, search}}, at(time)); }
  void lose(int time) { prefixes_.want({}, at(time)); }

  std::vector<uint32_t> due(int time) { return prefixes_.pass(at(time)); }
  void answer(int time, int lifetime, const std::vector<const char*>& prefixes = {"64:ff9b::/96"}) {
    std::vector<Prefix6> all;
    for (const char* prefix : prefixes) all.push_back(parse_prefix6(prefix));
    prefixes_.take(kLink, all, seconds(lifetime), at(time));
  }
  void silence(int time) { prefixes_.fail(kLink, at(time)); }

  // The next time, in whole seconds.
  int next() const {
    return static_cast<int>(std::chrono::duration_cast<seconds>(*prefixes_.next() - at(0)).count());
  }
  // "64:ff9b::/96 until 600"
  std::vector<std::string> words() const { return learnt_words(prefixes_.all(), at(0)); }
  // What the questions would be as long as each is followed by `outcome`, up to a time.
  template <class Outcome>
  std::vector<int> questions(int until, Outcome outcome) {
    std::vector<int> all;
    while (prefixes_.next() && next() <= until) {
      const int time = next();
      if (due(time).empty()) continue;
      all.push_back(time);
      outcome(time);
    }
    return all;
  }

  ResolvedPrefixes prefixes_;
};

TEST_F(DaemonResolvedPrefixes, a_link_is_asked_at_once_and_once) {
  EXPECT_THAT(due(0), ElementsAre(kLink));
  EXPECT_THAT(due(60), IsEmpty()) << "the question is under way";
  EXPECT_EQ(prefixes_.next(), std::nullopt);
}

TEST_F(DaemonResolvedPrefixes, routers_have_a_second_to_answer_first) {
  want(0, search({}, true));
  EXPECT_THAT(due(0), IsEmpty());
  EXPECT_EQ(next(), 1);
  EXPECT_THAT(due(1), ElementsAre(kLink));
}

TEST_F(DaemonResolvedPrefixes, are_asked_for_10_seconds_before_their_end) {
  due(0);
  answer(1, 300);
  EXPECT_THAT(words(), ElementsAre("64:ff9b::/96 until 301"));
  EXPECT_EQ(next(), 291);
  EXPECT_THAT(due(291), ElementsAre(kLink));
  EXPECT_THAT(words(), ElementsAre("64:ff9b::/96 until 301"));
  answer(292, 300, {"2001:db8:64::/96", "64:ff9b::/96"});
  EXPECT_THAT(words(), ElementsAre("2001:db8:64::/96 until 592", "64:ff9b::/96 until 592"));
}

TEST_F(DaemonResolvedPrefixes, a_lifetime_is_10_seconds_to_a_day) {
  EXPECT_THAT(questions(40, [&](int time) { answer(time, 0); }),
              ElementsAre(0, 5, 10, 15, 20, 25, 30, 35, 40));
  EXPECT_THAT(words(), ElementsAre("64:ff9b::/96 until 50"));
  due(45);
  answer(45, INT32_MAX);
  EXPECT_EQ(next(), 45 + 86400 - 10);
}

TEST_F(DaemonResolvedPrefixes, who_knows_none_is_asked_less_and_less) {
  EXPECT_THAT(questions(9000, [&](int time) { answer(time, 0, {}); }),
              ElementsAre(0, 4, 12, 28, 60, 124, 252, 508, 1020, 2044, 4092, 7692));
}

TEST_F(DaemonResolvedPrefixes, who_does_not_answer_is_asked_every_five_minutes) {
  EXPECT_THAT(questions(1200, [&](int time) { silence(time); }),
              ElementsAre(0, 4, 12, 28, 60, 124, 252, 508, 808, 1108));
  EXPECT_THAT(words(), IsEmpty());
}

TEST_F(DaemonResolvedPrefixes, an_answer_without_one_ends_one) {
  due(0);
  answer(0, 300);
  due(290);
  answer(290, 0, {});
  EXPECT_THAT(words(), IsEmpty());
}

TEST_F(DaemonResolvedPrefixes, one_goes_on_while_nobody_answers_for_a_day_at_most) {
  due(0);
  answer(0, 300);
  questions(86399, [&](int time) {
    EXPECT_EQ(words().size(), 1u) << time;
    silence(time);
  });
  EXPECT_EQ(words().size(), 1u);
  questions(86400 + 400, [&](int time) { silence(time); });
  EXPECT_THAT(words(), IsEmpty());
}

TEST_F(DaemonResolvedPrefixes, behind_a_carrier_that_was_away_one_has_to_be_told_again) {
  due(0);
  answer(0, 300);
  lose(10);
  EXPECT_THAT(words(), ElementsAre("64:ff9b::/96 until 300"))
      << "connections outlive a moment without carrier";
  want(20, search());
  EXPECT_THAT(words(), ElementsAre("64:ff9b::/96 until 30"));
  EXPECT_THAT(due(20), ElementsAre(kLink));
  silence(26);
  EXPECT_THAT(words(), ElementsAre("64:ff9b::/96 until 30")) << "it may be another network";
  due(30);
  EXPECT_THAT(words(), IsEmpty());
}

TEST_F(DaemonResolvedPrefixes, a_former_daemons_have_to_be_told_again) {
  ResolvedPrefixes prefixes;
  prefixes.remember({kLink, parse_prefix6("64:ff9b::/96"), at(600)});
  EXPECT_THAT(prefixes.pass(at(0)), IsEmpty());
  ASSERT_EQ(prefixes.all().size(), 1u) << "for the first look";
  prefixes.want({{kLink, search()}}, at(0));
  EXPECT_EQ(prefixes.all()[0].until, at(10));
  EXPECT_THAT(prefixes.pass(at(0)), ElementsAre(kLink));
  prefixes.take(kLink, {parse_prefix6("64:ff9b::/96")}, seconds(300), at(1));
  EXPECT_EQ(prefixes.all()[0].until, at(301));
}

TEST_F(DaemonResolvedPrefixes, one_of_a_link_that_stays_away_ends_in_its_time) {
  due(0);
  answer(0, 300);
  lose(10);
  EXPECT_EQ(next(), 300);
  EXPECT_THAT(due(300), IsEmpty());
  EXPECT_THAT(words(), IsEmpty());
  EXPECT_EQ(prefixes_.next(), std::nullopt);
}

TEST_F(DaemonResolvedPrefixes, other_resolvers_are_asked_at_once) {
  due(0);
  answer(0, 300);
  want(50, search({"2001:db8::53"}));
  EXPECT_THAT(words(), ElementsAre("64:ff9b::/96 until 300"));
  EXPECT_THAT(due(50), ElementsAre(kLink));
}

TEST_F(DaemonResolvedPrefixes, an_answer_that_nobody_waits_for_is_not_taken) {
  answer(0, 300);
  EXPECT_THAT(words(), IsEmpty());
  due(0);
  lose(1);
  answer(1, 300);
  EXPECT_THAT(words(), IsEmpty());
}

}  // namespace
}  // namespace ipxlat
