// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include "daemon/desired/stable_address.h"
#include "lib/networks.h"
#include "lib/siphash.h"

namespace ipxlat {
namespace {

std::vector<std::string> aggregate(const std::vector<std::string>& texts) {
  std::vector<Prefix4> prefixes;
  for (const auto& text : texts) prefixes.push_back(parse_prefix4(text));
  std::vector<std::string> result;
  for (const auto& prefix : aggregated(prefixes)) result.push_back(to_string(prefix));
  return result;
}

TEST(DaemonNetworks, halves_are_aggregated_and_parts_absorbed) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(aggregate({"192.0.2.1/32", "192.0.2.0/32"}), (Texts{"192.0.2.0/31"}));
  EXPECT_EQ(aggregate({"192.0.2.1/32", "192.0.2.2/32"}), (Texts{"192.0.2.1/32", "192.0.2.2/32"}));
  EXPECT_EQ(aggregate({"10.0.0.0/8", "10.1.0.0/16", "11.0.0.0/8"}), (Texts{"10.0.0.0/7"}));
  EXPECT_EQ(aggregate({"192.0.2.0/26", "192.0.2.64/26", "192.0.2.128/25"}), (Texts{"192.0.2.0/24"}));
  EXPECT_EQ(aggregate({"0.0.0.0/1", "128.0.0.0/1"}), (Texts{"0.0.0.0/0"}));
}

TEST(DaemonNetworks, an_ipv4_prefix_is_embedded_at_every_length) {
  const Prefix4 ten = parse_prefix4("10.0.0.0/8"), host4 = parse_prefix4("192.0.2.33/32");
  EXPECT_EQ(to_string(embedded(parse_prefix6("2001:db8::/32"), ten)), "2001:db8:a00::/40");
  EXPECT_EQ(to_string(embedded(parse_prefix6("2001:db8::/32"), host4)), "2001:db8:c000:221::/64");
  EXPECT_EQ(to_string(embedded(parse_prefix6("2001:db8:100::/40"), host4)), "2001:db8:1c0:2:21::/80");
  EXPECT_EQ(to_string(embedded(parse_prefix6("2001:db8:122::/48"), host4)), "2001:db8:122:c000:2:2100::/88");
  EXPECT_EQ(to_string(embedded(parse_prefix6("2001:db8:122:300::/56"), host4)),
            "2001:db8:122:3c0:0:221::/96");
  EXPECT_EQ(to_string(embedded(parse_prefix6("2001:db8:122:344::/64"), host4)),
            "2001:db8:122:344:c0:2:2100:0/104");
  EXPECT_EQ(to_string(embedded(parse_prefix6("2001:db8:122:344::/64"), ten)), "2001:db8:122:344:a::/80");
  EXPECT_EQ(embedded(parse_prefix6("64:ff9b::/96"), host4), parse_prefix6("64:ff9b::192.0.2.33/128"));
}

// RFC 6052 section 2.2: whatever the lengths, and on whichever side of bits 64 to 71 the network ends.
TEST(DaemonNetworks, an_ipv4_network_is_one_ipv6_prefix_wherever_it_ends) {
  const Prefix6 all[] = {parse_prefix6("2001:db8::/32"),         parse_prefix6("2001:db8:100::/40"),
                         parse_prefix6("2001:db8:122::/48"),     parse_prefix6("2001:db8:122:300::/56"),
                         parse_prefix6("2001:db8:122:344::/64"), parse_prefix6("64:ff9b::/96")};
  for (const Prefix6& pref64 : all)
    for (uint8_t length = 0; length <= 32; length++) {
      const Prefix4 network = masked(Prefix4{parse_address4("203.0.113.129"), length});
      const Prefix6 part = embedded(pref64, network);
      for (const in_addr& inside : {network.address, last_address(network)})
        EXPECT_TRUE(contains(part, embedded(pref64, host(inside)).address))
            << to_string(pref64) << " " << to_string(network);
      in_addr outside = network.address;
      if (length) outside.s_addr ^= htonl(1u << (32 - length));
      EXPECT_EQ(contains(part, embedded(pref64, host(outside)).address), length == 0)
          << to_string(pref64) << " " << to_string(network);
    }
  const auto below = [](const char* network) {
    return to_string(embedded(parse_prefix6("2001:db8:100::/40"), parse_prefix4(network)));
  };
  EXPECT_EQ(below("0.0.0.0/0"), "2001:db8:100::/40");
  EXPECT_EQ(below("203.0.112.0/20"), "2001:db8:1cb:70::/60");
  EXPECT_EQ(below("203.0.113.0/24"), "2001:db8:1cb:71::/64");
  EXPECT_EQ(below("203.0.113.128/25"), "2001:db8:1cb:71:80::/73");
}

TEST(DaemonNetworks, the_internal_form_reads_like_the_ipv4_prefix) {
  EXPECT_EQ(internal6(parse_prefix4("198.18.0.0/15")), parse_prefix6("64:ff9b:1:fffe::198.18.0.0/111"));
  EXPECT_EQ(internal6(parse_prefix4("192.0.0.1/32")), parse_prefix6("64:ff9b:1:fffe::192.0.0.1/128"));
}

TEST(DaemonNetworks, the_last_address_of_a_prefix) {
  EXPECT_EQ(to_string(last_address(parse_prefix4("198.18.0.0/15"))), "198.19.255.255");
  EXPECT_EQ(to_string(last_address(parse_prefix4("0.0.0.0/0"))), "255.255.255.255");
  EXPECT_EQ(to_string(last_address(parse_prefix6("2001:db8::/125"))), "2001:db8::7");
  EXPECT_EQ(size(parse_prefix4("0.0.0.0/0")), uint64_t{1} << 32);
}

// The vectors of the algorithm's paper and of its reference implementation.
TEST(DaemonSiphash, vectors) {
  SipKey key;
  std::array<uint8_t, 15> input;
  for (uint8_t i = 0; i < 16; i++) key[i] = i;
  for (uint8_t i = 0; i < 15; i++) input[i] = i;
  EXPECT_EQ(siphash24(key, input), 0xa129ca6149be45e5u);
  EXPECT_EQ(siphash24(key, {}), 0x726fdb47dd0e0e31u);
}

TEST(DaemonStableAddress, anycast_identifiers_are_reserved) {
  for (const uint64_t identifier : {0ull, 0xfdffffffffffff80ull, 0xfdffffffffffffffull})
    EXPECT_TRUE(reserved_identifier(identifier)) << std::hex << identifier;
  for (const uint64_t identifier : {1ull, 0xfdffffffffffff7full, 0xfe00000000000000ull, ~0ull})
    EXPECT_FALSE(reserved_identifier(identifier)) << std::hex << identifier;
}

// RFC 7217 section 5 leaves the function to the host; addresses must not change with the program.
TEST(DaemonStableAddress, is_the_same_in_every_version) {
  EXPECT_EQ(to_string(stable_address(SipKey{1}, parse_prefix6("2001:db8:1:2::/64"), "eth0", 0)),
            "2001:db8:1:2:721d:8e20:bba4:3457");
}

TEST(DaemonNetworks, a_prefix_falls_into_parts) {
  const auto part = [](const char* whole, uint8_t length, uint64_t number) {
    return to_string(nth_part(parse_prefix6(whole), length, number));
  };
  EXPECT_EQ(part("2001:db8::/32", 64, 0), "2001:db8::/64");
  EXPECT_EQ(part("2001:db8::/32", 64, 0xfffe0001), "2001:db8:fffe:1::/64");
  EXPECT_EQ(part("2001:db8::/57", 59, 2), "2001:db8:0:40::/59");
  EXPECT_EQ(part("64:ff9b:1:fffe::cb00:7110/124", 128, 15), "64:ff9b:1:fffe::cb00:711f/128");
}

TEST(DaemonNetworks, a_prefix_has_two_halves) {
  const auto all = halves(parse_prefix6("64:ff9b::/96"));
  EXPECT_EQ(to_string(all[0]) + " " + to_string(all[1]), "64:ff9b::/97 64:ff9b::8000:0/97");
  EXPECT_EQ(to_string(halves(parse_prefix6("2001:db8::/32"))[1]), "2001:db8:8000::/33");
  EXPECT_EQ(to_string(halves(parse_prefix6("2001:db8:0:60::/59"))[1]), "2001:db8:0:70::/60");
}

TEST(DaemonStableAddress, differs_by_secret_prefix_link_and_attempt_only) {
  const SipKey secret{1};
  // the identifier alone
  const auto low = [](const SipKey& key, const char* prefix, const char* link, unsigned attempt) {
    const in6_addr address = stable_address(key, parse_prefix6(prefix), link, attempt);
    EXPECT_TRUE(contains(parse_prefix6(prefix), address));
    return std::vector<uint8_t>(address.s6_addr + 8, address.s6_addr + 16);
  };
  const auto first = low(secret, "2001:db8:1:2::/64", "eth0", 0);
  EXPECT_EQ(low(secret, "2001:db8:1:2::/64", "eth0", 0), first);
  EXPECT_NE(low(SipKey{2}, "2001:db8:1:2::/64", "eth0", 0), first);
  EXPECT_NE(low(secret, "2001:db8:1:3::/64", "eth0", 0), first);
  EXPECT_NE(low(secret, "2001:db8:1:2::/64", "eth1", 0), first);
  EXPECT_NE(low(secret, "2001:db8:1:2::/64", "eth0", 1), first);
  EXPECT_NE(low(secret, "2001:db8:1:2::/64", "eth0", 256), first);
}

}  // namespace
}  // namespace ipxlat
