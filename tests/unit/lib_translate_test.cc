// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include "kmod/core/reason.h"
#include "lib/core_config.h"
#include "lib/translate.h"
#include "tests/packet/packet.h"
#include "tests/packet/vector.h"

namespace ipxlat::test {
namespace {

CoreConfig config_of(const std::vector<std::string>& words) {
  DeviceConfig config;
  apply_change(config, parse_settings(words));
  return CoreConfig(config);
}

Packet build(const std::string& text) {
  Words words({"lib_translate_test", 0}, text);
  return build_packet(words, {});
}

Translation translate(const CoreConfig& config, const Packet& in, const Links& links = {}) {
  return ipxlat::translate(config.get(), links, in.family, in.bytes);
}

TEST(Translate, GivesWhatEveryVectorSays) {
  for (const Vector& vector : read_vectors(IPXLAT_SOURCE_DIR "/tests/vectors")) {
    auto translation = translate(CoreConfig(vector.config), vector.in, vector.links);
    std::string place = vector.place.file + ":" + std::to_string(vector.place.line);
    EXPECT_STREQ(ipxlat_reason_name(translation.reason), ipxlat_reason_name(vector.reason)) << place;
    EXPECT_EQ(difference(vector.out, translation.packets), "") << place;
  }
}

TEST(Translate, NothingComesOutOfADeviceThatIsNotConfigured) {
  auto translation = translate(CoreConfig({}), build("ip4 192.0.2.1 > 192.0.2.2 / udp 1 > 2"));
  EXPECT_EQ(translation.reason, IPXLAT_REASON_NOT_CONFIGURED);
  EXPECT_TRUE(translation.packets.empty());
}

TEST(Translate, AnIdentificationToChooseIsZero) {
  Packet in = build("ip6 64:ff9b::192.0.2.1 > 64:ff9b::192.0.2.2 / udp 1 > 2");
  auto translation = translate(config_of({"remote-prefix6", "64:ff9b::/96"}), in);
  ASSERT_EQ(translation.packets.size(), 1u);
  EXPECT_TRUE(translation.plan.wants_id);
  EXPECT_EQ(difference(build("ip4 192.0.2.1 > 192.0.2.2 id 0 / udp 1 > 2"), translation.packets[0]), "");
}

TEST(Translate, BoundsTheMtuOfAnErrorByTheLinks) {
  CoreConfig config = config_of({"remote-prefix6", "64:ff9b::/96"});
  Packet in = build(
      "ip4 192.0.2.1 > 192.0.2.2 / icmp 3 4 mtu 4000 / ip4 192.0.2.2 > 192.0.2.9 length 5000 / udp 1 > 2");
  auto mtu = [&](const Links& links) {
    auto translation = translate(config, in, links);
    return translation.packets.empty() ? 0 : get16(translation.packets[0], 46);
  };
  EXPECT_EQ(mtu({9000, 9000}), 4020u);
  EXPECT_EQ(mtu({1500, 9000}), 1520u);
  EXPECT_EQ(mtu({9000, 1500}), 1500u);
  EXPECT_EQ(mtu({1000, 1500}), 1280u);
}

}  // namespace
}  // namespace ipxlat::test
