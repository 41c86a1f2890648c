// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include "kmod/core/mtu.h"

namespace ipxlat {
namespace {

TEST(CoreMtu, ToIpv6IsTwentyMoreAndAtLeast1280) {
  EXPECT_EQ(ipxlat_mtu_to6(1400, 1500), 1420u);
  EXPECT_EQ(ipxlat_mtu_to6(1261, 1500), 1281u);
  EXPECT_EQ(ipxlat_mtu_to6(1260, 1500), 1280u);
  for (u32 mtu : {1u, 68u, 576u, 1259u}) EXPECT_EQ(ipxlat_mtu_to6(mtu, 1500), 1280u) << mtu;
  EXPECT_EQ(ipxlat_mtu_to6(65535, 65535), 65555u);
}

// RFC 1191 7.1: the plateau below the length of the packet that was too long
TEST(CoreMtu, WithoutAnMtuIsThePlateauBelowTheQuotedLength) {
  EXPECT_EQ(ipxlat_mtu_to6(0, 1500), 1512u);
  EXPECT_EQ(ipxlat_mtu_to6(0, 1493), 1512u);
  EXPECT_EQ(ipxlat_mtu_to6(0, 1492), 1280u);
  EXPECT_EQ(ipxlat_mtu_to6(0, 1300), 1280u);
  EXPECT_EQ(ipxlat_mtu_to6(0, 0), 1280u);
  EXPECT_EQ(ipxlat_mtu_to6(0, 2002), 1512u);
  EXPECT_EQ(ipxlat_mtu_to6(0, 2003), 2022u);
  EXPECT_EQ(ipxlat_mtu_to6(0, 9000), 8186u);
  EXPECT_EQ(ipxlat_mtu_to6(0, 4353), 4372u);
  EXPECT_EQ(ipxlat_mtu_to6(0, 17915), 17934u);
  EXPECT_EQ(ipxlat_mtu_to6(0, 65535), 32020u);
}

TEST(CoreMtu, ToIpv4IsTwentyLessOr28ForAFragmentAndDoesNotWrap) {
  EXPECT_EQ(ipxlat_mtu_to4(65563, true), 65535u);
  EXPECT_EQ(ipxlat_mtu_to4(65562, true), 65534u);
  EXPECT_EQ(ipxlat_mtu_to4(65554, false), 65534u);
  EXPECT_EQ(ipxlat_mtu_to4(1500, false), 1480u);
  EXPECT_EQ(ipxlat_mtu_to4(1500, true), 1472u);
  EXPECT_EQ(ipxlat_mtu_to4(1280, false), 1260u);
  EXPECT_EQ(ipxlat_mtu_to4(65555, false), 65535u);
  EXPECT_EQ(ipxlat_mtu_to4(0xffffffff, false), 65535u);
  EXPECT_EQ(ipxlat_mtu_to4(0xffffffff, true), 65535u);
}

// RFC 8200 5
TEST(CoreMtu, NoIpv6LinkTakesLessThan1280) {
  for (u32 mtu : {0u, 19u, 68u, 1000u, 1279u, 1280u}) {
    EXPECT_EQ(ipxlat_mtu_to4(mtu, false), 1260u) << mtu;
    EXPECT_EQ(ipxlat_mtu_to4(mtu, true), 1252u) << mtu;
  }
  EXPECT_EQ(ipxlat_mtu_to4(1281, false), 1261u);
}

// RFC 7915 4.2, 5.2
TEST(CoreMtu, TheSmallerLinkBoundsIt) {
  EXPECT_EQ(ipxlat_mtu_bound6(1500, 1500), 1500u);
  EXPECT_EQ(ipxlat_mtu_bound6(1400, 1500), 1420u);
  EXPECT_EQ(ipxlat_mtu_bound6(1000, 1500), 1280u);
  EXPECT_EQ(ipxlat_mtu_bound6(1500, 0), 1280u);
  EXPECT_EQ(ipxlat_mtu_bound4(1500, 1500), 1480u);
  EXPECT_EQ(ipxlat_mtu_bound4(1400, 1500), 1400u);
  EXPECT_EQ(ipxlat_mtu_bound4(1500, 1000), 1260u);
  EXPECT_EQ(ipxlat_mtu_bound4(1500, 0), 1260u);
  EXPECT_EQ(ipxlat_mtu_bound4(69, 1500), 69u);
  EXPECT_EQ(ipxlat_mtu_bound4(67, 1500), 68u);
  EXPECT_EQ(ipxlat_mtu_bound4(0, 0), 68u);
}

TEST(CoreMtu, DfIsSetAbove1260Bytes) {
  EXPECT_FALSE(ipxlat_mtu_dont_fragment(1260));
  EXPECT_TRUE(ipxlat_mtu_dont_fragment(1261));
}

TEST(CoreMtu, ADatagramIsCutIntoFragmentsThatAreFull) {
  EXPECT_EQ(ipxlat_mtu_fragment_payload(1280, 8008, false), 1232u);
  EXPECT_EQ(ipxlat_mtu_fragment_payload(1400, 8008, false), 1352u);
  EXPECT_EQ(ipxlat_mtu_fragment_payload(1500, 8008, false), 1448u);
  for (u32 mtu = 1280; mtu <= 65535; mtu++) {
    u32 payload = ipxlat_mtu_fragment_payload(mtu, 65515, false);
    ASSERT_EQ(payload % 8, 0u);
    ASSERT_LE(payload + 48, mtu);
    ASSERT_GT(payload + 8 + 48, mtu);
  }
}

TEST(CoreMtu, AFragmentIsCutIntoAsFewButOfLikeSize) {
  EXPECT_EQ(ipxlat_mtu_fragment_payload(1280, 1232, true), 1232u);
  EXPECT_EQ(ipxlat_mtu_fragment_payload(1280, 1233, true), 624u);
  EXPECT_EQ(ipxlat_mtu_fragment_payload(1500, 1480, true), 744u);
  EXPECT_EQ(ipxlat_mtu_fragment_payload(1280, 3696, true), 1232u);
  EXPECT_EQ(ipxlat_mtu_fragment_payload(1280, 3697, true), 928u);
  for (u32 mtu : {1280u, 1400u, 1500u, 9000u}) {
    const u32 most = ipxlat_mtu_fragment_payload(mtu, 0, false);
    for (u32 total = most + 1; total <= 65535; total++) {
      const u32 payload = ipxlat_mtu_fragment_payload(mtu, total, true);
      const u32 parts = (total + most - 1) / most;
      ASSERT_EQ(payload % 8, 0u);
      ASSERT_LE(payload, most);
      ASSERT_EQ((total + payload - 1) / payload, parts) << total;
      ASSERT_LT(payload - (total - (parts - 1) * payload), 8 * parts) << total;
    }
  }
}

}  // namespace
}  // namespace ipxlat
