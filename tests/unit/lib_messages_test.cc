// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <linux/genetlink.h>

#include <cerrno>

#include "lib/attributes.h"
#include "lib/messages.h"

namespace ipxlat {
namespace {

constexpr uint16_t kFamily = 0x23;

template <class T>
std::span<const uint8_t> bytes_of(const T& value) {
  return {reinterpret_cast<const uint8_t*>(&value), sizeof value};
}

std::vector<uint16_t> types_of(const std::vector<Attribute>& attributes) {
  std::vector<uint16_t> types;
  for (const Attribute& attribute : attributes) types.push_back(attribute.type());
  return types;
}

MapEntry entry(const char* prefix4, const char* prefix6) {
  return {parse_prefix4(prefix4), parse_prefix6(prefix6)};
}

genlmsghdr generic_header(const Message& message) {
  genlmsghdr header;
  std::memcpy(&header, reinterpret_cast<const char*>(message.header()) + NLMSG_HDRLEN, sizeof header);
  return header;
}

void put_entry(Message& message, uint16_t type, const MapEntry& each) {
  size_t nest = message.begin_nest(type);
  message.put(IPXLAT_A_MAP_ADDRESS4, bytes_of(each.prefix4.address));
  message.put_u8(IPXLAT_A_MAP_LENGTH4, each.prefix4.length);
  message.put(IPXLAT_A_MAP_ADDRESS6, bytes_of(each.prefix6.address));
  message.put_u8(IPXLAT_A_MAP_LENGTH6, each.prefix6.length);
  message.end_nest(nest);
}

// A DEV_GET answer as the kernel writes it, without the attribute `left_out`.
Message device_answer(uint16_t left_out = IPXLAT_A_UNSPEC) {
  Message answer(kFamily, IPXLAT_CMD_DEV_GET, 1);
  auto wanted = [left_out](uint16_t type) { return type != left_out; };
  if (wanted(IPXLAT_A_IFINDEX)) answer.put_u32(IPXLAT_A_IFINDEX, 7);
  if (wanted(IPXLAT_A_IFNAME)) answer.put_string(IPXLAT_A_IFNAME, "siit0");
  if (wanted(IPXLAT_A_CONFIGURED)) answer.put_flag(IPXLAT_A_CONFIGURED);
  if (wanted(IPXLAT_A_REMOTE_PREFIX6)) {
    size_t nest = answer.begin_nest(IPXLAT_A_REMOTE_PREFIX6);
    answer.put(IPXLAT_A_PREFIX6_ADDRESS, bytes_of(parse_address6("64:ff9b::")));
    answer.put_u8(IPXLAT_A_PREFIX6_LENGTH, 96);
    answer.end_nest(nest);
  }
  if (wanted(IPXLAT_A_LOWEST_IPV6_MTU)) answer.put_u32(IPXLAT_A_LOWEST_IPV6_MTU, 1400);
  if (wanted(IPXLAT_A_ICMP_SOURCE4)) answer.put(IPXLAT_A_ICMP_SOURCE4, bytes_of(parse_address4("192.0.0.8")));
  if (wanted(IPXLAT_A_UDP_ZERO_CHECKSUM)) answer.put_u32(IPXLAT_A_UDP_ZERO_CHECKSUM, IPXLAT_UDP_ZERO_DROP);
  if (wanted(IPXLAT_A_MAP_ENTRIES)) answer.put_u32(IPXLAT_A_MAP_ENTRIES, 3);
  return answer;
}

TEST(Request, AsksForOneDeviceByNameAndForAllByADump) {
  Message one = make_device_get(kFamily, "siit0");
  EXPECT_EQ(one.header()->nlmsg_type, kFamily);
  EXPECT_EQ(one.header()->nlmsg_len, one.size());
  EXPECT_EQ(one.header()->nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK);
  EXPECT_EQ(generic_header(one).cmd, IPXLAT_CMD_DEV_GET);
  EXPECT_EQ(generic_header(one).version, IPXLAT_GENL_VERSION);
  auto attributes = parse_attributes(one.header());
  EXPECT_THAT(types_of(attributes), testing::ElementsAre(IPXLAT_A_IFNAME));
  EXPECT_EQ(attributes[0].as_string(), "siit0");

  Message all = make_device_get(kFamily, "");
  EXPECT_TRUE(all.is_dump());
  EXPECT_THAT(parse_attributes(all.header()), testing::IsEmpty());
}

TEST(Request, MapIsAlwaysADumpAndStatsOnlyForAll) {
  EXPECT_TRUE(make_map_get(kFamily, "siit0").is_dump());
  EXPECT_EQ(generic_header(make_map_get(kFamily, "siit0")).cmd, IPXLAT_CMD_MAP_GET);
  EXPECT_FALSE(make_stats_get(kFamily, "siit0").is_dump());
  EXPECT_TRUE(make_stats_get(kFamily, "").is_dump());
  EXPECT_EQ(generic_header(make_stats_get(kFamily, "")).cmd, IPXLAT_CMD_STATS_GET);
}

TEST(Request, AnEmptyChangeCarriesOnlyTheName) {
  Message message = make_device_set(kFamily, "siit0", {});
  EXPECT_EQ(generic_header(message).cmd, IPXLAT_CMD_DEV_SET);
  EXPECT_THAT(types_of(parse_attributes(message.header())), testing::ElementsAre(IPXLAT_A_IFNAME));
}

TEST(Request, AChangeCarriesEverySettingThatItHas) {
  Change change;
  change.remote_prefix6 = parse_prefix6("64:ff9b::/96");
  change.lowest_ipv6_mtu = 1400;
  change.icmp_source4 = parse_address4("192.0.2.1");
  change.udp_zero_checksum = UdpZeroChecksum::kForward;
  change.map_flush = true;
  change.map_del = {entry("10.0.0.0/8", "2001:db8::/104")};
  change.map_add = {entry("192.0.0.1/32", "2001:db8::1/128"), entry("192.0.0.2/31", "2001:db8::2/127")};
  Message message = make_device_set(kFamily, "siit0", change);
  auto attributes = parse_attributes(message.header());
  EXPECT_THAT(types_of(attributes),
              testing::ElementsAre(IPXLAT_A_IFNAME, IPXLAT_A_REMOTE_PREFIX6, IPXLAT_A_LOWEST_IPV6_MTU,
                                   IPXLAT_A_ICMP_SOURCE4, IPXLAT_A_UDP_ZERO_CHECKSUM, IPXLAT_A_MAP_FLUSH,
                                   IPXLAT_A_MAP_DEL, IPXLAT_A_MAP_ADD, IPXLAT_A_MAP_ADD));
  auto prefix = attributes[1].nested();
  EXPECT_EQ(to_string(prefix.at(0).as<in6_addr>()), "64:ff9b::");
  EXPECT_EQ(prefix.at(1).as<uint8_t>(), 96);
  EXPECT_EQ(attributes[2].as<uint32_t>(), 1400u);
  EXPECT_EQ(to_string(attributes[3].as<in_addr>()), "192.0.2.1");
  EXPECT_EQ(attributes[4].as<uint32_t>(), uint32_t{IPXLAT_UDP_ZERO_FORWARD});
  auto added = attributes[8].nested();
  EXPECT_EQ(to_string(added.at(0).as<in_addr>()), "192.0.0.2");
  EXPECT_EQ(added.at(1).as<uint8_t>(), 31);
  EXPECT_EQ(to_string(added.at(2).as<in6_addr>()), "2001:db8::2");
  EXPECT_EQ(added.at(3).as<uint8_t>(), 127);
}

TEST(Request, NestsAreMarkedAsTheKernelsStrictValidationWants) {
  Change change;
  change.unset_remote_prefix6 = true;
  Message message = make_device_set(kFamily, "a", change);
  const auto* bytes = reinterpret_cast<const char*>(message.header());
  nlattr nest;
  std::memcpy(&nest, bytes + message.size() - sizeof nest, sizeof nest);
  EXPECT_EQ(nest.nla_type, IPXLAT_A_REMOTE_PREFIX6 | NLA_F_NESTED);
  EXPECT_EQ(nest.nla_len, NLA_HDRLEN);  // an empty nest unsets
}

TEST(Request, AMapOfAHundredThousandEntriesIsOneMessage) {
  Change change;
  change.map_flush = true;
  for (uint32_t i = 0; i < 100000; ++i) {
    MapEntry each = entry("0.0.0.0/32", "2001:db8::/128");
    each.prefix4.address.s_addr = htonl(i);
    change.map_add.push_back(each);
  }
  Message message = make_device_set(kFamily, "siit0", change);
  EXPECT_EQ(message.header()->nlmsg_len, message.size());
  auto attributes = parse_attributes(message.header());
  ASSERT_EQ(attributes.size(), 100002u);
  EXPECT_EQ(attributes.back().nested().at(0).as<uint32_t>(), htonl(99999));
}

TEST(Request, AnOffsetNamesTheEntryToBlame) {
  Change change;
  change.lowest_ipv6_mtu = 1280;
  change.map_del = {entry("10.0.0.0/8", "2001:db8::/104")};
  change.map_add = {entry("192.0.0.1/32", "2001:db8::1/128"), entry("192.0.0.2/32", "2001:db8::2/128")};
  Message message = make_device_set(kFamily, "siit0", change);
  auto attributes = parse_attributes(message.header());
  const auto* start = reinterpret_cast<const uint8_t*>(message.header());
  auto offset = [&](size_t index) { return static_cast<size_t>(attributes.at(index).begin() - start); };
  EXPECT_EQ(map_add_at(message, offset(1)), std::nullopt);  // lowest-ipv6-mtu
  EXPECT_EQ(map_add_at(message, offset(2)), std::nullopt);  // the entry to remove
  EXPECT_EQ(map_add_at(message, offset(3)), 0u);
  EXPECT_EQ(map_add_at(message, offset(4) - 1), 0u);
  EXPECT_EQ(map_add_at(message, offset(4)), 1u);
  EXPECT_EQ(map_add_at(message, offset(4) + 20), 1u);  // within the nest
  EXPECT_EQ(map_add_at(message, message.size()), std::nullopt);
  EXPECT_EQ(map_add_at(message, 0), std::nullopt);
}

TEST(Answer, ADeviceIsRead) {
  auto device = parse_device(device_answer().header());
  ASSERT_TRUE(device) << device.error().text;
  EXPECT_EQ(device->ifindex, 7u);
  EXPECT_EQ(device->ifname, "siit0");
  EXPECT_TRUE(device->configured);
  EXPECT_EQ(device->settings.remote_prefix6, parse_prefix6("64:ff9b::/96"));
  EXPECT_EQ(device->settings.lowest_ipv6_mtu, 1400u);
  EXPECT_EQ(to_string(device->settings.icmp_source4), "192.0.0.8");
  EXPECT_EQ(device->settings.udp_zero_checksum, UdpZeroChecksum::kDrop);
  EXPECT_EQ(device->map_entries, 3u);
}

TEST(Answer, OnlyTheFlagAndThePrefixMayBeAbsent) {
  EXPECT_FALSE(parse_device(device_answer(IPXLAT_A_CONFIGURED).header())->configured);
  EXPECT_EQ(parse_device(device_answer(IPXLAT_A_REMOTE_PREFIX6).header())->settings.remote_prefix6,
            std::nullopt);
  for (uint16_t type : {IPXLAT_A_IFINDEX, IPXLAT_A_IFNAME, IPXLAT_A_LOWEST_IPV6_MTU, IPXLAT_A_ICMP_SOURCE4,
                        IPXLAT_A_UDP_ZERO_CHECKSUM, IPXLAT_A_MAP_ENTRIES}) {
    auto device = parse_device(device_answer(type).header());
    ASSERT_FALSE(device) << type;
    EXPECT_EQ(device.error().code, EBADMSG);
    EXPECT_THAT(device.error().text, testing::EndsWith("is missing"));
  }
}

TEST(Answer, AttributesOfALaterKernelAreSkipped) {
  Message answer = device_answer();
  answer.put_u32(IPXLAT_A_MAX + 1, 1);
  EXPECT_TRUE(parse_device(answer.header()));
}

TEST(Answer, AWrongLengthIsRefused) {
  Message answer = device_answer(IPXLAT_A_LOWEST_IPV6_MTU);
  answer.put_u8(IPXLAT_A_LOWEST_IPV6_MTU, 1);
  auto device = parse_device(answer.header());
  ASSERT_FALSE(device);
  EXPECT_THAT(device.error().text, testing::HasSubstr("has 1 bytes and not 4"));
}

TEST(Answer, AStringWithoutAnEndIsRefused) {
  Message answer = device_answer(IPXLAT_A_IFNAME);
  const uint8_t name[] = {'a', 'b', 'c'};
  answer.put(IPXLAT_A_IFNAME, name);
  auto device = parse_device(answer.header());
  ASSERT_FALSE(device);
  EXPECT_THAT(device.error().text, testing::HasSubstr("has no end"));
}

TEST(Answer, NoPrefixOfAnyMessageIsReadPastItsEnd) {
  Message whole = device_answer();
  for (uint32_t length = 0; length < whole.size(); ++length) {
    // a copy of its own size, so that the sanitizer sees a byte read behind it
    std::vector<uint8_t> cut(std::max<size_t>(length, NLMSG_HDRLEN));
    std::memcpy(cut.data(), whole.header(), cut.size());
    auto* header = reinterpret_cast<nlmsghdr*>(cut.data());
    header->nlmsg_len = length;
    EXPECT_FALSE(parse_device(header)) << length;
  }
  EXPECT_TRUE(parse_device(whole.header()));
}

TEST(Answer, AnAttributeThatClaimsMoreThanThereIsIsRefused) {
  Message answer = device_answer();
  auto* bytes = reinterpret_cast<uint8_t*>(answer.header()) + NLMSG_HDRLEN + GENL_HDRLEN;
  nlattr first;
  std::memcpy(&first, bytes, sizeof first);
  for (uint16_t length : {0, 3, 0xffff}) {
    first.nla_len = length;
    std::memcpy(bytes, &first, sizeof first);
    auto device = parse_device(answer.header());
    ASSERT_FALSE(device) << length;
    EXPECT_THAT(device.error().text, testing::HasSubstr("longer than what it is in"));
  }
}

TEST(Answer, APartOfAMapIsRead) {
  Message answer(kFamily, IPXLAT_CMD_MAP_GET, 1, NLM_F_MULTI);
  answer.put_u32(IPXLAT_A_IFINDEX, 7);
  auto first = entry("192.0.2.16/28", "2001:db8:cccc::/124");
  auto second = entry("192.0.2.128/26", "2001:db8:dddd::/64");
  put_entry(answer, IPXLAT_A_MAP_ENTRY, first);
  put_entry(answer, IPXLAT_A_MAP_ENTRY, second);
  auto part = parse_map_part(answer.header());
  ASSERT_TRUE(part) << part.error().text;
  EXPECT_EQ(part->ifindex, 7u);
  EXPECT_THAT(part->entries, testing::ElementsAre(first, second));
}

TEST(Answer, AMapEntryWithAnImpossibleLengthIsRefused) {
  for (auto [length4, length6] : {std::pair{33, 128}, std::pair{32, 129}}) {
    Message answer(kFamily, IPXLAT_CMD_MAP_GET, 1);
    answer.put_u32(IPXLAT_A_IFINDEX, 7);
    MapEntry wrong;
    wrong.prefix4.length = static_cast<uint8_t>(length4);
    wrong.prefix6.length = static_cast<uint8_t>(length6);
    put_entry(answer, IPXLAT_A_MAP_ENTRY, wrong);
    auto part = parse_map_part(answer.header());
    ASSERT_FALSE(part);
    EXPECT_THAT(part.error().text, testing::HasSubstr("a prefix length is"));
  }
}

void put_traffic(Message& answer, uint16_t type, uint64_t first) {
  size_t nest = answer.begin_nest(type);
  for (uint16_t counter : {IPXLAT_A_TRAFFIC_PACKETS_IN, IPXLAT_A_TRAFFIC_BYTES_IN,
                           IPXLAT_A_TRAFFIC_PACKETS_OUT, IPXLAT_A_TRAFFIC_BYTES_OUT}) {
    answer.put(counter, bytes_of(first));
    first++;
  }
  answer.end_nest(nest);
}

TEST(Answer, CountersAreReadThoseOfALaterKernelToo) {
  Message answer(kFamily, IPXLAT_CMD_STATS_GET, 1);
  answer.put_u32(IPXLAT_A_IFINDEX, 7);
  answer.put_string(IPXLAT_A_IFNAME, "siit0");
  put_traffic(answer, IPXLAT_A_TRAFFIC_TO_V4, 40);
  put_traffic(answer, IPXLAT_A_TRAFFIC_TO_V6, 60);
  auto put = [&](uint32_t id, const char* name, uint64_t to_v4, uint64_t to_v6) {
    const uint64_t both = to_v4 + to_v6;
    size_t nest = answer.begin_nest(IPXLAT_A_STATS_REASON);
    answer.put_u32(IPXLAT_A_STATS_ID, id);
    answer.put_string(IPXLAT_A_STATS_NAME, name);
    answer.put(IPXLAT_A_STATS_PAD, {});
    answer.put(IPXLAT_A_STATS_PACKETS, bytes_of(both));
    if (id != IPXLAT_REASON_NOT_IP) {
      answer.put(IPXLAT_A_STATS_TO_V4, bytes_of(to_v4));
      answer.put(IPXLAT_A_STATS_TO_V6, bytes_of(to_v6));
    }
    answer.end_nest(nest);
  };
  put(IPXLAT_REASON_OK, "ok", 0x123456789aULL, 1);
  put(IPXLAT_REASON_NOT_IP, "not_ip", 2, 0);
  put(IPXLAT_REASON_MAX + 5, "brand_new", 1, 0);
  auto stats = parse_stats(answer.header());
  ASSERT_TRUE(stats) << stats.error().text;
  EXPECT_EQ(stats->ifname, "siit0");
  EXPECT_EQ(stats->to_v4.packets_in, 40u);
  EXPECT_EQ(stats->to_v4.bytes_out, 43u);
  EXPECT_EQ(stats->to_v6.bytes_in, 61u);
  EXPECT_EQ(stats->to_v6.packets_out, 62u);
  ASSERT_EQ(stats->reasons.size(), 3u);
  EXPECT_EQ(stats->reasons[0].packets, 0x123456789bULL);
  EXPECT_EQ(stats->reasons[0].to_v4, 0x123456789aULL);
  EXPECT_EQ(stats->reasons[0].to_v6, 1u);
  EXPECT_EQ(stats->reasons[1].packets, 2u);
  EXPECT_EQ(stats->reasons[1].to_v4, std::nullopt);
  EXPECT_EQ(stats->reasons[2].name, "brand_new");
  EXPECT_EQ(stats->reasons[2].id, uint32_t{IPXLAT_REASON_MAX} + 5);
}

}  // namespace
}  // namespace ipxlat
