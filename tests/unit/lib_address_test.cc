// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <vector>

#include "lib/address.h"

namespace ipxlat {
namespace {

std::string refusal(const std::function<void()>& parse) {
  try {
    parse();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Address, IsWrittenInTheCanonicalForm) {
  EXPECT_EQ(to_string(parse_address4("192.0.2.33")), "192.0.2.33");
  EXPECT_EQ(to_string(parse_address6("2001:0DB8:0:0:0:0:0:1")), "2001:db8::1");
  EXPECT_EQ(to_string(parse_address6("64:ff9b::192.0.2.33")), "64:ff9b::c000:221");
}

TEST(Address, RefusalNamesWhatWasWrong) {
  EXPECT_EQ(refusal([] { parse_address4("192.0.2"); }), "'192.0.2' is not an IPv4 address");
  EXPECT_EQ(refusal([] { parse_address4("2001:db8::1"); }), "'2001:db8::1' is not an IPv4 address");
  EXPECT_EQ(refusal([] { parse_address6("192.0.2.1"); }), "'192.0.2.1' is not an IPv6 address");
  EXPECT_EQ(refusal([] { parse_address6("fe80::1%eth0"); }), "'fe80::1%eth0' is not an IPv6 address");
}

TEST(Address, DoesNotEndAtAZeroByte) {
  using std::string_literals::operator""s;
  EXPECT_NE(refusal([] { parse_address4("192.0.2.1\0x"s); }), "accepted");
}

TEST(Prefix, TakesEveryLengthOfItsFamilyAndNoOther) {
  for (int length = 0; length <= 130; ++length) {
    std::string tail = "/" + std::to_string(length);
    EXPECT_EQ(refusal([&] { parse_prefix4("0.0.0.0" + tail); }) == "accepted", length <= 32) << length;
    EXPECT_EQ(refusal([&] { parse_prefix6("::" + tail); }) == "accepted", length <= 128) << length;
  }
}

TEST(Prefix, RefusalSaysWhatAPrefixIs) {
  EXPECT_EQ(refusal([] { parse_prefix6("2001:db8::/33x"); }),
            "'2001:db8::/33x' is not an IPv6 prefix (an address, a slash, 0 to 128)");
  for (const char* text : {"", "/", "10.0.0.0", "10.0.0.0/", "10.0.0.0/ 8", "10.0.0.0/+8", "10.0.0.0/-1",
                           "10.0.0.0/8/8", "10.0.0/8", " 10.0.0.0/8", "10.0.0.0/264", "10.0.0.0/0x8"})
    EXPECT_EQ(refusal([&] { parse_prefix4(text); }),
              "'" + std::string(text) + "' is not an IPv4 prefix (an address, a slash, 0 to 32)");
}

TEST(Prefix, KeepsBitsBehindItsLengthForTheKernelToRefuse) {
  EXPECT_EQ(to_string(parse_prefix4("192.0.2.1/24")), "192.0.2.1/24");
  EXPECT_EQ(to_string(parse_prefix6("2001:db8::1/64")), "2001:db8::1/64");
}

TEST(Network, RefusesBitsBehindItsLengthAndSaysWhatWouldBeAllowed) {
  EXPECT_EQ(to_string(parse_network4("192.0.2.0/24")), "192.0.2.0/24");
  EXPECT_EQ(refusal([] { parse_network4("192.0.2.1/24"); }),
            "'192.0.2.1/24' has bits set behind its length; 192.0.2.0/24 would be allowed");
  EXPECT_EQ(refusal([] { parse_network6("64:ff9b::1/96"); }),
            "'64:ff9b::1/96' has bits set behind its length; 64:ff9b::/96 would be allowed");
}

TEST(Prefix, MaskClearsExactlyTheBitsBehindItsLength) {
  Prefix6 ones = parse_prefix6("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128");
  for (unsigned length = 0; length <= 128; ++length) {
    ones.length = static_cast<uint8_t>(length);
    Prefix6 result = masked(ones);
    for (unsigned bit = 0; bit < 128; ++bit)
      EXPECT_EQ((result.address.s6_addr[bit / 8] >> (7 - bit % 8)) & 1, bit < length) << length << " " << bit;
  }
  EXPECT_EQ(to_string(masked(parse_prefix4("255.255.255.255/19"))), "255.255.224.0/19");
}

TEST(Prefix, ContainsTheAddressesThatAgreeWithIt) {
  EXPECT_TRUE(contains(parse_prefix4("0.0.0.0/0"), parse_address4("203.0.113.1")));
  EXPECT_TRUE(contains(parse_prefix4("192.0.2.16/28"), parse_address4("192.0.2.31")));
  EXPECT_FALSE(contains(parse_prefix4("192.0.2.16/28"), parse_address4("192.0.2.32")));
  EXPECT_TRUE(contains(parse_prefix6("2001:db8:8::/45"), parse_address6("2001:db8:f::1")));
  EXPECT_FALSE(contains(parse_prefix6("2001:db8:8::/45"), parse_address6("2001:db8:10::1")));
}

TEST(MapEntry, APrefixWithoutLengthIsOneAddress) {  // RFC 7757 3.2
  MapEntry whole{parse_prefix4("192.0.2.1/32"), parse_prefix6("2001:db8::1/128")};
  EXPECT_EQ(parse_map_entry("192.0.2.1", "2001:db8::1"), whole);
  EXPECT_EQ(parse_map_entry("192.0.2.1/32", "2001:db8::1/128"), whole);
  EXPECT_THROW(parse_map_entry("192.0.2", "2001:db8::1"), std::invalid_argument);
  EXPECT_THROW(parse_map_entry("192.0.2.1", "192.0.2.1"), std::invalid_argument);
}

TEST(MapEntry, SortsByAddressThenLengthThenTheOtherPrefix) {
  auto entry = [](const char* prefix4, const char* prefix6) {
    return MapEntry{parse_prefix4(prefix4), parse_prefix6(prefix6)};
  };
  std::vector<MapEntry> sorted = {entry("9.0.0.0/8", "::5/128"),   entry("10.0.0.0/8", "::1/128"),
                                  entry("10.0.0.0/24", "::/127"),  entry("10.0.0.0/24", "::/128"),
                                  entry("10.0.0.0/24", "::1/128"), entry("192.0.2.0/24", "::/128")};
  auto shuffled = sorted;
  std::reverse(shuffled.begin(), shuffled.end());
  std::sort(shuffled.begin(), shuffled.end());
  EXPECT_EQ(shuffled, sorted);
  EXPECT_EQ(to_string(sorted[1]), "10.0.0.0/8 ::1/128");
}

}  // namespace
}  // namespace ipxlat
