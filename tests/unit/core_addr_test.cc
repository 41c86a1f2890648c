// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include "kmod/core/addr.h"
#include "lib/address.h"

namespace ipxlat {
namespace {

ipxlat_prefix6 core_prefix(const char* text) {
  Prefix6 prefix = parse_prefix6(text);
  return {prefix.address, prefix.length};
}

std::string embed(const char* prefix, const char* address) {
  ipxlat_prefix6 core = core_prefix(prefix);
  in6_addr out{};
  ipxlat_addr_embed(&core, parse_address4(address).s_addr, &out);
  return to_string(out);
}

std::string extract(const char* prefix, const char* address) {
  ipxlat_prefix6 core = core_prefix(prefix);
  in6_addr in = parse_address6(address);
  in_addr out{};
  return ipxlat_addr_extract(&core, &in, &out.s_addr) ? to_string(out) : "not in the prefix";
}

std::string canonical(const char* address) { return to_string(parse_address6(address)); }

struct Embedded {
  const char* prefix;
  const char* address4;
  const char* address6;
};

// RFC 6052 2.4 tables 1 and 2, then others
constexpr Embedded kEmbedded[] = {
    {"2001:db8::/32", "192.0.2.33", "2001:db8:c000:221::"},
    {"2001:db8:100::/40", "192.0.2.33", "2001:db8:1c0:2:21::"},
    {"2001:db8:122::/48", "192.0.2.33", "2001:db8:122:c000:2:2100::"},
    {"2001:db8:122:300::/56", "192.0.2.33", "2001:db8:122:3c0:0:221::"},
    {"2001:db8:122:344::/64", "192.0.2.33", "2001:db8:122:344:c0:2:2100::"},
    {"2001:db8:122:344::/96", "192.0.2.33", "2001:db8:122:344::192.0.2.33"},
    {"64:ff9b::/96", "192.0.2.33", "64:ff9b::192.0.2.33"},
    {"2001:db8:100::/40", "198.51.100.2", "2001:db8:1c6:3364:2::"},
    {"2001:db8::/32", "198.51.100.2", "2001:db8:c633:6402::"},
    {"2001:db8:122::/48", "198.51.100.2", "2001:db8:122:c633:64:200::"},
    {"2001:db8:122:300::/56", "198.51.100.2", "2001:db8:122:3c6:33:6402::"},
    {"2001:db8:122:344::/64", "198.51.100.2", "2001:db8:122:344:c6:3364:200:0"},
    {"2001:db8:122:344::/96", "198.51.100.2", "2001:db8:122:344::c633:6402"},
    {"64:ff9b:1::/48", "192.0.2.33", "64:ff9b:1:c000:2:2100::"},
    {"2001:db8:122:344::/64", "255.255.255.255", "2001:db8:122:344:ff:ffff:ff00:0"},
    {"2001:db8:122:300::/56", "203.0.113.255", "2001:db8:122:3cb:0:71ff::"},
};

TEST(CoreAddr, EmbedsAndExtractsAtEveryLength) {
  for (const Embedded& row : kEmbedded) {
    EXPECT_EQ(embed(row.prefix, row.address4), canonical(row.address6)) << row.prefix;
    EXPECT_EQ(extract(row.prefix, row.address6), row.address4) << row.prefix;
  }
}

TEST(CoreAddr, IgnoresTheSuffixAndTheUOctetWhenExtracting) {
  EXPECT_EQ(extract("2001:db8:100::/40", "2001:db8:1c0:2:21:dead:beef:1"), "192.0.2.33");
  EXPECT_EQ(extract("2001:db8:100::/40", "2001:db8:1c0:2:ff21::"), "192.0.2.33");
  EXPECT_EQ(extract("2001:db8:122:344::/64", "2001:db8:122:344:c0:2:21ff:ffff"), "192.0.2.33");
}

TEST(CoreAddr, ExtractsOnlyFromThePrefix) {
  EXPECT_EQ(extract("64:ff9b::/96", "64:ff9b:0:0:1::808:808"), "not in the prefix");
  EXPECT_EQ(extract("64:ff9b::/96", "64:ff9b:1::808:808"), "not in the prefix");
  EXPECT_EQ(extract("2001:db8:100::/40", "2001:db8:200::"), "not in the prefix");
  EXPECT_EQ(extract("2001:db8:122:300::/56", "2001:db8:122:400::"), "not in the prefix");
}

bool remote_allowed(const char* text) {
  ipxlat_prefix6 prefix = core_prefix(text);
  return !ipxlat_addr_remote_refusal(&prefix);
}

TEST(CoreAddr, ARemotePrefixHasOneOfSixLengths) {
  for (int length = 0; length <= 128; length++) {
    bool one_of_six =
        length == 32 || length == 40 || length == 48 || length == 56 || length == 64 || length == 96;
    ipxlat_prefix6 prefix{parse_address6("2001::"), static_cast<u8>(length)};
    EXPECT_EQ(!ipxlat_addr_remote_refusal(&prefix), one_of_six) << length;
  }
}

TEST(CoreAddr, ARemotePrefixMayNotBe) {
  EXPECT_FALSE(remote_allowed("64:ff9b::/32"));
  EXPECT_FALSE(remote_allowed("64:ff9b::/64"));
  EXPECT_FALSE(remote_allowed("2001:db8:0:0:ff00::/96")) << "u octet";
  EXPECT_FALSE(remote_allowed("2001:db8::1/96")) << "host bits";
  EXPECT_FALSE(remote_allowed("2001:db8:1::/32")) << "host bits";
  for (const char* text : {"ff00::/32", "ff02::/96", "fe80::/64", "febf::/32", "::ffff:0:0/96", "::/96"})
    EXPECT_FALSE(remote_allowed(text)) << text;
}

TEST(CoreAddr, ARemotePrefixMayBe) {
  for (const char* text : {"64:ff9b::/96", "64:ff9b:1::/48", "64:ff9b:1::/96", "64:ff9b:1:fffe::/96",
                           "64:ff9b:1:abcd:0:5431::/96", "2001:db8::/32", "fec0::/48", "fd00::/96"})
    EXPECT_TRUE(remote_allowed(text)) << text;
}

ipxlat_reason check4(const char* text) {
  return ipxlat_addr4_check(parse_address4(text).s_addr, IPXLAT_REASON_BAD_SOURCE);
}

ipxlat_reason check6(const char* text) {
  in6_addr address = parse_address6(text);
  return ipxlat_addr6_check(&address, IPXLAT_REASON_BAD_SOURCE);
}

TEST(CoreAddr, Ipv4AddressesThatAreNotForwarded) {
  for (const char* text : {"0.0.0.0", "0.255.255.255", "127.0.0.1", "127.255.255.255", "255.255.255.255"})
    EXPECT_EQ(check4(text), IPXLAT_REASON_BAD_SOURCE) << text;
  for (const char* text : {"224.0.0.0", "239.255.255.255"})
    EXPECT_EQ(check4(text), IPXLAT_REASON_MULTICAST) << text;
  for (const char* text : {"169.254.0.0", "169.254.255.255"})
    EXPECT_EQ(check4(text), IPXLAT_REASON_LINK_LOCAL) << text;
  for (const char* text : {"1.0.0.0", "126.255.255.255", "128.0.0.0", "10.0.0.1", "169.253.255.255",
                           "169.255.0.0", "223.255.255.255", "240.0.0.0", "255.255.255.254", "192.0.0.8"})
    EXPECT_EQ(check4(text), IPXLAT_REASON_OK) << text;
}

TEST(CoreAddr, Ipv6AddressesThatAreNotForwarded) {
  for (const char* text : {"::", "::1", "::ffff:0:0", "::ffff:192.0.2.1"})
    EXPECT_EQ(check6(text), IPXLAT_REASON_BAD_SOURCE) << text;
  for (const char* text : {"ff00::", "ff02::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"})
    EXPECT_EQ(check6(text), IPXLAT_REASON_MULTICAST) << text;
  for (const char* text : {"fe80::1", "febf:ffff::"})
    EXPECT_EQ(check6(text), IPXLAT_REASON_LINK_LOCAL) << text;
  for (const char* text :
       {"::2", "::1:0:0", "::fffe:0:0", "64:ff9b::", "64:ff9b:1::", "fec0::", "fe7f::", "feff::", "1::"})
    EXPECT_EQ(check6(text), IPXLAT_REASON_OK) << text;
}

TEST(CoreAddr, APrefixIsComparedBitByBit) {
  in6_addr prefix = parse_address6("2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff");
  for (int bit = 0; bit < 128; bit++) {
    in6_addr address = prefix;
    address.s6_addr[bit / 8] ^= static_cast<uint8_t>(0x80 >> bit % 8);
    for (int length = 0; length <= 128; length++)
      ASSERT_EQ(ipxlat_addr6_in_prefix(&address, &prefix, static_cast<u8>(length)), length <= bit);
  }
}

}  // namespace
}  // namespace ipxlat
