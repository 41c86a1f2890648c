// SPDX-License-Identifier: GPL-2.0-only
// From the bytes of router advertisements to the prefixes that hold now, and the questions to routers
// between.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/icmp6.h>

#include <cstring>

#include "daemon/discovery/advertised_options.h"
#include "daemon/discovery/advertised_prefixes.h"
#include "daemon/discovery/advertised_resolvers.h"
#include "daemon/discovery/pref64_option.h"
#include "lib/bytes.h"
#include "tests/unit/daemon_learnt_words.h"

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

// RFC 4861 section 4.2
Bytes advertisement(const std::vector<Bytes>& options) {
  Bytes bytes(sizeof(nd_router_advert));
  bytes[0] = ND_ROUTER_ADVERT;
  for (const auto& one : options) bytes.insert(bytes.end(), one.begin(), one.end());
  return bytes;
}

std::string read_advertised(const Bytes& bytes) {
  std::string text;
  for (const auto& one : read_advertised_options(bytes)) {
    if (const auto* pref64 = std::get_if<Pref64Option>(&one)) text += to_string(pref64->prefix) + ";";
    if (const auto* resolvers = std::get_if<ResolverOption>(&one))
      for (const auto& address : resolvers->addresses) text += to_string(address) + ";";
  }
  return text;
}

const Bytes kPref64 = option(75 << 3, "64:ff9b::");
const Bytes kLinkAddress = {1, 1, 2, 0, 0, 0, 0, 1};

TEST(DaemonAdvertisedOptions, are_those_of_prefixes_and_resolvers_in_their_order) {
  EXPECT_EQ(read_advertised(advertisement({})), "");
  EXPECT_EQ(read_advertised(advertisement({kPref64})), "64:ff9b::/96;");
  EXPECT_EQ(read_advertised(advertisement({kLinkAddress, resolver_option(600, {"2001:db8::53"}), kLinkAddress,
                                           kPref64, option(75 << 3 | 5, "2001:db8::")})),
            "2001:db8::53;64:ff9b::/96;2001:db8::/32;");
  EXPECT_EQ(read_advertised(advertisement({option(75 << 3 | 7, "2001:db8::"), kPref64})), "64:ff9b::/96;")
      << "one that is not understood is passed over (RFC 8781 section 4)";
}

TEST(DaemonAdvertisedOptions, are_those_of_an_advertisement) {
  const Bytes whole = advertisement({kPref64});
  for (size_t length = 0; length < whole.size(); length++)
    EXPECT_EQ(read_advertised(Bytes(whole.begin(), whole.begin() + long(length))), "") << length;
  Bytes other = whole;
  other[0] = ND_ROUTER_SOLICIT;
  EXPECT_EQ(read_advertised(other), "");
  other = whole;
  other[1] = 1;
  EXPECT_EQ(read_advertised(other), "");
}

TEST(DaemonAdvertisedOptions, one_that_is_malformed_discards_all) {
  EXPECT_EQ(read_advertised(advertisement({kPref64, {1, 0, 0, 0, 0, 0, 0, 0}})), "") << "no length";
  EXPECT_EQ(read_advertised(advertisement({kPref64, {1, 2, 0, 0, 0, 0, 0, 0}})), "") << "too long";
  EXPECT_EQ(read_advertised(advertisement({kPref64, {1}})), "") << "no length byte";
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

}  // namespace
}  // namespace ipxlat
