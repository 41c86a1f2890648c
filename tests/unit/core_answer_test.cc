// SPDX-License-Identifier: GPL-2.0-only
// RFC 7915 4.4 and 5.4: every reason, in both families.
#include <gtest/gtest.h>

#include <map>
#include <tuple>

#include "kmod/core/answer.h"
#include "kmod/core/reason.h"

namespace ipxlat {
namespace {

constexpr u32 kMtu = 1400;
constexpr u32 kPointer = 43;

// type, code, second word
using Answer = std::tuple<int, int, u32>;
using Table = std::map<ipxlat_reason, Answer>;
using Function = bool (*)(const ipxlat_rewrite*, ipxlat_reason, u32, ipxlat_answer*);

void expect_table(const Table& table, Function answer_to, const ipxlat_rewrite& plan) {
  for (u32 i = 0; i < __IPXLAT_REASON_MAX; i++) {
    auto reason = static_cast<ipxlat_reason>(i);
    ipxlat_answer answer{};
    auto row = table.find(reason);
    ASSERT_EQ(answer_to(&plan, reason, kMtu, &answer), row != table.end()) << ipxlat_reason_name(reason);
    if (row == table.end()) continue;
    EXPECT_EQ(Answer(answer.type, answer.code, answer.word), row->second) << ipxlat_reason_name(reason);
    EXPECT_TRUE(answer.text) << ipxlat_reason_name(reason);
  }
}

ipxlat_rewrite plan_of(u8 protocol) {
  ipxlat_rewrite plan{};
  plan.header.protocol = protocol;
  plan.header.pointer = kPointer;
  return plan;
}

TEST(CoreAnswer, EveryReasonToIpv4) {
  Table table = {
      {IPXLAT_REASON_SOURCE_UNMAPPED, {3, 13, 0}},   {IPXLAT_REASON_DESTINATION_UNMAPPED, {3, 13, 0}},
      {IPXLAT_REASON_UDP_ZERO_CHECKSUM, {3, 13, 0}}, {IPXLAT_REASON_POLICY, {3, 13, 0}},
      {IPXLAT_REASON_SOURCE_ROUTE, {3, 5, 0}},       {IPXLAT_REASON_NO_ROUTE, {3, 1, 0}},
      {IPXLAT_REASON_TOO_BIG, {3, 4, kMtu - 20}},
  };
  auto plan = plan_of(IPPROTO_UDP);
  expect_table(table, ipxlat_answer_to_ipv4, plan);
  plan.header.fragment = true;
  std::get<2>(table[IPXLAT_REASON_TOO_BIG]) = kMtu - 28;
  expect_table(table, ipxlat_answer_to_ipv4, plan);
}

TEST(CoreAnswer, EveryReasonToIpv6) {
  Table table = {
      {IPXLAT_REASON_SOURCE_UNMAPPED, {1, 1, 0}}, {IPXLAT_REASON_DESTINATION_UNMAPPED, {1, 1, 0}},
      {IPXLAT_REASON_POLICY, {1, 1, 0}},          {IPXLAT_REASON_ROUTING_HEADER, {4, 0, kPointer}},
      {IPXLAT_REASON_NO_ROUTE, {1, 0, 0}},        {IPXLAT_REASON_TOO_BIG, {2, 0, kMtu + 20}},
  };
  expect_table(table, ipxlat_answer_to_ipv6, plan_of(IPPROTO_UDP));
  // 5.4: an ICMPv6 message that is discarded is not answered; one that is too big is
  table.erase(IPXLAT_REASON_SOURCE_UNMAPPED);
  table.erase(IPXLAT_REASON_DESTINATION_UNMAPPED);
  expect_table(table, ipxlat_answer_to_ipv6, plan_of(IPPROTO_ICMPV6));
}

TEST(CoreAnswer, AnErrorIsNotAnswered) {
  auto plan = plan_of(IPPROTO_UDP);
  plan.icmp_error = true;
  expect_table({}, ipxlat_answer_to_ipv4, plan);
  expect_table({}, ipxlat_answer_to_ipv6, plan);
}

}  // namespace
}  // namespace ipxlat
