// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "kmod/core/csum.h"
#include "tests/packet/bytes.h"

namespace ipxlat::test {
namespace {

u64 sum(const Bytes& bytes) { return ipxlat_sum_bytes(bytes.data(), static_cast<u32>(bytes.size())); }

uint16_t host(__be16 check) { return be16toh(check); }

// with few distinct words, so that carries and zeros meet
Bytes random_bytes(std::mt19937& random, size_t size) {
  Bytes bytes(size);
  for (uint8_t& byte : bytes)
    byte = random() % 4 ? (random() % 2 ? 0xff : 0) : static_cast<uint8_t>(random());
  return bytes;
}

TEST(CoreCsum, IsTheOneOfRfc1071) {
  // RFC 1071 3
  EXPECT_EQ(host(ipxlat_check(sum({0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}))), 0x220d);
  EXPECT_EQ(host(ipxlat_check(sum({}))), 0xffff);
  EXPECT_EQ(host(ipxlat_check(sum({0xab}))), 0x54ff);
}

TEST(CoreCsum, AgreesWithASumByteByByteAtEveryLength) {
  std::mt19937 random(1);
  for (size_t size = 0; size < 300; size++) {
    Bytes bytes = random_bytes(random, size);
    ASSERT_EQ(host(ipxlat_check(sum(bytes))), checksum(bytes)) << size;
  }
}

TEST(CoreCsum, FoldsTheLargestSums) {
  Bytes ones(65534, 0xff);
  EXPECT_EQ(ipxlat_sum_fold(sum(ones)), 0xffff);
  EXPECT_EQ(ipxlat_sum_fold(~0ull), 0xffff);
  EXPECT_EQ(ipxlat_sum_fold(0xffffffff00000000ull), 0xffff);
  EXPECT_EQ(ipxlat_sum_fold(0), 0);
}

// a change from `from` to `to` at the start of a message with a check that covers both
void expect_incremental_is_full(const Bytes& from, const Bytes& to, const Bytes& rest) {
  Bytes before = from, after = to;
  append(before, rest);
  append(after, rest);
  uint16_t old_check = checksum(before);
  uint16_t changed = host(ipxlat_check_replace(htobe16(old_check), sum(from), sum(to)));
  uint16_t full = checksum(after);
  // two ways to write zero are the same value, but only where the full one is such a zero
  if (changed != full) {
    EXPECT_TRUE((full == 0 || full == 0xffff) && (changed == 0 || changed == 0xffff))
        << changed << " " << full;
  }
}

TEST(CoreCsum, AnIncrementalChangeIsAFullSum) {
  std::mt19937 random(2);
  for (int round = 0; round < 20000; round++) {
    Bytes from = random_bytes(random, 2 * (random() % 5));
    Bytes to = random_bytes(random, 2 * (random() % 17));
    expect_incremental_is_full(from, to, random_bytes(random, random() % 60));
  }
}

TEST(CoreCsum, AWrongCheckStaysWrongByAsMuch) {
  std::mt19937 random(3);
  for (int round = 0; round < 20000; round++) {
    Bytes from = random_bytes(random, 8), to = random_bytes(random, 32);
    auto check = static_cast<uint16_t>(random());
    __be16 there = ipxlat_check_replace(htobe16(check), sum(from), sum(to));
    uint16_t back = host(ipxlat_check_replace(there, sum(to), sum(from)));
    ASSERT_TRUE(back == check || (uint16_t(back + 1) <= 1 && uint16_t(check + 1) <= 1))
        << check << " " << back;
  }
}

TEST(CoreCsum, BetweenNeutralAddressesEveryCheckIsKeptBitByBit) {
  // RFC 6052 4.1: 64:ff9b:: sums to 0xffff
  const Bytes from = {8, 8, 8, 8};
  const Bytes to = {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, 8, 8, 8, 8};
  for (uint32_t check = 0; check <= 0xffff; check++)
    ASSERT_EQ(host(ipxlat_check_replace(htobe16(static_cast<uint16_t>(check)), sum(from), sum(to))), check);
}

}  // namespace
}  // namespace ipxlat::test
