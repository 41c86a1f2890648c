// SPDX-License-Identifier: GPL-2.0-only
// RFC 7915 4.2 and 5.2, every type and every code.
#include <gtest/gtest.h>

#include <map>
#include <utility>

#include "kmod/core/icmp.h"

namespace ipxlat {
namespace {

using TypeAndCode = std::pair<int, int>;
using Table = std::map<TypeAndCode, TypeAndCode>;

constexpr int kAnyCode = -1;

// figures in 4.2; 12/0 and 12/2 with a pointer of 0
const Table& errors_to6() {
  static const Table kTable = {
      {{3, 0}, {1, 0}},  {{3, 1}, {1, 0}},  {{3, 2}, {4, 1}},
      {{3, 3}, {1, 4}},  {{3, 4}, {2, 0}},  {{3, 5}, {1, 0}},
      {{3, 6}, {1, 0}},  {{3, 7}, {1, 0}},  {{3, 8}, {1, 0}},
      {{3, 9}, {1, 1}},  {{3, 10}, {1, 1}}, {{3, 11}, {1, 0}},
      {{3, 12}, {1, 0}}, {{3, 13}, {1, 1}}, {{3, 15}, {1, 1}},
      {{12, 0}, {4, 0}}, {{12, 2}, {4, 0}}, {{11, kAnyCode}, {3, kAnyCode}},
  };
  return kTable;
}

// figures in 5.2; 4/0 with a pointer of 0
const Table& errors_to4() {
  static const Table kTable = {
      {{1, 0}, {3, 1}},
      {{1, 1}, {3, 10}},
      {{1, 2}, {3, 1}},
      {{1, 3}, {3, 1}},
      {{1, 4}, {3, 3}},
      {{2, kAnyCode}, {3, 4}},
      {{3, kAnyCode}, {11, kAnyCode}},
      {{4, 0}, {12, 0}},
      {{4, 1}, {3, 2}},
  };
  return kTable;
}

void expect_table(const Table& table, ipxlat_reason (*translate)(u8, u8, u32, ipxlat_icmp*)) {
  for (int type = 0; type < 256; type++) {
    for (int code = 0; code < 256; code++) {
      auto row = table.find({type, code});
      if (row == table.end()) row = table.find({type, kAnyCode});
      ipxlat_icmp out{};
      ipxlat_reason reason = translate(static_cast<u8>(type), static_cast<u8>(code), 0, &out);
      if (row == table.end()) {
        ASSERT_EQ(reason, IPXLAT_REASON_ICMP_TYPE) << type << "/" << code;
        continue;
      }
      ASSERT_EQ(reason, IPXLAT_REASON_OK) << type << "/" << code;
      ASSERT_EQ(out.type, row->second.first) << type << "/" << code;
      ASSERT_EQ(out.code, row->second.second == kAnyCode ? code : row->second.second) << type << "/" << code;
    }
  }
}

TEST(CoreIcmp, ErrorsToIpv6) { expect_table(errors_to6(), ipxlat_icmp_error_to6); }

TEST(CoreIcmp, ErrorsToIpv4) { expect_table(errors_to4(), ipxlat_icmp_error_to4); }

TEST(CoreIcmp, TheSecondWordIsAnMtuAPointerOrUnused) {
  ipxlat_icmp out{};
  ASSERT_EQ(ipxlat_icmp_error_to6(3, 4, 1400, &out), IPXLAT_REASON_OK);
  EXPECT_EQ(out.word, IPXLAT_ICMP_WORD_MTU);
  ASSERT_EQ(ipxlat_icmp_error_to6(3, 2, 0, &out), IPXLAT_REASON_OK);
  EXPECT_EQ(out.word, IPXLAT_ICMP_WORD_POINTER);
  EXPECT_EQ(out.pointer, 6u);
  ASSERT_EQ(ipxlat_icmp_error_to6(3, 1, ~0u, &out), IPXLAT_REASON_OK);
  EXPECT_EQ(out.word, IPXLAT_ICMP_WORD_UNUSED);
  ASSERT_EQ(ipxlat_icmp_error_to4(2, 0, 1400, &out), IPXLAT_REASON_OK);
  EXPECT_EQ(out.word, IPXLAT_ICMP_WORD_MTU);
  ASSERT_EQ(ipxlat_icmp_error_to4(4, 1, 6, &out), IPXLAT_REASON_OK);
  EXPECT_EQ(out.word, IPXLAT_ICMP_WORD_UNUSED);
}

// figure 3: the IPv4 pointer is the first byte of the word
TEST(CoreIcmp, PointersToIpv6) {
  const std::map<u32, u32> figure = {{0, 0},  {1, 1},  {2, 4},  {3, 4},   {8, 7},   {9, 6},   {12, 8},
                                     {13, 8}, {14, 8}, {15, 8}, {16, 24}, {17, 24}, {18, 24}, {19, 24}};
  for (u32 pointer = 0; pointer < 256; pointer++) {
    for (u8 code : {0, 2}) {
      ipxlat_icmp out{};
      ipxlat_reason reason = ipxlat_icmp_error_to6(12, code, pointer << 24 | 0xabcdef, &out);
      auto row = figure.find(pointer);
      ASSERT_EQ(reason, row == figure.end() ? IPXLAT_REASON_ICMP_POINTER : IPXLAT_REASON_OK) << pointer;
      if (row == figure.end()) continue;
      EXPECT_EQ(out.word, IPXLAT_ICMP_WORD_POINTER);
      EXPECT_EQ(out.pointer, row->second) << pointer;
    }
  }
}

// figure 6: the IPv6 pointer is the whole word
TEST(CoreIcmp, PointersToIpv4) {
  const std::map<u32, u32> figure = {{0, 0}, {1, 1}, {4, 2}, {5, 2}, {6, 9}, {7, 8}};
  auto expected = [&](u32 pointer) -> int {
    if (auto row = figure.find(pointer); row != figure.end()) return static_cast<int>(row->second);
    if (pointer >= 8 && pointer <= 23) return 12;
    return pointer >= 24 && pointer <= 39 ? 16 : -1;
  };
  for (u32 pointer = 0; pointer < 70000; pointer++) {
    ipxlat_icmp out{};
    ipxlat_reason reason = ipxlat_icmp_error_to4(4, 0, pointer, &out);
    int wanted = expected(pointer);
    ASSERT_EQ(reason, wanted < 0 ? IPXLAT_REASON_ICMP_POINTER : IPXLAT_REASON_OK) << pointer;
    if (wanted >= 0) {
      ASSERT_EQ(out.pointer, static_cast<u32>(wanted)) << pointer;
    }
  }
}

TEST(CoreIcmp, OnlyEchoIsAQueryThatBothFamiliesHave) {
  for (int type = 0; type < 256; type++) {
    ipxlat_icmp out{};
    ipxlat_reason to6 = ipxlat_icmp_query_to6(static_cast<u8>(type), 0, &out);
    EXPECT_EQ(to6, type == 0 || type == 8 ? IPXLAT_REASON_OK : IPXLAT_REASON_ICMP_TYPE) << type;
    if (!to6) {
      EXPECT_EQ(out.type, type == 8 ? 128 : 129);
    }
    ipxlat_reason to4 = ipxlat_icmp_query_to4(static_cast<u8>(type), 0, &out);
    EXPECT_EQ(to4, type == 128 || type == 129 ? IPXLAT_REASON_OK : IPXLAT_REASON_ICMP_TYPE) << type;
    if (!to4) {
      EXPECT_EQ(out.type, type == 128 ? 8 : 0);
    }
  }
}

TEST(CoreIcmp, WhichTypesAreErrors) {
  for (int type = 0; type < 256; type++) {
    bool error4 = type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
    EXPECT_EQ(ipxlat_icmp4_is_error(static_cast<u8>(type)), error4) << type;
    EXPECT_EQ(ipxlat_icmp6_is_error(static_cast<u8>(type)), type < 128) << type;
  }
}

}  // namespace
}  // namespace ipxlat
