// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <set>

#include "kmod/core/map.h"
#include "kmod/core/map_bits.h"
#include "lib/address.h"
#include "lib/core_config.h"

namespace ipxlat::test {
namespace {

MapEntry entry(const char* prefix4, const char* prefix6) {
  return {parse_prefix4(prefix4), parse_prefix6(prefix6)};
}

std::string to6(const ipxlat_map& map, const std::string& address) {
  in_addr in = parse_address4(address);
  in6_addr out{};
  const ipxlat_map_entry* found = ipxlat_map_find4(&map, in.s_addr);
  if (!found) return "none";
  ipxlat_map_entry_to6(found, in.s_addr, &out);
  return to_string(out);
}

std::string to4(const ipxlat_map& map, const std::string& address) {
  in6_addr in = parse_address6(address);
  const ipxlat_map_entry* found = ipxlat_map_find6(&map, &in);
  return found ? to_string(in_addr{ipxlat_map_entry_to4(found, &in)}) : "none";
}

// RFC 7757 figure 1
CoreConfig figure1() {
  return CoreConfig(
      {{},
       {entry("192.0.2.1/32", "2001:db8:aaaa::/128"), entry("192.0.2.2/32", "2001:db8:bbbb::b/128"),
        entry("192.0.2.16/28", "2001:db8:cccc::/124"), entry("192.0.2.128/26", "2001:db8:dddd::/64"),
        entry("192.0.2.192/29", "2001:db8:eeee:8::/62"), entry("192.0.2.224/31", "64:ff9b::/127")}});
}

TEST(CoreMap, Figure1OfRfc7757BothWays) {
  constexpr const char* kRows[][2] = {
      {"192.0.2.1", "2001:db8:aaaa::"},
      {"192.0.2.2", "2001:db8:bbbb::b"},
      {"192.0.2.16", "2001:db8:cccc::"},
      {"192.0.2.24", "2001:db8:cccc::8"},
      {"192.0.2.31", "2001:db8:cccc::f"},
      {"192.0.2.128", "2001:db8:dddd::"},
      {"192.0.2.152", "2001:db8:dddd:0:6000::"},
      {"192.0.2.183", "2001:db8:dddd:0:dc00::"},
      {"192.0.2.191", "2001:db8:dddd:0:fc00::"},
      {"192.0.2.195", "2001:db8:eeee:9:8000::"},
      {"192.0.2.225", "64:ff9b::1"},
      {"192.0.2.224", "64:ff9b::"},
      {"192.0.2.199", "2001:db8:eeee:b:8000::"},
      {"192.0.2.198", "2001:db8:eeee:b::"},
  };
  CoreConfig config = figure1();
  for (const auto& row : kRows) {
    EXPECT_EQ(to6(config.map(), row[0]), row[1]);
    EXPECT_EQ(to4(config.map(), row[1]), row[0]);
  }
}

TEST(CoreMap, WhatIsInNoEntryIsNotFound) {
  CoreConfig config = figure1();
  for (const char* address : {"192.0.2.0", "192.0.2.3", "192.0.2.15", "192.0.2.32", "192.0.2.127",
                              "192.0.2.200", "192.0.2.223", "192.0.2.226", "0.0.0.0", "255.255.255.255"})
    EXPECT_EQ(to6(config.map(), address), "none") << address;
  for (const char* address :
       {"2001:db8:aaaa::1", "2001:db8:cccc::10", "2001:db8:eeee:c::", "2001:db8:eeee:7:ffff::", "64:ff9b::2",
        "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"})
    EXPECT_EQ(to4(config.map(), address), "none") << address;
}

TEST(CoreMap, BitsBehindTheSuffixAreIgnored) {
  CoreConfig config = figure1();
  EXPECT_EQ(to4(config.map(), "2001:db8:dddd:0:6000::1"), "192.0.2.152");
  EXPECT_EQ(to4(config.map(), "2001:db8:dddd:0:6000:ffff:ffff:ffff"), "192.0.2.152");
  EXPECT_EQ(to4(config.map(), "2001:db8:eeee:a::"), "192.0.2.196");
}

bool meets(const std::string& prefix, const CoreConfig& config) {
  Prefix6 text = parse_prefix6(prefix);
  ipxlat_prefix6 core{text.address, text.length};
  return ipxlat_map_meets6(&config.get().map, &core);
}

TEST(CoreMap, MeetsAPrefixThatHasAnAddressInCommonWithAnEntry) {
  CoreConfig config = figure1();
  EXPECT_TRUE(meets("2001:db8:dddd::/64", config));    // the same
  EXPECT_TRUE(meets("2001:db8::/32", config));         // around entries
  EXPECT_TRUE(meets("64:ff9b::/96", config));          // around the first
  EXPECT_TRUE(meets("2001:db8:eeee:9::/96", config));  // in the last
  EXPECT_TRUE(meets("2001:db8:cccc::8/128", config));
  EXPECT_FALSE(meets("::/96", config));           // before all
  EXPECT_FALSE(meets("3fff::/64", config));       // behind all
  EXPECT_FALSE(meets("64:ff9b:1::/96", config));  // between two
  EXPECT_FALSE(meets("2001:db8:dddd:1::/64", config));
  EXPECT_FALSE(meets("2001:db8:cccc::10/124", config));
  EXPECT_FALSE(meets("2001:db8:eeee:c::/62", config));
  EXPECT_FALSE(meets("2001:db8::/32", CoreConfig{{}}));
}

TEST(CoreMap, AnEmptyMapFindsNothing) {
  CoreConfig config(DeviceConfig{});
  EXPECT_EQ(to6(config.map(), "192.0.2.1"), "none");
  EXPECT_EQ(to4(config.map(), "2001:db8::"), "none");
}

TEST(CoreMap, AWholeFamilyMayBeMapped) {
  CoreConfig config(
      {{}, {entry("0.0.0.0/0", "2001:db8:ff00::/40"), entry("198.51.100.64/32", "2001:db8::abcd/128")}});
  EXPECT_EQ(to6(config.map(), "198.51.100.65"), "2001:db8:ffc6:3364:4100::");
  EXPECT_EQ(to6(config.map(), "198.51.100.64"), "2001:db8::abcd");
  EXPECT_EQ(to4(config.map(), "2001:db8:ffc6:3364:4000::"), "198.51.100.64");
  EXPECT_EQ(to6(config.map(), "255.255.255.255"), "2001:db8:ffff:ffff:ff00::");
}

TEST(CoreMap, NestedPrefixesGiveTheLongestMatch) {
  CoreConfig config({{},
                     {entry("10.0.0.0/8", "2001:db8:1::/104"), entry("10.1.0.0/16", "2001:db8:2::/112"),
                      entry("10.1.1.0/24", "2001:db8:3::/120"), entry("10.1.1.1/32", "2001:db8:4::/128")}});
  EXPECT_EQ(to6(config.map(), "10.1.1.1"), "2001:db8:4::");
  EXPECT_EQ(to6(config.map(), "10.1.1.2"), "2001:db8:3::2");
  EXPECT_EQ(to6(config.map(), "10.1.1.0"), "2001:db8:3::");
  EXPECT_EQ(to6(config.map(), "10.1.2.2"), "2001:db8:2::202");
  EXPECT_EQ(to6(config.map(), "10.2.0.0"), "2001:db8:1::2:0");
  EXPECT_EQ(to6(config.map(), "10.255.255.255"), "2001:db8:1::ff:ffff");
  EXPECT_EQ(to6(config.map(), "11.0.0.0"), "none");
}

bool allowed(const char* prefix4, const char* prefix6) {
  ipxlat_map_entry core = core_entry(entry(prefix4, prefix6));
  return !ipxlat_map_entry_refusal(&core);
}

TEST(CoreMap, TheIpv6SuffixIsAsLongAsTheIpv4Suffix) {
  EXPECT_FALSE(allowed("192.0.2.0/24", "2001:db8::/121"));
  EXPECT_TRUE(allowed("192.0.2.0/24", "2001:db8::/120"));
  EXPECT_TRUE(allowed("0.0.0.0/0", "2001:db8::/96"));
  EXPECT_FALSE(allowed("0.0.0.0/0", "2001:db8::/97"));
  EXPECT_TRUE(allowed("192.0.2.1/32", "2001:db8::/32"));
}

TEST(CoreMap, EntriesThatMayNotBe) {
  EXPECT_FALSE(allowed("192.0.2.17/28", "2001:db8::/64")) << "IPv4 host bits";
  EXPECT_FALSE(allowed("192.0.2.16/28", "2001:db8::1/64")) << "IPv6 host bits";
  for (const char* prefix4 : {"127.0.0.0/8", "127.0.0.1/32", "0.0.0.0/8", "0.0.0.0/32", "224.0.0.0/4",
                              "239.0.0.1/32", "169.254.0.0/16", "169.254.1.1/32", "255.255.255.255/32",
                              "0.128.0.0/9", "127.128.0.0/9", "232.0.0.0/5", "169.254.128.0/17"})
    EXPECT_FALSE(allowed(prefix4, "2001:db8::/64")) << prefix4;
  for (const char* prefix6 : {"ff00::/64", "fe80::/64", "::1/128", "::/128", "::ffff:192.0.2.1/128"})
    EXPECT_FALSE(allowed("192.0.2.1/32", prefix6)) << prefix6;
}

TEST(CoreMap, WhatMerelyContainsOrBordersOnAddressesThatMayNotBeIsAllowed) {
  for (const char* prefix4 :
       {"0.0.0.0/7", "1.0.0.0/8", "126.0.0.0/7", "128.0.0.0/8", "224.0.0.0/3", "208.0.0.0/4", "240.0.0.0/4",
        "169.254.0.0/15", "169.253.0.0/16", "169.255.0.0/16", "255.255.255.254/31", "255.255.255.254/32"})
    EXPECT_TRUE(allowed(prefix4, "2001:db8::/64")) << prefix4;
}

std::optional<u32> blamed(const std::vector<MapEntry>& map) {
  std::vector<ipxlat_map_entry> entries;
  for (const MapEntry& one : map) entries.push_back(core_entry(one, static_cast<u32>(entries.size())));
  auto count = static_cast<u32>(entries.size());
  std::vector<uint64_t> memory(ipxlat_map_size(count) / 8 + 1);
  ipxlat_map built{};
  u32 blame = 0;
  if (!ipxlat_map_build(&built, memory.data(), entries.data(), count, &blame)) return {};
  return blame;
}

TEST(CoreMap, TheLaterOfTwoEqualPrefixesIsToBlame) {
  MapEntry one = entry("192.0.2.1/32", "2001:db8::1/128");
  EXPECT_EQ(blamed({one}), std::nullopt);
  EXPECT_EQ(blamed({one, entry("192.0.2.9/32", "2001:db8::9/128"), entry("192.0.2.1/32", "2001:db8::2/128")}),
            2u);
  EXPECT_EQ(blamed({entry("192.0.2.9/32", "2001:db8::1/128"), one}), 1u);
  EXPECT_EQ(blamed({one, entry("192.0.2.0/24", "2001:db8::/96")}), std::nullopt) << "overlap is no conflict";
}

TEST(CoreMap, FindsAnEntryByBothItsPrefixes) {
  CoreConfig config = figure1();
  ipxlat_map_entry wanted = core_entry(entry("192.0.2.16/28", "2001:db8:cccc::/124"));
  ASSERT_NE(ipxlat_map_find_entry(&config.map(), &wanted), nullptr);
  for (const MapEntry& other :
       {entry("192.0.2.16/28", "2001:db8:cccc::/123"), entry("192.0.2.16/27", "2001:db8:cccc::/124"),
        entry("192.0.2.16/28", "2001:db8:dddd::/124"), entry("192.0.2.0/28", "2001:db8:cccc::/124")}) {
    ipxlat_map_entry core = core_entry(other);
    EXPECT_EQ(ipxlat_map_find_entry(&config.map(), &core), nullptr) << to_string(other);
  }
}

// Random nested prefixes of both families, none twice.
std::vector<MapEntry> random_map(std::mt19937& random, size_t size) {
  std::set<Prefix4> seen4;
  std::set<Prefix6> seen6;
  std::vector<MapEntry> map;
  while (map.size() < size) {
    MapEntry one;
    one.prefix4.length = static_cast<uint8_t>(12 + random() % 21);
    one.prefix4.address.s_addr = htonl(10u << 24 | (random() & 0xffffff));
    one.prefix6.length = static_cast<uint8_t>(40 + random() % (97 + one.prefix4.length - 40 - 1));
    one.prefix6.address = parse_address6("2001:db8::");
    for (size_t at = 4; at < 16; at++)
      one.prefix6.address.s6_addr[at] = static_cast<uint8_t>(random() % 3 * 0x55);
    one.prefix4 = masked(one.prefix4);
    one.prefix6 = masked(one.prefix6);
    if (seen4.contains(one.prefix4) || seen6.contains(one.prefix6)) continue;
    seen4.insert(one.prefix4);
    seen6.insert(one.prefix6);
    map.push_back(one);
  }
  return map;
}

// A map that changes as the kernel's does.
class ChangingMap {
 public:
  // The tags of removals and additions are their places in `del` and `add`.
  std::optional<std::string> change(const std::vector<MapEntry>& del, const std::vector<MapEntry>& add);

  const ipxlat_map& map() const { return map_; }
  u32 blame() const { return blame_; }

 private:
  static std::vector<ipxlat_map_entry> core_entries(const std::vector<MapEntry>& map);

  std::vector<uint64_t> memory_;
  ipxlat_map map_{};
  u32 blame_ = 0;
};

std::vector<ipxlat_map_entry> ChangingMap::core_entries(const std::vector<MapEntry>& map) {
  std::vector<ipxlat_map_entry> entries;
  for (const MapEntry& one : map) entries.push_back(core_entry(one, static_cast<u32>(entries.size())));
  return entries;
}

std::optional<std::string> ChangingMap::change(const std::vector<MapEntry>& del,
                                               const std::vector<MapEntry>& add) {
  auto dels = core_entries(del), adds = core_entries(add);
  std::vector<u32> place(map_.count);
  if (const char* why =
          ipxlat_map_remove(&map_, place.data(), dels.data(), static_cast<u32>(dels.size()), &blame_))
    return why;
  u32 count = map_.count - static_cast<u32>(dels.size()) + static_cast<u32>(adds.size());
  std::vector<uint64_t> memory(ipxlat_map_size(count) / sizeof(uint64_t) + 1);
  ipxlat_map next{};
  if (const char* why = ipxlat_map_merge(&next, memory.data(), count, &map_, place.data(), adds.data(),
                                         static_cast<u32>(adds.size()), &blame_))
    return why;
  memory_ = std::move(memory);
  map_ = next;
  return {};
}

// All that a search reads.
std::string contents(const ipxlat_map& map) {
  std::string text;
  for (u32 i = 0; i < map.count; i++) {
    text += to_string(entry_of(map.entries[i])) + " " + std::to_string(map.keys4[i]) + " " +
            std::to_string(map.parents4[i]) + " " + std::to_string(map.keys6[i].high) + " " +
            std::to_string(map.keys6[i].low) + " " + std::to_string(map.links6[i].parent) + " " +
            std::to_string(map.links6[i].entry) + "\n";
  }
  return text;
}

TEST(CoreMap, AChangedMapIsTheMapThatWouldHaveBeenBuilt) {
  std::mt19937 random(6052);
  const std::vector<MapEntry> all = random_map(random, 400);
  std::set<size_t> there;
  ChangingMap changing;
  for (int round = 0; round < 200; round++) {
    std::vector<MapEntry> del, add, now;
    std::set<size_t> drawn;
    for (size_t draws = random() % (round % 10 ? 6 : 200); draws > 0; draws--)
      drawn.insert(random() % all.size());
    for (size_t one : drawn) {
      (there.contains(one) ? del : add).push_back(all[one]);
      if (!there.erase(one)) there.insert(one);
    }
    std::shuffle(add.begin(), add.end(), random);
    std::shuffle(del.begin(), del.end(), random);
    ASSERT_EQ(changing.change(del, add), std::nullopt);
    for (size_t one : there) now.push_back(all[one]);
    CoreConfig built({{}, now});
    ASSERT_EQ(changing.map().count, now.size());
    ASSERT_EQ(contents(changing.map()), contents(built.map()));
  }
}

TEST(CoreMap, AnEntryIsRemovedOnceAndOnlyIfItIsThere) {
  ChangingMap map;
  MapEntry one = entry("192.0.2.1/32", "2001:db8::1/128"), two = entry("192.0.2.2/32", "2001:db8::2/128");
  ASSERT_EQ(map.change({}, {two, one}), std::nullopt);
  const std::string there = contents(map.map());
  for (const std::vector<MapEntry>& del :
       {std::vector{one, two, one}, std::vector{one, two, entry("192.0.2.3/32", "2001:db8::3/128")},
        std::vector{one, two, entry("192.0.2.1/32", "2001:db8::2/128")}}) {
    EXPECT_EQ(map.change(del, {}), "local-map: there is no such entry to remove");
    EXPECT_EQ(map.blame(), 2u);
    EXPECT_EQ(contents(map.map()), there);
  }
  EXPECT_EQ(map.change({one, two}, {one}), std::nullopt) << "what goes makes room for what comes";
  EXPECT_EQ(map.map().count, 1u);
}

TEST(CoreMap, AnAdditionThatIsThereAlreadyIsToBlame) {
  ChangingMap map;
  ASSERT_EQ(
      map.change({}, {entry("192.0.2.1/32", "2001:db8::1/128"), entry("192.0.2.2/32", "2001:db8::2/128"),
                      entry("192.0.2.3/32", "2001:db8::3/128")}),
      std::nullopt);
  EXPECT_EQ(
      map.change({}, {entry("192.0.2.9/32", "2001:db8::9/128"), entry("192.0.2.1/32", "2001:db8::8/128")}),
      "local-map: this IPv4 prefix is in the map already");
  EXPECT_EQ(map.blame(), 1u) << "not what was there, whatever its tag was once";
  EXPECT_EQ(
      map.change({}, {entry("192.0.2.9/32", "2001:db8::9/128"), entry("192.0.2.8/32", "2001:db8::3/128")}),
      "local-map: this IPv6 prefix is in the map already");
  EXPECT_EQ(map.blame(), 1u);
}

template <class Prefix, class Address>
const MapEntry* longest(const std::vector<MapEntry>& map, const Address& address, Prefix MapEntry::* prefix) {
  const MapEntry* best = nullptr;
  for (const MapEntry& one : map)
    if (contains(one.*prefix, address) && (!best || (one.*prefix).length > (best->*prefix).length))
      best = &one;
  return best;
}

TEST(CoreMap, AgreesWithANaiveLongestMatchOnHundredThousandEntries) {
  std::mt19937 random(7757);
  std::vector<MapEntry> map = random_map(random, 100000);
  CoreConfig config({{}, map});
  for (int round = 0; round < 100; round++) {
    // half of them in an entry, half anywhere near
    const MapEntry& near = map[random() % map.size()];
    in_addr address4{round % 2 ? near.prefix4.address.s_addr : htonl(10u << 24 | (random() & 0xffffff))};
    in6_addr address6 = near.prefix6.address;
    if (round % 2) address6.s6_addr[12] ^= static_cast<uint8_t>(random());

    const MapEntry* expected = longest(map, address4, &MapEntry::prefix4);
    const ipxlat_map_entry* found = ipxlat_map_find4(&config.map(), address4.s_addr);
    ASSERT_EQ(found != nullptr, expected != nullptr);
    if (found) {
      ASSERT_EQ(found->tag, static_cast<u32>(expected - map.data()));
      in6_addr there{};
      ipxlat_map_entry_to6(found, address4.s_addr, &there);
      ASSERT_TRUE(contains(expected->prefix6, there));
      ASSERT_EQ(ipxlat_map_entry_to4(found, &there), address4.s_addr);
    }
    expected = longest(map, address6, &MapEntry::prefix6);
    found = ipxlat_map_find6(&config.map(), &address6);
    ASSERT_EQ(found != nullptr, expected != nullptr);
    if (found) {
      ASSERT_EQ(found->tag, static_cast<u32>(expected - map.data()));
      ASSERT_TRUE(contains(expected->prefix4, in_addr{ipxlat_map_entry_to4(found, &address6)}));
    }
  }
}

TEST(CoreMap, EverySuffixStandsRightBehindEveryPrefix) {
  for (int length4 = 0; length4 <= 32; length4++) {
    for (int length6 = 16; length6 <= 96 + length4; length6++) {
      MapEntry one = entry("0.0.0.0/0", "2001::/16");
      one.prefix4.length = static_cast<uint8_t>(length4);
      one.prefix6.length = static_cast<uint8_t>(length6);
      ipxlat_map_entry core = core_entry(one);
      in6_addr out{};
      ipxlat_map_entry_to6(&core, 0xffffffff, &out);
      for (int bit = 16; bit < 128; bit++) {
        bool suffix = bit >= length6 && bit < length6 + 32 - length4;
        ASSERT_EQ((out.s6_addr[bit / 8] >> (7 - bit % 8)) & 1, suffix)
            << length4 << " " << length6 << " " << bit;
      }
      ASSERT_EQ(ipxlat_map_entry_to4(&core, &out), htonl(length4 == 32 ? 0 : ~0u >> length4));
    }
  }
}

}  // namespace
}  // namespace ipxlat::test
