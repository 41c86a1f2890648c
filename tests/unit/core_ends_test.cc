// SPDX-License-Identifier: GPL-2.0-only
// Both ends of a packet: RFC 7757 4.2.1 and its figures 8 to 11, the CLAT, and who is local.
#include <gtest/gtest.h>

#include "kmod/core/ends.h"
#include "kmod/core/reason.h"
#include "lib/core_config.h"

namespace ipxlat::test {
namespace {

CoreConfig config_of(const std::vector<std::string>& words) {
  DeviceConfig config;
  apply_change(config, parse_settings(words));
  return CoreConfig(config);
}

// RFC 7757 figure 1, the entries that the figures need
CoreConfig hairpin() {
  return config_of({"remote-prefix6", "64:ff9b::/96", "local-map", "192.0.2.1/32", "2001:db8:aaaa::/128",
                    "local-map", "192.0.2.2/32", "2001:db8:bbbb::b/128", "icmp-source4", "198.51.100.1"});
}

CoreConfig clat() {
  return config_of({"remote-prefix6", "64:ff9b::/96", "local-map", "192.0.0.1/32", "2001:db8:cafe::464/128"});
}

ipxlat_ends4 ends4(const char* source, const char* destination) {
  return {parse_address4(source).s_addr, parse_address4(destination).s_addr};
}

ipxlat_ends6 ends6(const char* source, const char* destination) {
  return {parse_address6(source), parse_address6(destination)};
}

std::string text(const ipxlat_ends4& ends) {
  return to_string(in_addr{ends.source}) + " > " + to_string(in_addr{ends.destination});
}

std::string text(const ipxlat_ends6& ends) {
  return to_string(ends.source) + " > " + to_string(ends.destination);
}

std::string to6(const CoreConfig& config, const char* source, const char* destination) {
  ipxlat_ends4 in = ends4(source, destination);
  ipxlat_ends6 out{};
  ipxlat_reason reason = ipxlat_ends_to6(&config.get(), &in, &out, nullptr);
  return reason ? ipxlat_reason_name(reason) : text(out);
}

std::string to4(const CoreConfig& config, const char* source, const char* destination) {
  ipxlat_ends6 in = ends6(source, destination);
  ipxlat_ends4 out{};
  ipxlat_reason reason = ipxlat_ends_to4(&config.get(), &in, &out, nullptr);
  return reason ? ipxlat_reason_name(reason) : text(out);
}

std::string error_to6(const CoreConfig& config, const ipxlat_ends4& outer, const ipxlat_ends4& inner) {
  ipxlat_ends6 outer_out{}, inner_out{};
  ipxlat_reason reason = ipxlat_ends_error_to6(&config.get(), &outer, &inner, &outer_out, &inner_out);
  return reason ? ipxlat_reason_name(reason) : text(outer_out) + " about " + text(inner_out);
}

std::string error_to4(const CoreConfig& config, const ipxlat_ends6& outer, const ipxlat_ends6& inner) {
  ipxlat_ends4 outer_out{}, inner_out{};
  ipxlat_way source_way;
  ipxlat_reason reason =
      ipxlat_ends_error_to4(&config.get(), &outer, &inner, &outer_out, &inner_out, &source_way);
  return reason ? ipxlat_reason_name(reason) : text(outer_out) + " about " + text(inner_out);
}

TEST(CoreEnds, Figure8APacketBetweenTwoLocalHosts) {
  CoreConfig config = hairpin();
  EXPECT_EQ(to4(config, "2001:db8:aaaa::", "64:ff9b::192.0.2.2"), "192.0.2.1 > 192.0.2.2");
  EXPECT_EQ(to6(config, "192.0.2.1", "192.0.2.2"), "64:ff9b::c000:201 > 2001:db8:bbbb::b");
}

TEST(CoreEnds, Figure9AnErrorFromARouter) {
  CoreConfig config = hairpin();
  EXPECT_EQ(error_to4(config, ends6("2001:db8::1234", "64:ff9b::192.0.2.1"),
                      ends6("64:ff9b::192.0.2.1", "2001:db8:bbbb::b")),
            "198.51.100.1 > 192.0.2.1 about 192.0.2.1 > 192.0.2.2");
  EXPECT_EQ(error_to6(config, ends4("198.51.100.1", "192.0.2.1"), ends4("192.0.2.1", "192.0.2.2")),
            "64:ff9b::c633:6401 > 2001:db8:aaaa:: about 2001:db8:aaaa:: > 64:ff9b::c000:202");
}

TEST(CoreEnds, Figure10AnErrorFromTheHostItself) {
  CoreConfig config = hairpin();
  EXPECT_EQ(error_to4(config, ends6("2001:db8:bbbb::b", "64:ff9b::192.0.2.1"),
                      ends6("64:ff9b::192.0.2.1", "2001:db8:bbbb::b")),
            "192.0.2.2 > 192.0.2.1 about 192.0.2.1 > 192.0.2.2");
  EXPECT_EQ(error_to6(config, ends4("192.0.2.2", "192.0.2.1"), ends4("192.0.2.1", "192.0.2.2")),
            "64:ff9b::c000:202 > 2001:db8:aaaa:: about 2001:db8:aaaa:: > 64:ff9b::c000:202");
}

TEST(CoreEnds, Figure11TheAnswer) {
  CoreConfig config = hairpin();
  EXPECT_EQ(to4(config, "2001:db8:bbbb::b", "64:ff9b::192.0.2.1"), "192.0.2.2 > 192.0.2.1");
  EXPECT_EQ(to6(config, "192.0.2.2", "192.0.2.1"), "64:ff9b::c000:202 > 2001:db8:aaaa::");
}

TEST(CoreEnds, AClatsOwnSourceIsItsLocalEnd) {
  CoreConfig config = clat();
  EXPECT_EQ(to6(config, "192.0.0.1", "8.8.8.8"), "2001:db8:cafe::464 > 64:ff9b::808:808");
  EXPECT_EQ(to4(config, "64:ff9b::808:808", "2001:db8:cafe::464"), "8.8.8.8 > 192.0.0.1");
  EXPECT_EQ(error_to4(config, ends6("2001:db8:f::1", "2001:db8:cafe::464"),
                      ends6("2001:db8:cafe::464", "64:ff9b::808:808")),
            "192.0.0.8 > 192.0.0.1 about 192.0.0.1 > 8.8.8.8");
  EXPECT_EQ(error_to6(config, ends4("192.0.0.1", "8.8.8.8"), ends4("8.8.8.8", "192.0.0.1")),
            "2001:db8:cafe::464 > 64:ff9b::808:808 about 64:ff9b::808:808 > 2001:db8:cafe::464");
}

TEST(CoreEnds, WithAMapOneEndIsLocal) {
  CoreConfig config = clat();
  EXPECT_EQ(to6(config, "10.0.0.1", "8.8.8.8"), "not_local");
  EXPECT_EQ(to4(config, "64:ff9b::808:808", "64:ff9b::101:101"), "not_local");
  EXPECT_EQ(error_to6(config, ends4("1.1.1.1", "10.0.0.1"), ends4("10.0.0.1", "8.8.8.8")), "not_local");
  EXPECT_EQ(error_to4(config, ends6("64:ff9b::101:101", "64:ff9b::808:808"),
                      ends6("64:ff9b::808:808", "64:ff9b::909:909")),
            "not_local");
}

// RFC 7757 3.3.2: the map goes before the prefix, so what is below the prefix is looked for in a map that
// meets it.
TEST(CoreEnds, AnEntryBelowThePrefixGoesBeforeThePrefix) {
  const CoreConfig config =
      config_of({"remote-prefix6", "64:ff9b::/96", "local-map", "198.51.100.10/32", "64:ff9b::c000:201/128",
                 "local-map", "198.51.100.11/32", "2001:db8::11/128"});
  EXPECT_FALSE(config.get().remote_apart);
  EXPECT_EQ(to4(config, "64:ff9b::c000:201", "64:ff9b::c000:202"), "198.51.100.10 > 192.0.2.2");
  EXPECT_EQ(to4(config, "2001:db8::11", "64:ff9b::c000:201"), "198.51.100.11 > 198.51.100.10");
  EXPECT_TRUE(clat().get().remote_apart);
  EXPECT_FALSE(config_of({"local-map", "198.51.100.11/32", "2001:db8::11/128"}).get().remote_apart);
}

TEST(CoreEnds, WithoutAMapBothEndsAreWrittenByThePrefix) {
  CoreConfig config = config_of({"remote-prefix6", "2001:db8:100::/40"});
  EXPECT_EQ(to6(config, "198.51.100.2", "192.0.2.33"), "2001:db8:1c6:3364:2:: > 2001:db8:1c0:2:21::");
  EXPECT_EQ(to4(config, "2001:db8:1c6:3364:2::", "2001:db8:1c0:2:21::"), "198.51.100.2 > 192.0.2.33");
}

TEST(CoreEnds, WithoutAPrefixBothEndsAreInTheMap) {
  CoreConfig config = config_of(
      {"local-map", "192.0.2.1/32", "2001:db8::1/128", "local-map", "192.0.2.2/32", "2001:db8::2/128"});
  EXPECT_EQ(to6(config, "192.0.2.1", "192.0.2.2"), "2001:db8::1 > 2001:db8::2");
  EXPECT_EQ(to6(config, "192.0.2.1", "192.0.2.3"), "destination_unmapped");
  EXPECT_EQ(to6(config, "192.0.2.3", "192.0.2.2"), "source_unmapped");
  EXPECT_EQ(to4(config, "2001:db8::1", "2001:db8::3"), "destination_unmapped");
  EXPECT_EQ(to4(config, "2001:db8::3", "2001:db8::1"), "source_unmapped");
}

// a "fragmentation needed" of any router on the way
TEST(CoreEnds, AnErrorOfARouterWithoutAnIpv6FormComesFromTheQuotedDestination) {
  CoreConfig config = config_of(
      {"local-map", "192.0.2.1/32", "2001:db8::1/128", "local-map", "192.0.2.2/32", "2001:db8::2/128"});
  EXPECT_EQ(error_to6(config, ends4("203.0.113.1", "192.0.2.1"), ends4("192.0.2.1", "192.0.2.2")),
            "2001:db8::2 > 2001:db8::1 about 2001:db8::1 > 2001:db8::2");
  EXPECT_EQ(error_to6(config, ends4("192.0.2.2", "192.0.2.1"), ends4("192.0.2.1", "192.0.2.2")),
            "2001:db8::2 > 2001:db8::1 about 2001:db8::1 > 2001:db8::2");
  EXPECT_EQ(error_to6(config, ends4("203.0.113.1", "192.0.2.3"), ends4("192.0.2.1", "192.0.2.2")),
            "destination_unmapped");
  EXPECT_EQ(error_to6(config, ends4("203.0.113.1", "192.0.2.1"), ends4("192.0.2.1", "192.0.2.3")),
            "icmp_quote");
}

// 0.0.0.0/0 as a whole, which has room for addresses that no packet may have
CoreConfig ivi() { return config_of({"local-map", "0.0.0.0/0", "fc00::/6"}); }

TEST(CoreEnds, AnErrorOfARouterWhoseIpv6FormNoPacketMayHaveToo) {
  CoreConfig config = ivi();
  EXPECT_EQ(error_to6(config, ends4("20.0.0.1", "10.1.2.2"), ends4("10.1.2.2", "20.0.0.0")),
            "fc50:0:400:: > fc28:408:800:: about fc28:408:800:: > fc50::");
  for (const char* router : {"160.0.0.1", "192.0.0.1"})  // fe80::/10, ff00::/8
    EXPECT_EQ(error_to6(config, ends4(router, "10.1.2.2"), ends4("10.1.2.2", "20.0.0.0")),
              "fc50:: > fc28:408:800:: about fc28:408:800:: > fc50::")
        << router;
}

TEST(CoreEnds, WhatComesOutOfAnErrorIsLookedAt) {
  CoreConfig config = ivi();
  EXPECT_EQ(error_to6(config, ends4("20.0.0.1", "192.0.0.1"), ends4("10.1.2.2", "20.0.0.0")), "multicast");
  EXPECT_EQ(error_to6(config, ends4("20.0.0.1", "160.0.0.1"), ends4("10.1.2.2", "20.0.0.0")), "link_local");
  EXPECT_EQ(error_to6(config, ends4("20.0.0.1", "10.1.2.2"), ends4("192.0.0.1", "20.0.0.0")), "icmp_quote");
  EXPECT_EQ(error_to6(config, ends4("20.0.0.1", "10.1.2.2"), ends4("10.1.2.2", "192.0.0.1")), "icmp_quote");
}

TEST(CoreEnds, SaysByWhichRuleAnEndWasWritten) {
  CoreConfig config = hairpin();
  ipxlat_ends4 in = ends4("192.0.2.1", "192.0.2.2");
  ipxlat_ends6 out{};
  ipxlat_ways ways{IPXLAT_WAY_NONE, IPXLAT_WAY_NONE};
  ASSERT_EQ(ipxlat_ends_to6(&config.get(), &in, &out, &ways), IPXLAT_REASON_OK);
  EXPECT_EQ(ways.source, IPXLAT_WAY_FAR);
  EXPECT_EQ(ways.destination, IPXLAT_WAY_NEAR);
  in = ends4("192.0.2.1", "8.8.8.8");
  ASSERT_EQ(ipxlat_ends_to6(&config.get(), &in, &out, &ways), IPXLAT_REASON_OK);
  EXPECT_EQ(ways.source, IPXLAT_WAY_NEAR);
  EXPECT_EQ(ways.destination, IPXLAT_WAY_FAR);
}

TEST(CoreEnds, WhatIsEmbeddedIsLookedAtToo) {
  CoreConfig config = config_of({"remote-prefix6", "64:ff9b::/96"});
  EXPECT_EQ(to4(config, "64:ff9b::127.0.0.1", "64:ff9b::8.8.8.8"), "bad_source");
  EXPECT_EQ(to4(config, "64:ff9b::8.8.8.8", "64:ff9b::127.0.0.1"), "bad_destination");
  EXPECT_EQ(to4(config, "64:ff9b::8.8.8.8", "64:ff9b::224.0.0.1"), "multicast");
  EXPECT_EQ(to4(config, "64:ff9b::169.254.0.1", "64:ff9b::8.8.8.8"), "link_local");
  EXPECT_EQ(error_to4(config, ends6("64:ff9b::1.1.1.1", "64:ff9b::8.8.8.8"),
                      ends6("64:ff9b::8.8.8.8", "64:ff9b::127.0.0.1")),
            "icmp_quote");
}

}  // namespace
}  // namespace ipxlat::test
