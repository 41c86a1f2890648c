// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "kmod/core/reason.h"
#include "tests/packet/packet.h"
#include "tests/packet/vector.h"
#include "tests/unit/ctl_fake_devices.h"
#include "tools/ipxlatctl/packet_view.h"

namespace ipxlat::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string digits(const Bytes& bytes) {
  std::string text;
  for (uint8_t byte : bytes) text += hex(byte, 2);
  return text;
}

// the digits of a packet in the words of vectors
std::string packet(const std::string& text) {
  test::Words words({"ctl_explain_packet_test", 0}, text);
  return digits(test::build_packet(words, {}).bytes);
}

class ExplainPacket : public testing::Test {
 protected:
  ExplainPacket() {
    configure("clat0", {"remote-prefix6", "64:ff9b::/96", "local-map", "192.0.0.1", "2001:db8::1"});
    configure("siit0", {"remote-prefix6", "64:ff9b::/96"});
    kernel_.devices["fresh"];
  }
  void configure(const std::string& device, const std::vector<std::string>& settings) {
    kernel_.devices[device];
    apply_change(kernel_.devices[device], parse_settings(settings));
  }
  std::string explain(std::vector<std::string> words, const std::string& input = {}) {
    words.insert(words.begin(), "explain");
    auto outcome = run_words(kernel_, words, input);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome.out;
  }
  std::string refusal(std::vector<std::string> words, const std::string& input = {}) {
    words.insert(words.begin(), {"explain", "siit0", "packet"});
    auto outcome = run_words(kernel_, words, input);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(outcome.out, "");
    return outcome.err.substr(0, outcome.err.find('\n'));
  }
  FakeKernel kernel_;
};

TEST_F(ExplainPacket, PrintsWhatComesOutAndWhy) {
  EXPECT_EQ(explain({"clat0", "packet", packet("ip4 192.0.0.1 > 198.51.100.1 df / tcp 40000 > 443")}),
            "in: IPv4 192.0.0.1 > 198.51.100.1 ttl 64, TCP 40000 > 443, 40 bytes, DF\n"
            "    source 192.0.0.1 -> 2001:db8::1 by local-map 192.0.0.1/32 2001:db8::1/128\n"
            "    destination 198.51.100.1 -> 64:ff9b::c633:6401 by remote-prefix6 64:ff9b::/96\n"
            "    checksum: TCP 0x17a1 -> 0xa9e8\n"
            "out: IPv6 2001:db8::1 > 64:ff9b::c633:6401 hop limit 64, TCP 40000 > 443, 60 bytes\n"
            "    0x0000:  6000 0000 0014 0640 2001 0db8 0000 0000\n"
            "    0x0010:  0000 0000 0000 0001 0064 ff9b 0000 0000\n"
            "    0x0020:  0000 0000 c633 6401 9c40 01bb 0000 0001\n"
            "    0x0030:  0000 0001 5010 1000 a9e8 0000\n");
}

TEST_F(ExplainPacket, PrintsWhyNothingComesOutAndWhatIsAnswered) {
  EXPECT_EQ(explain({"clat0", "packet", packet("ip6 2001:db8::9 > 64:ff9b::1.2.3.4 / udp 1 > 2")}),
            "in: IPv6 2001:db8::9 > 64:ff9b::102:304 hop limit 64, UDP 1 > 2, 48 bytes\n"
            "    source 2001:db8::9\n"
            "    destination 64:ff9b::102:304 -> 1.2.3.4 by remote-prefix6 64:ff9b::/96\n"
            "refused: source_unmapped: the source address has no form in the other family\n"
            "answered with ICMPv6 1/1: communication administratively prohibited\n");
  EXPECT_THAT(explain({"clat0", "packet", packet("ip4 192.0.0.9 > 1.2.3.4 / udp 1 > 2")}),
              HasSubstr("refused: not_local: neither end is in local-map\nnot answered\n"));
  EXPECT_THAT(explain({"fresh", "packet", packet("ip4 192.0.0.9 > 1.2.3.4 / udp 1 > 2")}),
              HasSubstr("refused: not_configured: "));
}

TEST_F(ExplainPacket, AnswersAreThoseOfTheDevice) {
  const std::string six = "ip6 64:ff9b::1.2.3.4 > 64:ff9b::5.6.7.8 / ";
  for (const auto& [text, answer] : std::vector<std::pair<std::string, std::string>>{
           {"ip4 1.2.3.4 > 5.6.7.8 options 8307040a0a0a0a00 / udp 1 > 2", "answered with ICMP 3/5: "},
           {six + "routing left 1 / udp 1 > 2",
            "answered with ICMPv6 4/0: erroneous header field at byte 43"},
           {"ip6 2001:db8::1 > 64:ff9b::1.2.3.4 / icmp6 128 0", "not answered"},
           {six + "udp 1 > 2 check none", "not answered"},
           {"ip4 1.2.3.4 > 127.0.0.1 / udp 1 > 2", "not answered"}})
    EXPECT_THAT(explain({"siit0", "packet", packet(text)}), HasSubstr(answer)) << text;
  configure("strict", {"remote-prefix6", "64:ff9b::/96", "udp-zero-checksum", "drop"});
  EXPECT_THAT(explain({"strict", "packet", packet("ip4 1.2.3.4 > 5.6.7.8 / udp 1 > 2 check none")}),
              HasSubstr("answered with ICMP 3/13: "));
}

TEST_F(ExplainPacket, FragmentsAreToldOneByOne) {
  auto text = explain(
      {"siit0", "packet", packet("ip4 1.2.3.4 > 5.6.7.8 id 0xabcd / udp 1 > 2 check none / data 2000")});
  EXPECT_THAT(
      text,
      HasSubstr("    fragments: 2 of at most 1280 bytes (lowest-ipv6-mtu): it has 2048, and DF is clear\n"));
  EXPECT_THAT(text, HasSubstr("    checksum: UDP had none, computed: 0x"));
  EXPECT_THAT(text, HasSubstr(", UDP 1 > 2, 1280 bytes, fragment 0xabcd from 0 to 1232, more follow\n"));
  EXPECT_THAT(text, HasSubstr(", UDP, 824 bytes, fragment 0xabcd from 1232 to 2008\n"));
}

TEST_F(ExplainPacket, AnErrorIsToldWithWhatItQuotes) {
  auto text = explain({"clat0", "packet",
                       packet("ip6 2001:db8:ffff::1 > 2001:db8::1 / icmp6 2 0 mtu 1480 / "
                              "ip6 2001:db8::1 > 64:ff9b::1.2.3.4 / tcp 1 > 2")});
  EXPECT_THAT(text, HasSubstr("    source 2001:db8:ffff::1 -> 192.0.0.8 by icmp-source4\n"
                              "    destination 2001:db8::1 -> 192.0.0.1 by local-map"));
  EXPECT_THAT(text, HasSubstr("    quoted source 2001:db8::1 -> 192.0.0.1 by local-map"));
  EXPECT_THAT(text, HasSubstr("    quoted destination 64:ff9b::102:304 -> 1.2.3.4 by remote-prefix6"));
  EXPECT_THAT(text, HasSubstr("    icmp: ICMPv6 2/0 -> ICMP 3/4\n    mtu: 1480 -> 1460\n"));
}

TEST_F(ExplainPacket, TheQuotedDestinationStandsForARouterWithoutAnIpv6Form) {
  configure("eam0", {"local-map", "192.0.2.1", "2001:db8::1", "local-map", "192.0.2.2", "2001:db8::2"});
  auto text = explain({"eam0", "packet",
                       packet("ip4 203.0.113.1 > 192.0.2.1 / icmp 3 4 mtu 1400 / "
                              "ip4 192.0.2.1 > 192.0.2.2 df / tcp 1 > 2")});
  EXPECT_THAT(text, HasSubstr("    source 203.0.113.1 -> 2001:db8::2 by the quoted destination\n"
                              "    destination 192.0.2.1 -> 2001:db8::1 by local-map"));
  EXPECT_THAT(text, HasSubstr("    quoted source 192.0.2.1 -> 2001:db8::1 by local-map"));
}

TEST_F(ExplainPacket, TheEndOfAnErrorIsTold) {
  auto error = [&](const std::string& text) { return explain({"clat0", "packet", packet(text)}); };
  const std::string four = "ip4 10.0.0.1 > 192.0.0.1 / ";
  EXPECT_THAT(error(four + "icmp 11 0 length 32 extension 20 / "
                           "ip4 192.0.0.1 > 10.0.0.1 cut 128 / udp 1 > 2 / data 1400"),
              HasSubstr("    quote: padded by 4 bytes\n    extension: 20 bytes, kept\n"));
  EXPECT_THAT(error(four + "icmp 3 3 length 255 extension 2000 / "
                           "ip4 192.0.0.1 > 10.0.0.1 cut 1020 / udp 1 > 2 / data 1400"),
              HasSubstr("    extension: 2000 bytes, left out: no place for it\n"));
  EXPECT_THAT(error(four + "icmp 3 3 / ip4 192.0.0.1 > 10.0.0.1 / udp 1 > 2 / data 1400"),
              HasSubstr("    quote: cut by 216 bytes\n"));
  EXPECT_THAT(error("ip6 2001:db8:ffff::1 > 2001:db8::1 / icmp6 3 0 / "
                    "ip6 2001:db8::1 > 64:ff9b::10.0.0.1 / udp 1 > 2"),
              HasSubstr("    extension: added, with the IPv6 source 2001:db8:ffff::1\n"));
}

TEST_F(ExplainPacket, AQuotedPacketThatCannotBeTranslatedIsShown) {
  auto text = explain({"clat0", "packet",
                       packet("ip6 2001:db8:ffff::1 > 2001:db8::1 / icmp6 1 0 / "
                              "ip6 2001:db8::1 > 2001:db8::7 / tcp 1 > 2")});
  EXPECT_THAT(text, HasSubstr("    quoted source 2001:db8::1 -> 192.0.0.1 by local-map"));
  EXPECT_THAT(text, HasSubstr("    quoted destination 2001:db8::7\nrefused: icmp_quote: "));
  text = explain({"clat0", "packet",
                  packet("ip4 10.0.0.1 > 192.0.0.9 / icmp 3 1 / ip4 192.0.0.9 > 10.0.0.1 / tcp 1 > 2")});
  EXPECT_THAT(text, HasSubstr("    quoted source 192.0.0.9 -> 64:ff9b::c000:9 by remote-prefix6"));
  EXPECT_THAT(text, HasSubstr("refused: not_local: "));
}

TEST_F(ExplainPacket, TheLinksBoundTheMtuOfAnError) {
  std::string digits =
      packet("ip4 1.2.3.4 > 5.6.7.8 / icmp 3 4 mtu 4000 / ip4 5.6.7.8 > 1.2.3.4 length 5000 / udp 1 > 2");
  EXPECT_THAT(explain({"siit0", "packet", digits}),
              HasSubstr("mtu: 4000 -> 1500, bounded by the links' MTUs, IPv4 1500 and IPv6 1500\n"));
  EXPECT_THAT(explain({"siit0", "packet", digits, "--mtu4", "9000", "--mtu6", "9000"}),
              HasSubstr("mtu: 4000 -> 4020\n"));
  EXPECT_THAT(explain({"siit0", "packet", digits, "--mtu4", "1400", "--mtu6", "9000"}),
              HasSubstr("mtu: 4000 -> 1420, bounded by the links' MTUs, IPv4 1400 and IPv6 9000\n"));
  EXPECT_THAT(
      explain({"siit0", "packet",
               packet("ip4 1.2.3.4 > 5.6.7.8 / icmp 3 4 / ip4 5.6.7.8 > 1.2.3.4 length 1500 / udp 1 > 2"),
               "--mtu6", "9000"}),
      HasSubstr("mtu: 0 -> 1512, guessed from the length of the quoted packet\n"));
}

TEST_F(ExplainPacket, OneRemarkForEachThingThatWasDone) {
  const std::string six = "ip6 64:ff9b::1.2.3.4 > 64:ff9b::5.6.7.8";
  for (const auto& [text, remark] : std::vector<std::pair<std::string, std::string>>{
           {"ip4 1.2.3.4 > 5.6.7.8 options 01010101 / udp 1 > 2", "left out: 4 bytes of IPv4 options"},
           {"ip4 1.2.3.4 > 5.6.7.8 pad 1 / udp 1 > 2", "left out: 1 byte behind the packet"},
           {six + " / hbh / udp 1 > 2", "left out: 8 bytes of extension headers"},
           {six + " / udp 1 > 2", "df: clear: at most 1260 bytes"},
           {six + " / udp 1 > 2", "identification: the device's choice, which zero stands for here"},
           {six + " / udp 1 > 2 / data 1400", "df: set: more than 1260 bytes"},
           {six + " / fragment id 7 / udp 1 > 2", "df: clear: there was a Fragment header"},
           {six + " / udp 1 > 2 check bad", ", wrong before and after"},
           {six + " next 132 / data 12", "checksum: SCTP has none that covers addresses"},
           {"ip4 1.2.3.4 > 5.6.7.8 / icmp 8 0", "icmp: ICMP 8/0 -> ICMPv6 128/0"},
           {"ip4 1.2.3.4 > 5.6.7.8 / icmp 3 2 / ip4 5.6.7.8 > 1.2.3.4 / udp 1 > 2", "pointer: 6"},
           {"ip4 1.2.3.4 > 5.6.7.8 / icmp 12 0 pointer 8 / ip4 5.6.7.8 > 1.2.3.4 / udp 1 > 2",
            "pointer: 8 -> 7"},
           {"ip4 1.2.3.4 > 5.6.7.8 df / udp 1 > 2 / data 1300",
            "fragments: none, though 1348 bytes are more than 1280 bytes (lowest-ipv6-mtu): DF is set"},
           {"ip4 1.2.3.4 > 5.6.7.8 df / udp 1 > 2 / data 1460",
            "next: 1508 bytes are more than the link's MTU 1500: Linux answers Packet Too Big, "
            "the sender is told an MTU of 1480"},
           {six + " / udp 1 > 2 / data 1500",
            "next: 1528 bytes are more than the link's MTU 1500: Linux answers that fragmentation is needed, "
            "the sender is told an MTU of 1520"},
           {six + " / fragment id 7 / udp 1 > 2 / data 1500",
            "next: 1528 bytes are more than the link's MTU 1500: Linux fragments it"}})
    EXPECT_THAT(explain({"siit0", "packet", packet(text)}), HasSubstr(remark + "\n")) << text;
}

TEST_F(ExplainPacket, WhatDidNotHappenIsNotRemarked) {
  auto text = explain({"siit0", "packet", packet("ip4 1.2.3.4 > 5.6.7.8 df / udp 1 > 2")});
  for (const char* about : {"left out", "fragments", "df:", "identification", "icmp", "mtu", "next", "wrong"})
    EXPECT_THAT(text, Not(HasSubstr(about)));
}

TEST_F(ExplainPacket, AForwardedZeroChecksumStaysZero) {
  configure("tunnels", {"remote-prefix6", "64:ff9b::/96", "udp-zero-checksum", "forward"});
  EXPECT_THAT(explain({"tunnels", "packet", packet("ip4 1.2.3.4 > 5.6.7.8 / udp 1 > 2 check none")}),
              HasSubstr("checksum: UDP has none, udp-zero-checksum forward\n"));
}

TEST_F(ExplainPacket, WhatIsNoWholePacketIsToldAsFarAsItGoes) {
  EXPECT_THAT(explain({"siit0", "packet", "45"}), HasSubstr("in: IPv4, 1 byte\nrefused: truncated: "));
  EXPECT_THAT(explain({"siit0", "packet", "6" + std::string(77, '0')}), HasSubstr("in: IPv6, 39 bytes\n"));
  std::string cut = packet("ip4 1.2.3.4 > 5.6.7.8 / udp 1 > 2 / data 20").substr(0, 60);
  EXPECT_THAT(explain({"siit0", "packet", cut}), HasSubstr(", UDP 1 > 2, 48 bytes of which 30 are there\n"));
}

TEST_F(ExplainPacket, DigitsMayBeGroupedInAnyWay) {
  std::string one = packet("ip4 1.2.3.4 > 5.6.7.8 / udp 1 > 2");
  std::string wanted = explain({"siit0", "packet", one});
  std::string colons, upper;
  for (size_t at = 0; at < one.size(); at += 2) colons += (at ? ":" : "") + one.substr(at, 2);
  for (char digit : one) upper += static_cast<char>(std::toupper(static_cast<unsigned char>(digit)));
  EXPECT_EQ(explain({"siit0", "packet", colons}), wanted);
  EXPECT_EQ(explain({"siit0", "packet", upper}), wanted);
  EXPECT_EQ(explain({"siit0", "packet", one.substr(0, 10), one.substr(10)}), wanted);
  EXPECT_EQ(explain({"siit0", "packet", "-"}, one.substr(0, 20) + "\n" + one.substr(20) + "\n"), wanted);
}

TEST_F(ExplainPacket, ReadsADumpAndItsOwnOutput) {
  std::string there = explain({"siit0", "packet", packet("ip4 1.2.3.4 > 5.6.7.8 df / tcp 1 > 2 / data 30")});
  std::string back = explain({"siit0", "packet", "-"}, there.substr(there.find("    0x0000:")));
  EXPECT_THAT(back, HasSubstr("out: IPv4 1.2.3.4 > 5.6.7.8 ttl 64, TCP 1 > 2, 70 bytes\n"));
}

TEST_F(ExplainPacket, BadInputIsOneSentence) {
  EXPECT_EQ(refusal({}), "ipxlatctl: packet needs hexadecimal digits, or - for standard input");
  EXPECT_EQ(refusal({"-"}), "ipxlatctl: the packet is empty (allowed: hexadecimal digits)");
  EXPECT_EQ(refusal({"4500", "123"}),
            "ipxlatctl: '123' has an odd number of digits (allowed: two for each byte)");
  EXPECT_EQ(refusal({"45 0x"}), "ipxlatctl: '0x' is not hexadecimal (allowed: 0 to 9 and a to f)");
  EXPECT_EQ(refusal({"450g"}), "ipxlatctl: '450g' is not hexadecimal (allowed: 0 to 9 and a to f)");
  EXPECT_EQ(refusal({"-45"}), "ipxlatctl: '-45' is not hexadecimal (allowed: 0 to 9 and a to f)");
  EXPECT_EQ(refusal({"0011"}),
            "ipxlatctl: the packet has IP version 0 (allowed: 4 or 6, with no link-layer header in front)");
  EXPECT_EQ(refusal({"-"}, "60" + std::string(2 * 65575, '0')),
            "ipxlatctl: the packet is too long (allowed: at most 65575 bytes)");
  EXPECT_EQ(
      refusal({"-"}, "0x0000: 4500\n0x0000: 4500\n"),
      "ipxlatctl: the offset '0x0000:' stands behind 2 bytes (allowed: all lines of one packet, in order)");
  EXPECT_EQ(refusal({"-"}, "0xz: 4500\n"), "ipxlatctl: '0xz:' is not an offset (allowed: as in 0x0010:)");
  EXPECT_EQ(refusal({"45", "--mtu4", "67"}), "ipxlatctl: --mtu4: '67' is not an MTU (allowed: 68 to 65535)");
  EXPECT_EQ(refusal({"45", "--mtu4", "-68"}),
            "ipxlatctl: --mtu4: '-68' is not an MTU (allowed: 68 to 65535)");
  EXPECT_EQ(refusal({"45", "--mtu6", "1279"}),
            "ipxlatctl: --mtu6: '1279' is not an MTU (allowed: 1280 to 65535)");
  EXPECT_EQ(refusal({"45", "--mtu6", "1500B"}),
            "ipxlatctl: --mtu6: '1500B' is not an MTU (allowed: 1280 to 65535)");
  EXPECT_EQ(refusal({"45", "--mtu6", "65536"}),
            "ipxlatctl: --mtu6: '65536' is not an MTU (allowed: 1280 to 65535)");
}

TEST_F(ExplainPacket, TheLongestPacketIsRead) {
  EXPECT_THAT(explain({"siit0", "packet", "-"}, "60" + std::string(2 * 65574, '0')),
              HasSubstr("in: IPv6 :: > :: hop limit 0, "));
}

TEST_F(ExplainPacket, BadInputIsRefusedBeforeTheKernelIsAsked) {
  kernel_.missing = NetlinkError{ENOENT, "must not be asked"};
  EXPECT_THAT(refusal({"450"}), HasSubstr("odd number"));
}

TEST_F(ExplainPacket, AsJson) {
  auto json =
      nlohmann::json::parse(explain({"clat0", "packet",
                                     packet("ip6 2001:db8::1 > 64:ff9b::1.2.3.4 / fragment id 7 more / "
                                            "udp 1 > 2 / data 16"),
                                     "--json"}))[0];
  EXPECT_EQ(json["direction"], "to_v4");
  EXPECT_EQ(json["reason"], "ok");
  EXPECT_EQ(json["text"], "translated");
  EXPECT_TRUE(json["answer"].is_null());
  EXPECT_EQ(json["ends"][1]["rule"], "remote-prefix6 64:ff9b::/96");
  EXPECT_EQ(json["quoted_ends"], nlohmann::json::array());
  EXPECT_EQ(json["notes"][1],
            nlohmann::json::parse(R"({"about": "df", "text": "clear: there was a Fragment header"})"));
  EXPECT_EQ(json["in"]["header"]["fragment"],
            nlohmann::json::parse(R"({"id": 7, "offset": 0, "more": true})"));
  ASSERT_EQ(json["out"].size(), 1u);
  EXPECT_EQ(json["out"][0]["family"], "ipv4");
  EXPECT_EQ(json["out"][0]["header"]["source"], "192.0.0.1");
  EXPECT_EQ(json["out"][0]["header"]["dont_fragment"], false);
  EXPECT_EQ(json["out"][0]["bytes"].get<std::string>().substr(0, 16), "4500002c00072000");
}

TEST_F(ExplainPacket, ARefusalAsJson) {
  auto json = nlohmann::json::parse(
      explain({"clat0", "packet", packet("ip6 2001:db8::9 > 64:ff9b::1.2.3.4 / udp 1 > 2"), "--json"}))[0];
  EXPECT_EQ(json["reason"], "source_unmapped");
  EXPECT_EQ(json["answer"]["type"], 1);
  EXPECT_EQ(json["answer"]["code"], 1);
  EXPECT_EQ(json["out"], nlohmann::json::array());
  EXPECT_TRUE(
      nlohmann::json::parse(explain({"clat0", "packet", "45", "--json"}))[0]["in"]["header"].is_null());
}

TEST_F(ExplainPacket, AgreesWithEveryVector) {
  for (const test::Vector& vector : test::read_vectors(IPXLAT_SOURCE_DIR "/tests/vectors")) {
    std::string place = vector.place.file + ":" + std::to_string(vector.place.line);
    if (vector.in.bytes.empty() || vector.in.bytes[0] >> 4 != (vector.in.family == Family::kIpv4 ? 4 : 6))
      continue;  // the device is told the family, explain looks
    kernel_.devices["vector"] = vector.config;
    std::vector<std::string> words = {"vector", "packet",
                                      "-",      "--json",
                                      "--mtu4", std::to_string(vector.links.mtu4),
                                      "--mtu6", std::to_string(vector.links.mtu6)};
    auto json = nlohmann::json::parse(explain(words, digits(vector.in.bytes)))[0];
    EXPECT_EQ(json["reason"], ipxlat_reason_name(vector.reason)) << place;
    std::vector<Bytes> packets;
    for (const auto& out : json["out"]) {
      test::Words hexadecimal({place, 0}, out["bytes"].get<std::string>());
      packets.push_back(hexadecimal.hex());
    }
    EXPECT_EQ(test::difference(vector.out, packets), "") << place;
    words.erase(words.begin() + 3);
    EXPECT_THAT(explain(words, digits(vector.in.bytes)), HasSubstr("in: IPv")) << place;
  }
}

}  // namespace
}  // namespace ipxlat::ctl
