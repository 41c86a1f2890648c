// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/unit/ctl_fake_devices.h"
#include "tools/ipxlatctl/explanation.h"

namespace ipxlat::ctl {
namespace {

MapEntry entry(const char* prefix4, const char* prefix6) {
  return {parse_prefix4(prefix4), parse_prefix6(prefix6)};
}

DeviceConfig with_prefix(const char* prefix) {
  DeviceConfig config;
  config.settings.remote_prefix6 = parse_prefix6(prefix);
  return config;
}

// RFC 7757 figure 1, next to the well-known prefix
DeviceConfig figure1() {
  DeviceConfig config = with_prefix("64:ff9b::/96");
  config.map = {
      entry("192.0.2.1/32", "2001:db8:aaaa::/128"),    entry("192.0.2.2/32", "2001:db8:bbbb::b/128"),
      entry("192.0.2.16/28", "2001:db8:cccc::/124"),   entry("192.0.2.128/26", "2001:db8:dddd::/64"),
      entry("192.0.2.192/29", "2001:db8:eeee:8::/62"), entry("192.0.2.224/31", "64:ff9b::/127"),
  };
  return config;
}

std::string canonical6(const char* text) { return to_string(parse_address6(text)); }

struct EmbedRow {
  const char* prefix;
  const char* address4;
  const char* address6;
};

class Rfc6052 : public testing::TestWithParam<EmbedRow> {};

TEST_P(Rfc6052, AnAddressIsExplainedBothWaysByTheRemotePrefix) {
  auto [prefix, address4, address6] = GetParam();
  Explainer explainer(with_prefix(prefix));
  auto to6 = explainer.explain(parse_address4(address4));
  EXPECT_EQ(to6.ends.at(0).result, canonical6(address6));
  EXPECT_EQ(to6.ends.at(0).rule, std::string("remote-prefix6 ") + prefix);
  EXPECT_EQ(to6.reason, uint32_t{IPXLAT_REASON_OK});
  auto to4 = explainer.explain(parse_address6(address6));
  EXPECT_EQ(to4.ends.at(0).result, address4);
  EXPECT_EQ(to4.reason, uint32_t{IPXLAT_REASON_OK});
}

INSTANTIATE_TEST_SUITE_P(
    Table, Rfc6052,
    testing::Values(EmbedRow{"2001:db8::/32", "192.0.2.33", "2001:db8:c000:221::"},
                    EmbedRow{"2001:db8:100::/40", "192.0.2.33", "2001:db8:1c0:2:21::"},
                    EmbedRow{"2001:db8:122::/48", "192.0.2.33", "2001:db8:122:c000:2:2100::"},
                    EmbedRow{"2001:db8:122:300::/56", "192.0.2.33", "2001:db8:122:3c0:0:221::"},
                    EmbedRow{"2001:db8:122:344::/64", "192.0.2.33", "2001:db8:122:344:c0:2:2100:0"},
                    EmbedRow{"2001:db8:122:344::/96", "192.0.2.33", "2001:db8:122:344::c000:221"},
                    EmbedRow{"64:ff9b::/96", "192.0.2.33", "64:ff9b::c000:221"},
                    EmbedRow{"64:ff9b:1::/96", "10.0.0.1", "64:ff9b:1::a00:1"}));

struct MapRow {
  const char* address4;
  const char* address6;
  const char* rule;
};

class Rfc7757 : public testing::TestWithParam<MapRow> {};

TEST_P(Rfc7757, AnAddressIsExplainedBothWaysByItsLongestMatch) {
  auto [address4, address6, rule] = GetParam();
  Explainer explainer(figure1());
  auto to6 = explainer.explain(parse_address4(address4));
  EXPECT_EQ(to6.ends.at(0).result, canonical6(address6));
  EXPECT_EQ(to6.ends.at(0).rule, rule);
  auto to4 = explainer.explain(parse_address6(address6));
  EXPECT_EQ(to4.ends.at(0).result, address4);
  EXPECT_EQ(to4.ends.at(0).rule, rule);
}

INSTANTIATE_TEST_SUITE_P(
    Figure1, Rfc7757,
    testing::Values(
        MapRow{"192.0.2.1", "2001:db8:aaaa::", "local-map 192.0.2.1/32 2001:db8:aaaa::/128"},
        MapRow{"192.0.2.2", "2001:db8:bbbb::b", "local-map 192.0.2.2/32 2001:db8:bbbb::b/128"},
        MapRow{"192.0.2.16", "2001:db8:cccc::", "local-map 192.0.2.16/28 2001:db8:cccc::/124"},
        MapRow{"192.0.2.24", "2001:db8:cccc::8", "local-map 192.0.2.16/28 2001:db8:cccc::/124"},
        MapRow{"192.0.2.31", "2001:db8:cccc::f", "local-map 192.0.2.16/28 2001:db8:cccc::/124"},
        MapRow{"192.0.2.152", "2001:db8:dddd:0:6000::", "local-map 192.0.2.128/26 2001:db8:dddd::/64"},
        MapRow{"192.0.2.191", "2001:db8:dddd:0:fc00::", "local-map 192.0.2.128/26 2001:db8:dddd::/64"},
        MapRow{"192.0.2.195", "2001:db8:eeee:9:8000::", "local-map 192.0.2.192/29 2001:db8:eeee:8::/62"},
        MapRow{"192.0.2.225", "64:ff9b::1", "local-map 192.0.2.224/31 64:ff9b::/127"},
        MapRow{"192.0.2.248", "64:ff9b::c000:2f8", "remote-prefix6 64:ff9b::/96"},
        MapRow{"192.0.2.32", "64:ff9b::c000:220", "remote-prefix6 64:ff9b::/96"}));

TEST(Explain, TrailingBitsAreDropped) {
  auto explanation = Explainer(figure1()).explain(parse_address6("2001:db8:dddd:0:6000:ffff:ffff:ffff"));
  EXPECT_EQ(explanation.ends.at(0).result, "192.0.2.152");
}

TEST(Explain, AnAddressWithoutAFormSaysWhereItsErrorsComeFrom) {
  auto explanation = Explainer(figure1()).explain(parse_address6("2001:db8:cccc::10"));
  EXPECT_EQ(explanation.reason, uint32_t{IPXLAT_REASON_DESTINATION_UNMAPPED});
  EXPECT_EQ(explanation.ends.at(0).result, "");
  EXPECT_EQ(explanation.error_source4, "192.0.0.8");
}

TEST(Explain, AnEmbeddedAddressThatNoPacketMayHaveIsRefused) {
  auto explanation = Explainer(figure1()).explain(parse_address6("64:ff9b::2"));
  EXPECT_EQ(explanation.ends.at(0).result, "0.0.0.2");
  EXPECT_EQ(explanation.reason, uint32_t{IPXLAT_REASON_BAD_DESTINATION});
}

TEST(Explain, MulticastAndLinkLocalHaveReasonsOfTheirOwn) {
  Explainer explainer(with_prefix("64:ff9b::/96"));
  EXPECT_EQ(explainer.explain(parse_address4("224.0.0.1")).reason, uint32_t{IPXLAT_REASON_MULTICAST});
  EXPECT_EQ(explainer.explain(parse_address6("fe80::1")).reason, uint32_t{IPXLAT_REASON_LINK_LOCAL});
}

TEST(Explain, HairpinnedSourceIsWrittenByTheRemotePrefix) {
  // RFC 7757 figure 8, on its way back to IPv6
  auto pair = Explainer(figure1()).explain(parse_address4("192.0.2.1"), parse_address4("192.0.2.2"));
  EXPECT_EQ(pair.reason, uint32_t{IPXLAT_REASON_OK});
  EXPECT_EQ(pair.ends.at(0).result, "64:ff9b::c000:201");
  EXPECT_EQ(pair.ends.at(0).rule, "remote-prefix6 64:ff9b::/96");
  EXPECT_EQ(pair.ends.at(1).result, "2001:db8:bbbb::b");
}

TEST(Explain, AMapThatTheCoreRefusesIsNamed) {
  DeviceConfig config;
  config.map = {entry("10.0.0.1/32", "::5/128"), entry("10.0.0.1/32", "::6/128")};
  try {
    Explainer explainer(config);
    FAIL() << "accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "local-map: this IPv4 prefix is in the map already (10.0.0.1/32 ::6/128)");
  }
}

class ExplainCommand : public testing::Test {
 protected:
  ExplainCommand() {
    kernel_.devices["clat0"] = with_prefix("64:ff9b::/96");
    kernel_.devices["clat0"].map = {entry("192.0.0.1/32", "2001:db8::1/128")};
    kernel_.devices["fresh"];
  }
  std::string explain(std::vector<std::string> words) {
    words.insert(words.begin(), "explain");
    auto outcome = run_words(kernel_, words);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome.out;
  }
  FakeKernel kernel_;
};

TEST_F(ExplainCommand, OneAddress) {
  EXPECT_EQ(explain({"clat0", "192.0.0.1"}),
            "192.0.0.1 -> 2001:db8::1 by local-map 192.0.0.1/32 2001:db8::1/128\n");
  EXPECT_EQ(explain({"clat0", "64:ff9b::8.8.8.8"}),
            "64:ff9b::808:808 -> 8.8.8.8 by remote-prefix6 64:ff9b::/96\n");
  EXPECT_EQ(explain({"clat0", "2001:db8::2"}),
            "2001:db8::2\n"
            "refused: destination_unmapped: the destination address has no form in the other family\n"
            "an ICMPv6 error from 2001:db8::2 -> 192.0.0.8 by icmp-source4\n");
}

TEST_F(ExplainCommand, APair) {
  EXPECT_EQ(explain({"clat0", "192.0.0.1", "198.51.100.1"}),
            "source 192.0.0.1 -> 2001:db8::1 by local-map 192.0.0.1/32 2001:db8::1/128\n"
            "destination 198.51.100.1 -> 64:ff9b::c633:6401 by remote-prefix6 64:ff9b::/96\n");
  EXPECT_EQ(explain({"clat0", "64:ff9b::1.2.3.4", "64:ff9b::5.6.7.8"}),
            "source 64:ff9b::102:304 -> 1.2.3.4 by remote-prefix6 64:ff9b::/96\n"
            "destination 64:ff9b::506:708 -> 5.6.7.8 by remote-prefix6 64:ff9b::/96\n"
            "refused: not_local: neither end is in local-map\n");
}

TEST_F(ExplainCommand, AnUnconfiguredDeviceRefusesEverything) {
  EXPECT_EQ(explain({"fresh", "192.0.2.1", "192.0.2.2"}),
            "source 192.0.2.1\ndestination 192.0.2.2\n"
            "refused: not_configured: the device has neither a remote prefix nor a map\n");
}

TEST_F(ExplainCommand, AsJson) {
  auto json = nlohmann::json::parse(explain({"clat0", "2001:db8::9", "64:ff9b::8.8.8.8", "--json"}))[0];
  EXPECT_EQ(json["reason"], "source_unmapped");
  EXPECT_EQ(json["ends"][0]["address"], "2001:db8::9");
  EXPECT_TRUE(json["ends"][0]["result"].is_null());
  EXPECT_EQ(json["ends"][1]["result"], "8.8.8.8");
  EXPECT_EQ(json["icmp_error_source4"], "192.0.0.8");
}

}  // namespace
}  // namespace ipxlat::ctl
