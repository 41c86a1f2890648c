// SPDX-License-Identifier: GPL-2.0-only
// The parts of the data path fuzzer that need no kernel.
#include <gtest/gtest.h>

#include <set>

#include "tests/datapath/mutator.h"
#include "tests/datapath/offload.h"
#include "tests/datapath/ports.h"
#include "tests/datapath/shape.h"
#include "tests/datapath/witness.h"
#include "tests/packet/vector.h"

namespace ipxlat::test {
namespace {

Packet packet_of(const std::string& text) {
  Words words({"test", 1}, text);
  return build_packet(words, {});
}

const std::string kPackets[] = {
    "ip4 192.0.2.1 > 192.0.2.2 / udp 1 > 2 / data 33",
    "ip4 192.0.2.1 > 192.0.2.2 options 94040000 / tcp 1 > 2 / data 5",
    "ip4 192.0.2.1 > 192.0.2.2 / icmp 8 0 id 1 seq 2 / data 7",
    "ip6 2001:db8::1 > 2001:db8::2 / udp 1 > 2 / data 33",
    "ip6 2001:db8::1 > 2001:db8::2 / hbh / dest size 24 / tcp 1 > 2 / data 5",
    "ip6 2001:db8::1 > 2001:db8::2 / icmp6 128 0 id 1 seq 2 / data 7",
};

TEST(Repair, MakesRightWhatWasWrong) {
  for (const std::string& text : kPackets) {
    const Packet right = packet_of(text);
    Packet packet = right;
    std::optional<Shape> shape = shape_of(packet.bytes);
    ASSERT_TRUE(shape) << text;
    packet.bytes[shape->transport + *check_at(shape->protocol)] ^= 0x55;
    if (packet.family == Family::kIpv4) packet.bytes[10] ^= 0x55;
    put16(packet.bytes, packet.family == Family::kIpv4 ? 2 : 4, 1);
    repair_length(packet.bytes);
    repair_checksums(packet.bytes);
    EXPECT_EQ(packet.bytes, right.bytes) << text;
  }
}

TEST(Repair, TakesAnyBytes) {
  Random random(1, 2);
  for (int i = 0; i < 20000; i++) {
    Bytes bytes(random.below(120));
    for (uint8_t& byte : bytes) byte = random.byte();
    if (!bytes.empty()) bytes[0] = static_cast<uint8_t>((random.one_in(2) ? 0x40 : 0x60) | (bytes[0] & 0xf));
    size_t size = bytes.size();
    repair_length(bytes);
    repair_checksums(bytes);
    describe_offload(bytes, 14, random);
    EXPECT_EQ(bytes.size(), size);
  }
}

TEST(Mutator, MakesTheSamePacketOfTheSameNumbers) {
  const Packet seed = packet_of(kPackets[0]), other = packet_of(kPackets[4]);
  std::set<Bytes> all;
  for (uint64_t number = 0; number < 2000; number++) {
    Random random(7, number), again(7, number);
    Packet packet = mutate(seed, other, random);
    EXPECT_EQ(packet.bytes, mutate(seed, other, again).bytes) << number;
    EXPECT_LE(packet.bytes.size(), 65535u) << number;
    all.insert(packet.bytes);
  }
  EXPECT_GT(all.size(), 1500u);
}

TEST(Mutator, TakesPacketsThatHaveBecomeAnything) {
  Packet packet = packet_of(kPackets[1]);
  const Packet other = packet_of(kPackets[5]);
  for (uint64_t number = 0; number < 5000; number++) {
    Random random(8, number);
    packet = mutate(packet, other, random);
    ASSERT_LE(packet.bytes.size(), 65535u) << number;
    if (packet.bytes.size() < 20 || packet.bytes.size() > 5000) packet = packet_of(kPackets[number % 6]);
  }
}

TEST(Pieces, AreTheWholeAndFitAnSkb) {
  Random random(3, 4);
  for (size_t size : {0, 1, 100, 4096, 4097, 30000, 65535}) {
    for (int i = 0; i < 200; i++) {
      Bytes bytes(size);
      size_t at = 0;
      std::vector<iovec> pieces = pieces_of(bytes, random);
      for (const iovec& piece : pieces) {
        EXPECT_EQ(piece.iov_base, bytes.data() + at);
        EXPECT_GT(piece.iov_len, 0u);
        EXPECT_LE(piece.iov_len, 4096u);
        at += piece.iov_len;
      }
      EXPECT_EQ(at, size);
      EXPECT_LE(pieces.size(), 17u) << size;
    }
  }
}

TEST(Witness, FindsWhatIsNoPacket) {
  for (const std::string& text : kPackets) {
    const Bytes right = packet_of(text).bytes;
    EXPECT_EQ(insanity(right), "") << text;
    Bytes longer = right, shorter = right, other_version = right;
    longer.push_back(0);
    shorter.pop_back();
    other_version[0] ^= 0x20;
    EXPECT_NE(insanity(longer), "") << text;
    EXPECT_NE(insanity(shorter), "") << text;
    EXPECT_NE(insanity(other_version), "") << text;
  }
  Bytes wrong = packet_of(kPackets[0]).bytes;
  wrong[10] ^= 1;
  EXPECT_EQ(insanity(wrong), "a wrong IPv4 header checksum");
  EXPECT_NE(insanity({}), "");
  EXPECT_NE(insanity({0x45, 0, 0, 4}), "");
  EXPECT_NE(insanity({0x60, 0, 0, 4}), "");
}

}  // namespace
}  // namespace ipxlat::test
