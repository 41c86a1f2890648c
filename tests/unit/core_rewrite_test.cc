// SPDX-License-Identifier: GPL-2.0-only
// Properties of whole plans: there and back again, checksums left to the hardware, segments, any bytes.
#include <gtest/gtest.h>

#include <random>

#include "kmod/core/reason.h"
#include "lib/core_config.h"
#include "tests/packet/packet.h"
#include "tests/packet/plan.h"
#include "tests/packet/vector.h"

namespace ipxlat::test {
namespace {

CoreConfig config_of(const std::vector<std::string>& words) {
  DeviceConfig config;
  apply_change(config, parse_settings(words));
  return CoreConfig(config);
}

CoreConfig appendix_a() { return config_of({"remote-prefix6", "2001:db8:100::/40"}); }

Packet build(const std::string& text) {
  Words words({"core_rewrite_test", 0}, text);
  return build_packet(words, {});
}

std::string random_layers(std::mt19937& random) {
  auto port = [&] { return std::to_string(random() % 65536); };
  auto data = " / data " + std::to_string(random() % 1200);
  switch (random() % 5) {
    case 0:
      return "udp " + port() + " > " + port() + data;
    case 1:
      return "tcp " + port() + " > " + port() + " seq " + std::to_string(random()) + data;
    case 2:
      return "icmp " + std::string(random() % 2 ? "8" : "0") + " 0 id " + port() + " seq " + port() + data;
    case 3:
      return "dccp " + port() + " > " + port() + data;
    default:
      return "udplite " + port() + " > " + port() + data;
  }
}

std::string random_address4(std::mt19937& random) {
  return to_string(in_addr{htonl(0x0b000000 + random() % 0x70000000)});
}

Packet as_packet(const Bytes& bytes, Family family) { return {family, bytes, false}; }

TEST(CoreRewrite, WhatWentThereComesBackAsItWas) {
  std::mt19937 random(7915);
  CoreConfig config = appendix_a();
  for (int round = 0; round < 5000; round++) {
    std::string header = "ip4 " + random_address4(random) + " > " + random_address4(random) + " ttl " +
                         std::to_string(random() % 256) + " tos " + std::to_string(random() % 256);
    Packet in = build(header + " / " + random_layers(random));
    if (in.bytes.size() > 1260) continue;
    Translation there = translate(config.get(), {}, in, Readable::kOnDemand);
    ASSERT_EQ(there.reason, IPXLAT_REASON_OK) << header;
    ASSERT_EQ(there.packets.size(), 1u);
    Translation back =
        translate(config.get(), {}, as_packet(there.packets[0], Family::kIpv6), Readable::kOnDemand);
    ASSERT_EQ(back.reason, IPXLAT_REASON_OK) << header;
    ASSERT_EQ(difference({in}, back.packets), "");
  }
}

// the check field of TCP or UDP, from the start of the packet
size_t check_at(const Packet& packet) {
  size_t header = packet.family == Family::kIpv4 ? 20 : 40;
  return header + (packet.bytes[packet.family == Family::kIpv4 ? 9 : 6] == IPPROTO_TCP ? 16 : 6);
}

// what the sum of the pseudo-header alone is, as CHECKSUM_PARTIAL has it
uint16_t pseudo_sum(const Packet& packet) {
  bool four = packet.family == Family::kIpv4;
  size_t header = four ? 20 : 40;
  Bytes covered(packet.bytes.begin() + (four ? 12 : 8),
                packet.bytes.begin() + static_cast<std::ptrdiff_t>(header));
  size_t at = covered.size();
  covered.resize(at + 4);
  put16(covered, at, packet.bytes[four ? 9 : 6]);
  put16(covered, at + 2, static_cast<uint32_t>(packet.bytes.size() - header));
  return static_cast<uint16_t>(~checksum(covered));
}

void expect_partial_stays_partial(const CoreConfig& config, const std::string& from, const std::string& to) {
  Packet in = build(from), expected = build(to);
  put16(in.bytes, check_at(in), pseudo_sum(in));
  put16(expected.bytes, check_at(expected), pseudo_sum(expected));
  ipxlat_input input{};
  input.view.data = in.bytes.data();
  input.view.length = static_cast<u32>(in.bytes.size());
  input.partial = true;
  ipxlat_rewrite out;
  ASSERT_EQ(plan(config.get(), in.family, input, Readable::kOnDemand, out), IPXLAT_REASON_OK);
  ASSERT_EQ(out.patches, 1);
  ASSERT_FALSE(out.udp_compute);
  uint16_t actual = be16toh(out.patch[0].value);
  uint16_t wanted = get16(expected.bytes, check_at(expected));
  // both are sums that go on: 0 and 0xffff are the same there
  EXPECT_EQ(actual % 0xffff, wanted % 0xffff) << from;
}

TEST(CoreRewrite, AChecksumThatIsLeftToTheHardwareStaysThePseudoHeadersSum) {
  CoreConfig config = appendix_a();
  for (const char* layers :
       {"udp 1 > 2 / data 100", "tcp 1 > 2 / data 1200", "udp 1 > 2", "udp 7 > 9 / data 31"}) {
    std::string four = std::string("ip4 198.51.100.2 > 192.0.2.33 / ") + layers;
    std::string six = std::string("ip6 2001:db8:1c6:3364:2:: > 2001:db8:1c0:2:21:: / ") + layers;
    expect_partial_stays_partial(config, four, six);
    expect_partial_stays_partial(config, six, four);
  }
}

ipxlat_rewrite plan_gso(const CoreConfig& config, const std::string& text, u32 gso_size,
                        ipxlat_reason expected) {
  Packet in = build(text);
  ipxlat_input input{};
  input.view.data = in.bytes.data();
  input.view.length = static_cast<u32>(in.bytes.size());
  input.gso_size = gso_size;
  ipxlat_rewrite out;
  EXPECT_EQ(plan(config.get(), in.family, input, Readable::kOnDemand, out), expected) << text;
  return out;
}

TEST(CoreRewrite, DfAndSizeAreThoseOfOneSegment) {
  CoreConfig config = appendix_a();
  const std::string six = "ip6 2001:db8:1c6:3364:2:: > 2001:db8:1c0:2:21:: / ";
  auto df = [](const ipxlat_rewrite& out) { return (out.head[6] & 0x40) != 0; };
  EXPECT_TRUE(df(plan_gso(config, six + "tcp 1 > 2 / data 9000", 1221, IPXLAT_REASON_OK)));
  EXPECT_FALSE(df(plan_gso(config, six + "tcp 1 > 2 / data 9000", 1220, IPXLAT_REASON_OK)));
  EXPECT_TRUE(df(plan_gso(config, six + "tcp 1 > 2 options 01010101 / data 9000", 1217, IPXLAT_REASON_OK)));
  EXPECT_TRUE(df(plan_gso(config, six + "udp 1 > 2 / data 9000", 1233, IPXLAT_REASON_OK)));
  EXPECT_FALSE(df(plan_gso(config, six + "udp 1 > 2 / data 9000", 1232, IPXLAT_REASON_OK)));
  EXPECT_EQ(plan_gso(config, six + "udp 1 > 2 / data 9000", 1400, IPXLAT_REASON_OK).segment, 1408u);
  plan_gso(config,
           "ip6 2001:db8:1c6:3364:2:: > 2001:db8:1c0:2:21:: / fragment more id 5 / tcp 1 > 2 / data 8004",
           1220, IPXLAT_REASON_SEGMENTATION);
  plan_gso(config, "ip6 2001:db8:1c6:3364:2:: > 2001:db8:1c0:2:21:: next 132 / data 3000", 1400,
           IPXLAT_REASON_SEGMENTATION);
}

TEST(CoreRewrite, AnIdentificationIsChosenForWhatIsNoFragment) {
  CoreConfig config = appendix_a();
  const std::string ends = "ip6 2001:db8:1c6:3364:2:: > 2001:db8:1c0:2:21:: / ";
  for (const char* layers : {"udp 1 > 2 / data 2000", "udp 1 > 2", "icmp6 128 0"})
    EXPECT_TRUE(translate(config.get(), {}, build(ends + layers), Readable::kAll).plan.wants_id) << layers;
  for (const char* layers : {"fragment id 5 / udp 1 > 2", "fragment more id 5 / udp 1 > 2 / data 8"})
    EXPECT_FALSE(translate(config.get(), {}, build(ends + layers), Readable::kAll).plan.wants_id) << layers;
  EXPECT_FALSE(
      translate(config.get(), {}, build("ip4 1.2.3.4 > 5.6.7.8 / udp 1 > 2"), Readable::kAll).plan.wants_id);
}

// RFC 7915 5.1: the pointer of the answer is at Segments Left
TEST(CoreRewrite, ARoutingHeaderIsBlamedWhereItsSegmentsLeftAre) {
  CoreConfig config = appendix_a();
  const std::string ends = "ip6 2001:db8:1c6:3364:2:: > 2001:db8:1c0:2:21:: / ";
  auto pointer = [&](const std::string& layers) {
    auto translation = translate(config.get(), {}, build(ends + layers), Readable::kAll);
    EXPECT_EQ(translation.reason, IPXLAT_REASON_ROUTING_HEADER);
    return translation.plan.header.pointer;
  };
  EXPECT_EQ(pointer("routing left 1 / udp 1 > 2"), 43u);
  EXPECT_EQ(pointer("dest size 16 / routing left 1 / udp 1 > 2"), 59u);
}

// Packets with a few bytes changed, or cut: whatever they are, the plan fits them and reads nothing else.
TEST(CoreRewrite, AnyBytesGiveAPlanThatFitsOrAReason) {
  std::mt19937 random(4884);
  std::vector<Vector> vectors = read_vectors(IPXLAT_SOURCE_DIR "/tests/vectors");
  size_t translated = 0;
  for (int round = 0; round < 40000; round++) {
    const Vector& vector = vectors[random() % vectors.size()];
    if (vector.in.bytes.size() > 3000) continue;
    Packet packet = vector.in;
    for (size_t changes = random() % 4; changes > 0; changes--)
      packet.bytes[random() % std::min<size_t>(packet.bytes.size(), 120)] = static_cast<uint8_t>(random());
    if (random() % 4 == 0) packet.bytes.resize(random() % (packet.bytes.size() + 1));
    CoreConfig config(vector.config);
    Translation all = translate(config.get(), vector.links, packet, Readable::kAll);
    Translation demanded = translate(config.get(), vector.links, packet, Readable::kOnDemand);
    ASSERT_EQ(all.reason, demanded.reason) << hex(packet.bytes);
    ASSERT_EQ(all.packets, demanded.packets) << hex(packet.bytes);
    translated += all.reason == IPXLAT_REASON_OK;
  }
  EXPECT_GT(translated, 1000u);
}

}  // namespace
}  // namespace ipxlat::test
