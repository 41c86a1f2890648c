// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>

#include "daemon/service/mapping_join.h"
#include "tests/unit/flows.h"

namespace ipxlat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class DaemonMappingJoin : public testing::Test {
 protected:
  static Inside inside(uint16_t port) {
    return {IPPROTO_UDP, false, end4("198.18.0.7", port), end4("203.0.113.9", 53)};
  }
  static Session six(uint16_t port, const char* client = "2001:db8::1") {
    return {inside(port), end6(client, port)};
  }
  static Leg4 four(uint16_t port, uint16_t outside) { return {inside(port), end4("203.0.113.2", outside)}; }

  // All that was told since the last call.
  std::vector<std::string> told() { return std::exchange(told_, {}); }

  std::vector<std::string> told_;
  MappingJoin join_{
      {}, [this](bool begins, const Session& session, const Endpoint4& outside, uint64_t time) {
        told_.push_back((begins ? "begin " : "end ") + to_string(session.client.address) + " " +
                        std::to_string(session.client.port) + " as " + std::to_string(outside.port) + " to " +
                        std::to_string(session.between.remote.port) + " at " + std::to_string(time));
      }};
};

using From = MappingJoin::From;

TEST_F(DaemonMappingJoin, a_session_begins_when_both_flows_are_there) {
  join_.begins(six(1), 10);
  EXPECT_THAT(told(), IsEmpty());
  join_.begins(four(1, 1001), 11);
  EXPECT_THAT(told(), ElementsAre("begin 2001:db8::1 1 as 1001 to 53 at 11"));
}

TEST_F(DaemonMappingJoin, whichever_comes_first) {
  join_.begins(four(1, 1001), 10);
  join_.begins(six(1), 11);
  EXPECT_THAT(told(), ElementsAre("begin 2001:db8::1 1 as 1001 to 53 at 11"));
}

TEST_F(DaemonMappingJoin, it_ends_with_the_first_of_them_and_is_forgotten_with_the_second) {
  for (bool four_first : {true, false}) {
    join_.begins(six(1), 10);
    join_.begins(four(1, 1001), 10);
    told();
    if (four_first) join_.ends(four(1, 1001), 20);
    if (!four_first) join_.ends(six(1), 20);
    EXPECT_THAT(told(), ElementsAre("end 2001:db8::1 1 as 1001 to 53 at 20"));
    EXPECT_EQ(join_.size(), 1u);
    if (four_first) join_.ends(six(1), 30);
    if (!four_first) join_.ends(four(1, 1001), 30);
    EXPECT_THAT(told(), IsEmpty());
    EXPECT_EQ(join_.size(), 0u);
  }
}

TEST_F(DaemonMappingJoin, a_flow_that_never_got_further_is_no_session) {
  join_.begins(six(1), 10);
  join_.ends(six(1), 20);
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_EQ(join_.size(), 0u);
}

TEST_F(DaemonMappingJoin, a_port_inside_that_goes_to_another_client_is_another_session) {
  join_.begins(six(1), 10);
  join_.begins(four(1, 1001), 10);
  join_.ends(six(1), 20);
  told();
  // the kernel goes on with the second flow that is there
  join_.begins(six(1, "2001:db8::2"), 30);
  EXPECT_THAT(told(), ElementsAre("begin 2001:db8::2 1 as 1001 to 53 at 30"));
}

TEST_F(DaemonMappingJoin, what_ended_unheard_ends_when_the_next_one_begins) {
  join_.begins(six(1), 10);
  join_.begins(four(1, 1001), 10);
  told();
  join_.begins(six(1, "2001:db8::2"), 30);
  EXPECT_THAT(told(), ElementsAre("end 2001:db8::1 1 as 1001 to 53 at 30",
                                  "begin 2001:db8::2 1 as 1001 to 53 at 30"));
  join_.ends(six(1), 40);
  EXPECT_THAT(told(), IsEmpty()) << "of the one that is gone";
}

TEST_F(DaemonMappingJoin, ends_of_what_nobody_knows_are_nothing) {
  join_.ends(six(1), 10);
  join_.ends(four(1, 1001), 10);
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_EQ(join_.size(), 0u);
}

TEST_F(DaemonMappingJoin, a_look_tells_what_was_missed) {
  join_.begins(six(1), 10);
  join_.begins(four(1, 1001), 10);
  told();
  join_.start_look();
  join_.begins(six(2), 20, From::kLook);
  join_.begins(four(2, 1002), 20, From::kLook);
  join_.finish_look(30);
  EXPECT_THAT(told(), ElementsAre("begin 2001:db8::1 2 as 1002 to 53 at 20",
                                  "end 2001:db8::1 1 as 1001 to 53 at 30"));
  EXPECT_EQ(join_.size(), 1u);
  EXPECT_FALSE(join_.unsure());
}

TEST_F(DaemonMappingJoin, a_look_changes_nothing_where_nothing_was_missed) {
  join_.begins(six(1), 10);
  join_.begins(four(1, 1001), 10);
  told();
  for (int i = 0; i < 2; i++) {
    join_.start_look();
    join_.begins(six(1), 20, From::kLook);
    join_.begins(four(1, 1001), 20, From::kLook);
    join_.finish_look(30);
    EXPECT_THAT(told(), IsEmpty());
  }
  // half of one may be missed, too
  join_.start_look();
  join_.begins(six(1), 20, From::kLook);
  join_.finish_look(40);
  EXPECT_THAT(told(), ElementsAre("end 2001:db8::1 1 as 1001 to 53 at 40"));
  EXPECT_EQ(join_.size(), 1u);
}

TEST_F(DaemonMappingJoin, what_was_there_before_the_log_ends_and_has_not_begun) {
  join_.start_look();
  join_.begins(six(1), 10, From::kBefore);
  join_.begins(four(1, 1001), 10, From::kBefore);
  join_.finish_look(10);
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_TRUE(join_.unsure());
  join_.ends(six(1), 20);
  EXPECT_THAT(told(), ElementsAre("end 2001:db8::1 1 as 1001 to 53 at 20"));
  join_.ends(four(1, 1001), 20);
  EXPECT_FALSE(join_.unsure());
}

TEST_F(DaemonMappingJoin, what_began_while_the_log_began_is_told_once) {
  join_.begins(six(1), 10, From::kBefore);
  join_.begins(four(1, 1001), 10, From::kBefore);
  join_.begins(six(1), 9);
  join_.begins(four(1, 1001), 9);
  EXPECT_THAT(told(), ElementsAre("begin 2001:db8::1 1 as 1001 to 53 at 9"));
  EXPECT_FALSE(join_.unsure());
  // the second flow came after the look
  join_.begins(six(2), 10, From::kBefore);
  join_.begins(six(2), 9);
  join_.begins(four(2, 1002), 11);
  EXPECT_THAT(told(), ElementsAre("begin 2001:db8::1 2 as 1002 to 53 at 11"));
  EXPECT_FALSE(join_.unsure());
}

}  // namespace
}  // namespace ipxlat
