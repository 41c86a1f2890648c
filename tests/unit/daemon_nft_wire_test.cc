// SPDX-License-Identifier: GPL-2.0-only
// Every byte of what the kernel is asked for, a line of tests/nft/wire for each message. That the kernel
// takes it for what it shall be is what the selftests see; that it stays the same is seen here, without a
// kernel.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>

#include <bit>
#include <cctype>
#include <fstream>

#include "daemon/desired/clat.h"
#include "daemon/desired/nat46_map.h"
#include "daemon/desired/nat46_rules.h"
#include "daemon/desired/nat64_rules.h"
#include "daemon/nft/change.h"
#include "lib/networks.h"
#include "tests/nft/full_table.h"
#include "tests/unit/daemon_nat64_config.h"

namespace ipxlat::nft {
namespace {

// A text with its closing zero, quoted; else hexadecimal.
std::string value(const uint8_t* data, size_t length) {
  const bool text =
      length > 1 && data[length - 1] == 0 &&
      std::all_of(data, data + length - 1, [](uint8_t byte) { return std::isprint(byte) != 0; });
  if (text) return '"' + std::string(data, data + length - 1) + '"';
  std::string hex;
  for (size_t i = 0; i < length; i++) {
    hex += "0123456789abcdef"[data[i] >> 4];
    hex += "0123456789abcdef"[data[i] & 15];
  }
  return hex;
}

// "1=value 2={1=value}", for attributes that fill `length` bytes.
std::string attributes(const uint8_t* data, size_t length) {
  std::string all;
  while (length >= MNL_ATTR_HDRLEN) {
    const auto* attribute = reinterpret_cast<const nlattr*>(data);
    const auto* payload = static_cast<const uint8_t*>(mnl_attr_get_payload(attribute));
    const size_t payload_length = mnl_attr_get_payload_len(attribute);
    if (!all.empty()) all += ' ';
    all += std::to_string(mnl_attr_get_type(attribute)) + '=';
    all += attribute->nla_type & NLA_F_NESTED ? '{' + attributes(payload, payload_length) + '}'
                                              : value(payload, payload_length);
    const size_t step = MNL_ALIGN(attribute->nla_len);
    data += step;
    length -= std::min(length, step);
  }
  return all;
}

// "type flags family attributes", each number as <linux/netfilter/nf_tables.h> and <linux/netlink.h> have it.
std::string line(const nlmsghdr* message) {
  const auto* generic = static_cast<const nfgenmsg*>(mnl_nlmsg_get_payload(message));
  const auto* begin = static_cast<const uint8_t*>(mnl_nlmsg_get_payload_offset(message, sizeof *generic));
  std::ostringstream text;
  text << NFNL_SUBSYS_ID(message->nlmsg_type) << '.' << NFNL_MSG_TYPE(message->nlmsg_type) << " 0x"
       << std::hex << message->nlmsg_flags << std::dec << ' ' << unsigned{generic->nfgen_family} << ' '
       << attributes(begin, mnl_nlmsg_get_payload_len(message) - MNL_ALIGN(sizeof *generic));
  return text.str();
}

std::string lines(const Batch& batch) {
  std::string all;
  for (uint32_t i = 1; i <= batch.last_sequence(); i++) all += line(batch.message(i)) + '\n';
  return all;
}

Table pool_table6() {
  Nat64Config config = nat64_config();
  config.mode = Nat64Mode::kPool;
  config.pool4 = {parse_prefix4("203.0.113.16/28"), parse_prefix4("192.0.2.0/30")};
  config.pool6 = {internal6(config.pool4[0]), internal6(config.pool4[1])};
  return nat64_table6(config, {7, 1440});
}

Table part_table6() {
  Nat64Config config = nat64_config();
  config.routes4 = {parse_prefix4("198.51.100.0/24"), parse_prefix4("203.0.113.8/31")};
  config.forward = {{IPPROTO_TCP, {}, 80, parse_address6("2001:db8::5"), 8080}};
  return nat64_table6(config, {7, 1440});
}

Table front_table() {
  Nat46Config config;
  config.name = config.device = "front";
  config.uplinks = {"eth1"};
  config.inside4 = parse_prefix4("240.46.0.0/16");
  config.forward = {{IPPROTO_TCP, parse_address4("203.0.113.80"), 443, parse_address6("2001:db8::80"), 8443},
                    {IPPROTO_ICMP, parse_address4("203.0.113.81"), 0, parse_address6("2001:db8::81"), 0}};
  return nat46_table(config, nat46_map(config), 7);
}

Table pool_table4() {
  Nat64Config config = nat64_config();
  config.mode = Nat64Mode::kPool;
  return nat64_table4(config, {7, 1440});
}

// With all there may be.
Nat64Config masquerade_config() {
  Nat64Config config = nat64_config();
  config.downlinks = {"eth0", "eth2"};
  config.allow_private = {parse_prefix4("10.0.0.0/8")};
  config.forward = {{IPPROTO_TCP, {}, 80, parse_address6("2001:db8::5"), 8080}};
  config.max_flows_per_client = 2000;
  config.max_new_flows_per_client = 50;
  return config;
}
const Nat64Links kFastLinks{7,
                            1440,
                            {"edge", "eth0", "eth2"},
                            {"edge", "eth1"},
                            {parse_prefix4("203.0.113.2/32")},
                            {{"eth1", 4}},
                            {{"eth0", 3}, {"eth2", 5}}};

std::vector<Table> clat(const Prefix6& near6, const std::string& mode) {
  ClatConfig config;
  config.name = "home";
  config.device = "clat0";
  config.pref64 = parse_prefix6("64:ff9b::/96");
  SeenLink uplink;
  uplink.ifindex = 2;
  uplink.name = "eth0";
  ClatPlace place;
  place.uplink = &uplink;
  place.device = "clat0";
  place.table = "ipxlat-home";
  place.pref64 = config.pref64;
  const bool is_shared = mode == "shared";
  return clat_tables(config, place, {{{parse_prefix4("192.0.0.1/32"), near6}}, mode, is_shared}, 7, true);
}

struct Case {
  std::string name;  // of the file in tests/nft/wire
  Table wanted;
  std::optional<Table> there = {};
};

std::vector<Case> cases() {
  const Table nothing{Family::kIp6, "ipxlat-full", "nat64.full"};
  Table other = full_table("lo", "eth2");
  chain_of(other, "in").priority = 0;
  chain_of(other, "end").rules.clear();
  other.sets.back().set.elements = {{port(83), {}, {}, "check"}};
  other.objects[1].what = NamedLimit{11, 3600, 5};
  return {{"full", full_table("lo", "eth1")},
          {"emptied", nothing, full_table("lo", "eth1")},
          {"altered", full_table("lo", "eth1"), other},
          {"nat64_masquerade6", nat64_table6(masquerade_config(), kFastLinks)},
          {"nat64_masquerade4", nat64_table4(masquerade_config(), kFastLinks)},
          {"nat64_part6", part_table6()},
          {"nat64_pool6", pool_table6()},
          {"nat64_pool4", pool_table4()},
          {"nat64_blocks6", nat64_table6(blocks_config(), {7, 1440})},
          {"nat46", front_table()},
          {"clat_shared", clat(internal6(parse_prefix4("192.0.0.1/32")), "shared").front()},
          {"clat_dedicated", clat(parse_prefix6("2001:db8::1/128"), "dedicated").front()},
          {"clat_untracked", clat(parse_prefix6("2001:db8::1/128"), "dedicated").back()}};
}

class DaemonNftWire : public testing::TestWithParam<Case> {};

TEST_P(DaemonNftWire, is_what_is_recorded) {
  if (std::endian::native != std::endian::little)
    GTEST_SKIP() << "marks and indices have the processor's byte order";
  std::ifstream file(IPXLAT_SOURCE_DIR "/tests/nft/wire/" + GetParam().name);
  std::string recorded;
  for (std::string text; std::getline(file, text);) recorded += text + '\n';
  TableSummaries seen;
  if (GetParam().there) seen.push_back(summary(*GetParam().there));
  EXPECT_EQ(lines(change({GetParam().wanted}, seen)), recorded);
}

INSTANTIATE_TEST_SUITE_P(Tables, DaemonNftWire, testing::ValuesIn(cases()),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace ipxlat::nft
