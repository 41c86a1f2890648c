// SPDX-License-Identifier: GPL-2.0-only
// The language of the vectors: what it builds, against bytes from elsewhere, and what it refuses.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/packet/packet.h"
#include "tests/packet/vector.h"

namespace ipxlat::test {
namespace {

Packet build(const std::string& text) {
  Words words({"test", 7}, text);
  return build_packet(words, {{"four", {parse_address4("192.0.2.1"), {}}}});
}

std::string built(const std::string& text) { return hex(build(text).bytes); }

std::string refusal(const std::string& text) {
  try {
    return "accepted: " + built(text);
  } catch (const SyntaxError& error) {
    return error.what();
  }
}

// The bytes were put together apart from this code.
TEST(PacketLanguage, BuildsIpv4) {
  EXPECT_EQ(built("ip4 192.0.2.1 > 192.0.2.2 id 1 / icmp 8 0 id 0x1234 seq 1 / hex 6869"),
            "4500001e 00010000 4001f6da c0000201 c0000202  08007d61 12340001 6869");
  EXPECT_EQ(built("ip4 192.0.2.1 > 192.0.2.2 id 1 ttl 63 tos 0xb9 df / udp 53 > 1000 / hex 61"),
            "45b9001d 00014000 3f11b712 c0000201 c0000202  003503e8 000916bb 61");
  EXPECT_EQ(built("ip4 192.0.2.1 > 192.0.2.2 id 1 / tcp 80 > 1000 seq 5 ack 6 flags 0x18"),
            "45000028 00010000 4006f6cb c0000201 c0000202  005003e8 00000005 00000006 50181000 17860000");
}

TEST(PacketLanguage, BuildsIpv6) {
  EXPECT_EQ(
      built("ip6 2001:db8::1 > 2001:db8::2 class 0xb9 flow 5 / icmp6 128 0 id 0x1234 seq 1 / hex 6869"),
      "6b900005 000a3a40 20010db8 00000000 00000000  00000001 20010db8 00000000 00000000 00000002  8000a9a7 "
      "12340001 6869");
  EXPECT_EQ(
      built("ip6 2001:db8::1 > 2001:db8::2 / fragment id 7 / udp 53 > 1000 / hex 61"),
      "60000000 00112c40 20010db8 00000000 00000000  00000001 20010db8 00000000 00000000 00000002  11000000 "
      "00000007 003503e8 00093f4a 61");
}

TEST(PacketLanguage, AFragmentIsAPartOfTheWholeDatagram) {
  Bytes whole = build("ip4 four > 192.0.2.2 id 1 / udp 1 > 2 / data 100").bytes;
  Bytes first = build("ip4 four > 192.0.2.2 id 1 fragment 0+40 / udp 1 > 2 / data 100").bytes;
  Bytes last = build("ip4 four > 192.0.2.2 id 1 fragment 40+68 / udp 1 > 2 / data 100").bytes;
  EXPECT_EQ(get16(first, 6), 0x2000);
  EXPECT_EQ(get16(last, 6), 40 / 8);
  Bytes joined(first.begin() + 20, first.end());
  joined.insert(joined.end(), last.begin() + 20, last.end());
  EXPECT_EQ(joined, Bytes(whole.begin() + 20, whole.end()));
}

TEST(PacketLanguage, LiesAreOnlyWhereTheyAreAskedFor) {
  Bytes right = build("ip4 four > 192.0.2.2 / udp 1 > 2 / data 4").bytes;
  EXPECT_EQ(checksum({right.begin(), right.begin() + 20}), 0);
  EXPECT_EQ(get16(build("ip4 four > 192.0.2.2 length 7 / udp 1 > 2").bytes, 2), 7);
  EXPECT_EQ(build("ip4 four > 192.0.2.2 pad 3 / udp 1 > 2").bytes.size(), 31u);
  EXPECT_EQ(build("ip4 four > 192.0.2.2 cut 21 / udp 1 > 2").bytes.size(), 21u);
  Bytes bad = build("ip4 four > 192.0.2.2 check bad / udp 1 > 2 / data 4").bytes;
  EXPECT_NE(checksum({bad.begin(), bad.begin() + 20}), 0);
}

TEST(PacketLanguage, AnExtensionStructureHasItsOwnChecksum) {
  Bytes bytes =
      build(
          "ip4 four > 192.0.2.2 / icmp 11 0 length 32 extension 20 / ip4 four > 192.0.2.3 pad 100 / "
          "udp 1 > 2 / hex")
          .bytes;
  EXPECT_EQ(bytes.size(), 20u + 8 + 128 + 20);
  EXPECT_EQ(bytes.at(25), 32);
  EXPECT_EQ(checksum({bytes.begin() + 156, bytes.end()}), 0);
  EXPECT_EQ(checksum({bytes.begin() + 20, bytes.end()}), 0);
}

TEST(PacketLanguage, RefusesWhatItDoesNotKnowAndSaysWhere) {
  EXPECT_EQ(refusal("ip4 four > 192.0.2.2 tttl 3 / udp 1 > 2"), "test:7: ip4 has no 'tttl'");
  EXPECT_EQ(refusal("ip4 four > 192.0.2.2 ttl 256 / udp 1 > 2"),
            "test:7: '256' is not a time to live (a number, 0 to 255)");
  EXPECT_EQ(refusal("ip4 four 192.0.2.2"), "test:7: '192.0.2.2' instead of '>'");
  EXPECT_EQ(refusal("ip4 five > four / udp 1 > 2"), "test:7: 'five' is not an IPv4 address, nor a host");
  EXPECT_EQ(refusal("ip6 four > ::1 / udp 1 > 2"), "test:7: the host four has no IPv6 address");
  EXPECT_EQ(refusal("udp 1 > 2"), "test:7: a packet starts with ip4, ip6, raw4 or raw6");
  EXPECT_EQ(refusal("ip4 four > four / upd 1 > 2").substr(0, 25), "test:7: 'upd' is no layer");
  EXPECT_EQ(refusal("ip4 four > four / udp 1 >"), "test:7: missing: a port");
  EXPECT_EQ(refusal("ip4 four > four / data 3"),
            "test:7: say 'next NUMBER' (ip4: 'proto NUMBER'): what follows has no number of its own");
  EXPECT_EQ(refusal("ip4 four > four fragment 8+8 / udp 1 > 2"),
            "test:7: a fragment reaches behind the datagram of 8 bytes");
  EXPECT_EQ(refusal("raw4 123"), "test:7: '123' is half a byte too long or too short");
  EXPECT_EQ(refusal("raw4 1g"), "test:7: '1g' has a digit that is not hexadecimal");
}

// A directory of vectors with one file.
class VectorDirectory : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(path_);
    std::ofstream(path_ + "/setups") << "setup A\nset remote-prefix6 2001:db8:100::/40\nhost a 192.0.2.1 "
                                        "2001:db8:1c0:2:1::\n";
  }
  void TearDown() override { std::filesystem::remove_all(path_); }

  std::vector<Vector> read(const std::string& text) {
    std::ofstream(path_ + "/one.vec") << text;
    return read_vectors(path_);
  }

  std::string refusal_of(const std::string& text) {
    try {
      return std::to_string(read(text).size()) + " vectors";
    } catch (const std::runtime_error& error) {
      return error.what();
    }
  }

 private:
  std::string path_ = ::testing::TempDir() + "ipxlat-vectors." + std::to_string(getpid());
};

constexpr const char* kIn = "in ip4 a > a / udp 1 > 2\n";
constexpr const char* kOut = "out ip6 a > a / udp 1 > 2\n";

TEST_F(VectorDirectory, EachRowIsAVectorAndBackIsAnother) {
  auto vectors = read(std::string("setup A\ntest X-1-01,X-2-02 of $1\neach 1 | 2\n") +
                      "in ip4 a > a / udp $1 > 2\nout ip6 a > a\n    / udp $1 > 2\nback\n");
  ASSERT_EQ(vectors.size(), 4u);
  EXPECT_EQ(vectors[0].title, "of 1");
  EXPECT_EQ(vectors[2].title, "of 2");
  EXPECT_EQ(vectors[0].ids, (std::vector<std::string>{"X-1-01", "X-2-02"}));
  EXPECT_EQ(vectors[0].place.line, 2u);
  EXPECT_EQ(vectors[1].in.family, Family::kIpv6);
  EXPECT_EQ(vectors[0].in.bytes, vectors[1].out[0].bytes);
  EXPECT_EQ(section_of("X-4.1-22"), "X-4.1");
}

TEST_F(VectorDirectory, ATestsSettingsReplaceTheSetUps) {
  auto vectors =
      read(std::string("setup A\ntest X-1-01 t\nset remote-prefix6 64:ff9b::/96 lowest-ipv6-mtu 1400\n") +
           kIn + kOut);
  ASSERT_EQ(vectors.size(), 1u);
  EXPECT_EQ(to_string(*vectors[0].config.settings.remote_prefix6), "64:ff9b::/96");
  EXPECT_EQ(vectors[0].config.settings.lowest_ipv6_mtu, 1400u);
}

TEST_F(VectorDirectory, RefusesAMistakeWithFileAndLine) {
  const std::string head = "setup A\ntest X-1-01 t\n";
  EXPECT_EQ(refusal_of("setup B\n"), "one.vec:1: there is no set-up 'B'");
  EXPECT_EQ(refusal_of("test X-1-01 t\n"), "one.vec:1: no set-up is chosen");
  EXPECT_EQ(refusal_of(head + kOut), "one.vec:2: no packet in");
  EXPECT_EQ(refusal_of(head + kIn), "one.vec:2: a test has either packets out or a reason to drop");
  EXPECT_EQ(refusal_of(head + kIn + kOut + "drop loop\n"),
            "one.vec:2: a test has either packets out or a reason to drop");
  EXPECT_EQ(refusal_of(head + kIn + kIn), "one.vec:4: a second packet in");
  EXPECT_EQ(refusal_of(head + kIn + "drop lop\n"), "one.vec:4: 'lop' is no reason to drop a packet");
  EXPECT_EQ(refusal_of(head + kIn + "drop ok\n"), "one.vec:4: 'ok' is no reason to drop a packet");
  EXPECT_EQ(refusal_of(head + kIn + "out ip4 a > a / udp 1 > 2\n"),
            "one.vec:2: in and out are of one family");
  EXPECT_EQ(refusal_of(head + kIn + "drop loop\nback\n"), "one.vec:2: back needs one packet out");
  EXPECT_EQ(refusal_of(head + "in ip4 a > a / udp $1 > 2\n"),
            "one.vec:3: '$1' stands for nothing in a row of 0");
  EXPECT_EQ(refusal_of(head + "inn\n"), "one.vec:3: 'inn' is no line of a test");
  EXPECT_EQ(refusal_of(head + kIn + kOut + "mtu4 1500 1\n"), "one.vec:5: '1' is one word too many");
  EXPECT_EQ(refusal_of(head + kIn + kOut + "set lowest-ipv6-mtu x\n"),
            "one.vec:2: 'x' is not a number of bytes (1280 to 65535)");
}

}  // namespace
}  // namespace ipxlat::test
