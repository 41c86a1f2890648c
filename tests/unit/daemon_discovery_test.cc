// SPDX-License-Identifier: GPL-2.0-only
// From the bytes of router advertisements to the prefixes that hold now, and the questions to routers
// between.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/rtnetlink.h>
#include <netinet/icmp6.h>

#include <cstring>

#include "daemon/discovery/advertised_prefixes.h"
#include "daemon/discovery/advertised_resolvers.h"
#include "daemon/discovery/announcement.h"
#include "daemon/discovery/pref64_option.h"
#include "daemon/discovery/solicitation.h"
#include "lib/bytes.h"
#include "tests/unit/daemon_learnt_words.h"
#include "tests/unit/daemon_rule_words.h"

namespace ipxlat {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

// RFC 8781 section 4; `word` is the scaled lifetime and the code of the length.
Bytes option(uint16_t word, const char* prefix) {
  Bytes bytes(16);
  bytes[0] = 38;
  bytes[1] = 2;
  put16(bytes, 2, word);
  const in6_addr address = parse_address6(prefix);
  std::memcpy(&bytes[4], &address, 12);
  return bytes;
}

std::string read(const Bytes& bytes) {
  const auto found = read_pref64_option(bytes);
  return found ? to_string(found->prefix) + " " + std::to_string(found->lifetime.count()) : "none";
}

TEST(DaemonPref64Option, has_one_of_six_lengths_and_a_lifetime_in_units_of_8_seconds) {
  EXPECT_EQ(read(option(75 << 3 | 0, "64:ff9b::")), "64:ff9b::/96 600");
  EXPECT_EQ(read(option(1 << 3 | 1, "2001:db8:1:2::")), "2001:db8:1:2::/64 8");
  EXPECT_EQ(read(option(8191 << 3 | 2, "2001:db8:1:200::")), "2001:db8:1:200::/56 65528");
  EXPECT_EQ(read(option(0 << 3 | 3, "2001:db8:1::")), "2001:db8:1::/48 0");
  EXPECT_EQ(read(option(2 << 3 | 4, "2001:db8:100::")), "2001:db8:100::/40 16");
  EXPECT_EQ(read(option(2 << 3 | 5, "2001:db8::")), "2001:db8::/32 16");
  for (uint16_t code : {6, 7}) EXPECT_EQ(read(option(uint16_t(75 << 3 | code), "2001:db8::")), "none");
}

TEST(DaemonPref64Option, bits_behind_the_length_are_ignored) {
  EXPECT_EQ(read(option(2 << 3 | 5, "2001:db8:ffff:ffff:ffff:ffff::")), "2001:db8::/32 16");
}

TEST(DaemonPref64Option, whatever_else_is_none) {
  const Bytes good = option(75 << 3, "64:ff9b::");
  for (size_t length = 0; length < good.size(); length++)
    EXPECT_EQ(read({good.begin(), good.begin() + long(length)}), "none");
  Bytes longer = good;
  longer.resize(24);
  EXPECT_EQ(read(longer), "none");
  longer[1] = 3;
  EXPECT_EQ(read(longer), "none");
  Bytes other = good;
  other[0] = 25;
  EXPECT_EQ(read(other), "none");
  other = good;
  other[1] = 1;
  EXPECT_EQ(read(other), "none");
}

TEST(DaemonPref64Option, a_prefix_that_no_address_can_be_in_is_none) {
  EXPECT_EQ(read(option(75 << 3 | 1, "64:ff9b::")), "none") << "RFC 6052 section 2.1";
  EXPECT_EQ(read(option(75 << 3 | 0, "2001:db8:0:0:100::")), "none") << "bits 64 to 71";
  for (const char* prefix : {"ff0e::", "fe80::", "::"})
    EXPECT_EQ(read(option(75 << 3 | 0, prefix)), "none") << prefix;
}

// As the kernel writes it.
Bytes announced(const Bytes& content, uint16_t length, uint8_t type = ND_ROUTER_ADVERT, int ifindex = 7) {
  Bytes bytes(NLMSG_HDRLEN + sizeof(nduseroptmsg));
  nduseroptmsg user{};
  user.nduseropt_family = AF_INET6;
  user.nduseropt_opts_len = length;
  user.nduseropt_ifindex = ifindex;
  user.nduseropt_icmp_type = type;
  std::memcpy(&bytes[NLMSG_HDRLEN], &user, sizeof user);
  bytes.insert(bytes.end(), content.begin(), content.end());
  const nlattr source{NLA_HDRLEN + sizeof(in6_addr), NDUSEROPT_SRCADDR};
  const in6_addr router = parse_address6("fe80::1");
  const size_t at = bytes.size();
  bytes.resize(at + source.nla_len);
  std::memcpy(&bytes[at], &source, sizeof source);
  std::memcpy(&bytes[at + NLA_HDRLEN], &router, sizeof router);
  nlmsghdr header{};
  header.nlmsg_type = RTM_NEWNDUSEROPT;
  header.nlmsg_len = static_cast<uint32_t>(bytes.size());
  std::memcpy(bytes.data(), &header, sizeof header);
  return bytes;
}

std::optional<Announcement> announcement_of(const Bytes& bytes) {
  alignas(nlmsghdr) uint8_t aligned[256];
  std::memcpy(aligned, bytes.data(), bytes.size());
  return read_announcement(reinterpret_cast<const nlmsghdr*>(aligned));
}

TEST(DaemonAnnouncement, is_of_a_link_and_a_router) {
  const auto found = announcement_of(announced(option(75 << 3, "64:ff9b::"), 16));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->ifindex, 7u);
  EXPECT_EQ(to_string(found->router), "fe80::1");
  EXPECT_EQ(std::get<Pref64Option>(found->option),
            (Pref64Option{parse_prefix6("64:ff9b::/96"), seconds(600)}));
}

TEST(DaemonAnnouncement, whatever_else_is_none) {
  const Bytes good = option(75 << 3, "64:ff9b::");
  EXPECT_FALSE(announcement_of(announced(good, 16, ND_ROUTER_SOLICIT)));
  EXPECT_FALSE(announcement_of(announced(good, 16, ND_ROUTER_ADVERT, 0)));
  EXPECT_FALSE(announcement_of(announced(good, 8)));
  EXPECT_FALSE(announcement_of(announced(good, 60000)));
  Bytes other = announced(good, 16);
  other[offsetof(nlmsghdr, nlmsg_type)] = RTM_NEWLINK;
  EXPECT_FALSE(announcement_of(other));
  const Bytes whole = announced(good, 16);
  // the kernel fills up to whole words
  for (size_t length = NLMSG_HDRLEN; length < whole.size(); length += NLMSG_ALIGNTO) {
    Bytes cut(whole.begin(), whole.begin() + long(length));
    const auto bytes = static_cast<uint32_t>(length);
    std::memcpy(cut.data(), &bytes, sizeof bytes);
    EXPECT_FALSE(announcement_of(cut)) << length;
  }
}

// RFC 8106 section 5.1
Bytes resolver_option(uint32_t lifetime, const std::vector<const char*>& addresses) {
  Bytes bytes{25, static_cast<uint8_t>(1 + 2 * addresses.size()), 0, 0};
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<uint8_t>(lifetime >> shift));
  for (const char* text : addresses) {
    const in6_addr address = parse_address6(text);
    bytes.insert(bytes.end(), address.s6_addr, address.s6_addr + sizeof address);
  }
  return bytes;
}

std::string read_resolvers(const Bytes& bytes) {
  const auto found = read_resolver_option(bytes);
  if (!found) return "none";
  std::string text = std::to_string(found->lifetime.count());
  for (const auto& address : found->addresses) text += " " + to_string(address);
  return text;
}

TEST(DaemonResolverOption, has_a_lifetime_and_addresses) {
  EXPECT_EQ(read_resolvers(resolver_option(0x01020304, {"2001:db8::53"})), "16909060 2001:db8::53");
  EXPECT_EQ(read_resolvers(resolver_option(0, {"fe80::1", "2001:db8::53"})), "0 fe80::1 2001:db8::53");
  EXPECT_EQ(read_resolvers(resolver_option(1, {"::", "ff02::1", "::1", "fd00::1"})), "1 fd00::1");
}

TEST(DaemonResolverOption, whatever_else_is_none) {
  const Bytes good = resolver_option(600, {"2001:db8::53"});
  for (size_t length = 0; length < good.size(); length++)
    EXPECT_EQ(read_resolvers(Bytes(good.begin(), good.begin() + long(length))), "none") << length;
  Bytes longer = good;
  longer.resize(32);
  longer[1] = 4;
  EXPECT_EQ(read_resolvers(longer), "none") << "half an address";
  Bytes other = good;
  other[0] = 31;
  EXPECT_EQ(read_resolvers(other), "none");
  EXPECT_EQ(read_resolvers(resolver_option(600, {})), "none");
}

TEST(DaemonAnnouncement, may_be_of_resolvers) {
  const auto found = announcement_of(announced(resolver_option(600, {"2001:db8::53"}), 24));
  ASSERT_TRUE(found);
  EXPECT_EQ(std::get<ResolverOption>(found->option).addresses.size(), 1u);
}

class DaemonAdvertisedResolvers : public testing::Test {
 protected:
  DaemonAdvertisedResolvers() { resolvers_.want({7, 8}); }

  static Time at(int time) { return Time(seconds(time)); }

  void advertise(uint32_t ifindex, unsigned lifetime, const std::vector<const char*>& addresses) {
    ResolverOption option{{}, seconds(lifetime)};
    for (const char* address : addresses) option.addresses.push_back(parse_address6(address));
    resolvers_.take(ifindex, option, at(100));
  }

  std::vector<std::string> words() const {
    std::vector<std::string> all;
    for (const auto& one : resolvers_.all())
      all.push_back(std::to_string(one.ifindex) + " " + to_string(one.address));
    return all;
  }

  AdvertisedResolvers resolvers_;
};

TEST_F(DaemonAdvertisedResolvers, hold_for_their_lifetime) {
  advertise(7, 600, {"2001:db8::53", "2001:db8::54"});
  advertise(8, 60, {"2001:db8::53"});
  advertise(7, 60, {"2001:db8::54"});
  EXPECT_THAT(words(), ElementsAre("7 2001:db8::53", "7 2001:db8::54", "8 2001:db8::53"));
  EXPECT_EQ(resolvers_.next(), at(160));
  resolvers_.pass(at(160));
  EXPECT_THAT(words(), ElementsAre("7 2001:db8::53"));
  advertise(7, 0, {"2001:db8::53"});
  EXPECT_THAT(words(), IsEmpty());
  EXPECT_EQ(resolvers_.next(), std::nullopt);
}

TEST_F(DaemonAdvertisedResolvers, may_be_without_end) {
  advertise(7, 0xffffffff, {"2001:db8::53"});
  EXPECT_EQ(resolvers_.next(), std::nullopt);
  resolvers_.pass(at(1000000000));
  EXPECT_THAT(words(), ElementsAre("7 2001:db8::53"));
}

TEST_F(DaemonAdvertisedResolvers, are_of_links_that_are_up_and_few) {
  advertise(9, 600, {"2001:db8::53"});
  EXPECT_THAT(words(), IsEmpty());
  for (int i = 0; i < 20; i++) advertise(7, 600, {("2001:db8::" + std::to_string(i)).c_str()});
  EXPECT_EQ(words().size(), AdvertisedResolvers::kMostOfLink);
  advertise(8, 600, {"2001:db8::53"});
  EXPECT_EQ(words().back(), "8 2001:db8::53") << "another link's are not fewer for it";
  resolvers_.want({8});
  EXPECT_THAT(words(), ElementsAre("8 2001:db8::53"));
}

class DaemonAdvertisedPrefixes : public testing::Test {
 protected:
  DaemonAdvertisedPrefixes() {
    prefixes_.want({7}, at(0));
    prefixes_.pass(at(0));
  }

  static Time at(double time) { return Time(Time::duration(static_cast<int64_t>(1e6 * (1000 + time)))); }

  void advertise(double time, int lifetime, const char* prefix = "64:ff9b::/96",
                 const char* router = "fe80::1", uint32_t ifindex = 7) {
    prefixes_.take(ifindex, parse_address6(router), {parse_prefix6(prefix), seconds(lifetime)}, at(time));
  }

  // "64:ff9b::/96 until 600" on link 7
  std::vector<std::string> words() const { return learnt_words(prefixes_.all(), at(0)); }

  // The whole seconds at which a router is asked, from one time on and as long as nobody answers.
  std::vector<int> questions(double until) {
    std::vector<int> all;
    for (auto when = prefixes_.next(); when && *when <= at(until); when = prefixes_.next())
      if (!prefixes_.pass(*when).empty())
        all.push_back(static_cast<int>(std::chrono::duration_cast<seconds>(*when - at(0)).count()));
    return all;
  }

  AdvertisedPrefixes prefixes_;
};

TEST_F(DaemonAdvertisedPrefixes, hold_for_their_lifetime_from_the_last_time) {
  advertise(0, 600);
  advertise(100, 600);
  EXPECT_THAT(words(), ElementsAre("64:ff9b::/96 until 700"));
  prefixes_.pass(at(699.9));
  EXPECT_THAT(words(), ElementsAre("64:ff9b::/96 until 700"));
  prefixes_.pass(at(700));
  EXPECT_THAT(words(), IsEmpty());
}

TEST_F(DaemonAdvertisedPrefixes, a_shorter_lifetime_is_taken_too) {
  advertise(0, 600);
  advertise(10, 16);
  EXPECT_THAT(words(), ElementsAre("64:ff9b::/96 until 26"));
}

TEST_F(DaemonAdvertisedPrefixes, a_lifetime_of_zero_ends_one_at_once) {
  advertise(0, 600);
  advertise(0, 600, "2001:db8:64::/96");
  advertise(10, 0);
  EXPECT_THAT(words(), ElementsAre("2001:db8:64::/96 until 600"));
}

TEST_F(DaemonAdvertisedPrefixes, a_router_takes_back_its_own_alone) {
  advertise(0, 600);
  advertise(5, 300, "64:ff9b::/96", "fe80::2");
  EXPECT_THAT(words(), ElementsAre("64:ff9b::/96 until 600"));
  advertise(10, 0);
  EXPECT_THAT(words(), ElementsAre("64:ff9b::/96 until 305"));
}

TEST_F(DaemonAdvertisedPrefixes, are_of_links_on_which_one_is_wanted) {
  advertise(0, 600, "64:ff9b::/96", "fe80::1", 8);
  EXPECT_THAT(words(), IsEmpty());
}

TEST_F(DaemonAdvertisedPrefixes, a_link_without_one_is_asked_less_and_less) {
  EXPECT_THAT(questions(300), ElementsAre(4, 12, 28, 60, 124, 252));
  const auto later = questions(20000);
  EXPECT_EQ(later.back() - later[later.size() - 2], 3600);
}

TEST_F(DaemonAdvertisedPrefixes, a_link_is_asked_at_once) {
  prefixes_.want({7, 9}, at(50));
  EXPECT_EQ(*prefixes_.next(), at(4)) << "which is late";
  EXPECT_THAT(prefixes_.pass(at(50)), ElementsAre(7u, 9u));
}

TEST_F(DaemonAdvertisedPrefixes, nobody_is_asked_as_long_as_advertisements_come_in_time) {
  for (int time = 0; time <= 3000; time += 600) {
    EXPECT_THAT(questions(time), IsEmpty()) << time;
    advertise(time, 1800);
  }
  EXPECT_THAT(questions(4300), ElementsAre(4200)) << "after two have been lost";
}

TEST_F(DaemonAdvertisedPrefixes, of_a_short_lifetime_there_are_three_questions_before_its_end) {
  advertise(0, 16);
  EXPECT_THAT(questions(15.9), ElementsAre(10, 13, 14));
  EXPECT_THAT(words(), ElementsAre("64:ff9b::/96 until 16"));
  EXPECT_THAT(questions(40), ElementsAre(16, 20, 28)) << "and it is wanted as from the start";
}

TEST_F(DaemonAdvertisedPrefixes, behind_a_carrier_that_was_away_they_have_to_come_again) {
  advertise(0, 600);
  prefixes_.want({}, at(20));
  prefixes_.pass(at(25));
  EXPECT_THAT(words(), ElementsAre("64:ff9b::/96 until 600")) << "nothing is torn down meanwhile";
  prefixes_.want({7}, at(30));
  EXPECT_THAT(prefixes_.pass(at(30)), ElementsAre(7u));
  EXPECT_THAT(words(), ElementsAre("64:ff9b::/96 until 40"));
  advertise(31, 600);
  EXPECT_THAT(words(), ElementsAre("64:ff9b::/96 until 631"));
}

TEST_F(DaemonAdvertisedPrefixes, a_former_daemons_have_to_come_again) {
  AdvertisedPrefixes prefixes;
  prefixes.remember({7, parse_prefix6("64:ff9b::/96"), at(600)}, at(0));
  ASSERT_EQ(prefixes.all().size(), 1u) << "for the first look";
  EXPECT_EQ(prefixes.all()[0].until, at(600));
  prefixes.want({7}, at(1));
  EXPECT_EQ(prefixes.all()[0].until, at(11));
  EXPECT_THAT(prefixes.pass(at(1)), ElementsAre(7u)) << "routers are asked at once";
  prefixes.take(7, parse_address6("fe80::1"), {parse_prefix6("64:ff9b::/96"), seconds(600)}, at(2));
  prefixes.pass(at(12));
  EXPECT_EQ(prefixes.all()[0].until, at(602));
}

TEST_F(DaemonAdvertisedPrefixes, whoever_floods_a_link_fills_no_memory) {
  for (int i = 0; i < 1000; i++) advertise(0, 100 + i, ("2001:db8:" + std::to_string(i) + "::/96").c_str());
  EXPECT_EQ(words().size(), AdvertisedPrefixes::kMostOfLink);
  EXPECT_THAT(words(), testing::Contains("2001:db8:999::/96 until 1099")) << "the longest stay";
  advertise(1, 2000, "2001:db8:999::/96");
  EXPECT_EQ(words().size(), AdvertisedPrefixes::kMostOfLink);
}

TEST(DaemonSolicitation, a_datagram_has_the_bytes_of_one) {
  const in6_addr source = parse_address6("fe80::1234:56ff:fe78:9abc");
  const uint16_t check = solicitation_checksum(source);
  // RFC 8200 section 8.1: over the pseudo-header and the message all adds up to 0xffff
  Bytes bytes(48);
  const in6_addr routers = parse_address6("ff02::2");
  std::memcpy(&bytes[0], &source, 16);
  std::memcpy(&bytes[16], &routers, 16);
  put32(bytes, 32, 8);
  put32(bytes, 36, IPPROTO_ICMPV6);
  bytes[40] = ND_ROUTER_SOLICIT;
  put16(bytes, 42, check);
  uint32_t sum = 0;
  for (size_t i = 0; i < bytes.size(); i += 2) sum += get16(bytes, i);
  EXPECT_EQ(sum % 0xffff, 0u);
  EXPECT_NE(sum, 0u);
}

TEST(DaemonSolicitation, there_is_no_port_0) {
  // whose other words and its own add up to 0xffff
  in6_addr source = parse_address6("fe80::");
  uint16_t rest = solicitation_checksum(source);
  source.s6_addr[14] = static_cast<uint8_t>(rest >> 8);
  source.s6_addr[15] = static_cast<uint8_t>(rest);
  EXPECT_EQ(solicitation_checksum(source), 0xffff);
}

TEST(DaemonSolicitation, its_rule_meets_no_other_datagram) {
  const nft::Table table = solicitation_table();
  EXPECT_TRUE(table.fleeting);
  EXPECT_EQ(table.owner, "") << "it is not to be found by who looks for the daemon's own";
  ASSERT_EQ(table.chains.size(), 1u);
  ASSERT_EQ(table.chains[0].rules.size(), 1u);
  const auto said = nft::words(table.chains[0].rules[0]);
  EXPECT_THAT(said, testing::IsSupersetOf({std::string("== ff020000000000000000000000000002"),
                                           std::string("== ff"), std::string("== 11"), std::string("== 8500"),
                                           std::string("payload 2 4+4 := 00000000"),
                                           std::string("payload 1 6+1 := 3a")}));
}

}  // namespace
}  // namespace ipxlat
