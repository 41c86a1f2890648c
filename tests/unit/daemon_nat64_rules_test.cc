// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/netfilter/nf_conntrack_common.h>

#include <map>

#include "daemon/desired/nat64_rules.h"
#include "lib/networks.h"
#include "tests/unit/daemon_nat64_config.h"
#include "tests/unit/daemon_rule_words.h"

namespace ipxlat::nft {
namespace {

using testing::ElementsAre;

constexpr uint32_t kEstablished = NF_CT_STATE_BIT(IP_CT_ESTABLISHED) | NF_CT_STATE_BIT(IP_CT_RELATED);

// Where a chain stands: "forward filter 2 10" by hook and priority, or "check".
Lines chains(const Table& table) {
  Lines all;
  for (const auto& chain : table.chains)
    all.push_back(chain.type.empty()
                      ? chain.name
                      : chain.name + " " + chain.type + " " + std::to_string(static_cast<int>(chain.hook)) +
                            " " + std::to_string(chain.priority));
  return all;
}

// What is asked of every packet in the chain, in order.
std::vector<Lines> all_rules(const Table& table, const std::string& chain) {
  std::vector<Lines> all;
  for (const auto& one : table.chains)
    if (one.name == chain)
      for (const auto& rule : one.rules) all.push_back(words(rule));
  return all;
}

Nat64Config pool_config() {
  Nat64Config config = nat64_config();
  config.mode = Nat64Mode::kPool;
  config.pool4 = {parse_prefix4("203.0.113.16/28"), parse_prefix4("192.0.2.0/30")};
  config.pool6 = {internal6(config.pool4[0]), internal6(config.pool4[1])};
  return config;
}

Nat64Config with_services(Nat64Config config) {
  config.forward = {{IPPROTO_TCP, {}, 80, parse_address6("2001:db8::5"), 8080},
                    {IPPROTO_ICMP, {}, 0, parse_address6("2001:db8::6"), 0}};
  return config;
}

const Nat64Links kSlow{7, 1440, {}, {}};
const Nat64Links kFastLinks{7, 1440, {"edge", "eth0"}, {"edge", "eth1"}};

const Lines kInvalid = {kState, "and " + number(NF_CT_STATE_INVALID_BIT | NF_CT_STATE_UNTRACKED_BIT),
                        "!= 00000000"};
const Lines kNew = {kState, "and " + number(NF_CT_STATE_BIT(IP_CT_NEW)), "!= 00000000"};
const Lines kAnswered = {kState, "and " + number(kEstablished), "!= 00000000"};

Lines operator+(Lines all, const Lines& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

const Lines kTimes = {"refer to udp", "refer to tcp"};

TEST(DaemonNat64Rules, are_two_tables_of_one_name) {
  const auto tables = nat64_tables(nat64_config(), kSlow);
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_EQ(tables[0].family, Family::kIp6);
  EXPECT_EQ(tables[1].family, Family::kIp4);
  for (const auto& table : tables) {
    EXPECT_EQ(table.name, "ipxlat-edge");
    EXPECT_EQ(table.owner, "nat64.edge");
  }
}

TEST(DaemonNat64Rules, ipv6_is_asked_by_nothing_but_a_flows_first_packet) {
  for (const auto& config : {nat64_config(), pool_config()}) {
    const Table table = nat64_table6(config, kSlow);
    EXPECT_EQ(chains(table), (Lines{"not-udp", "check", "first nat 0 -190", "leave", "nat nat 4 -190"}));
    EXPECT_TRUE(table.flowtables.empty());
  }
}

TEST(DaemonNat64Rules, what_goes_to_the_prefix_is_checked) {
  const Table table = nat64_table6(nat64_config(), kSlow);
  EXPECT_THAT(all_rules(table, "first"),
              ElementsAre(Lines{"payload 1 24+12", "== 0064ff9b0000000000000000", "goto check"}));
  EXPECT_EQ(all_rules(table, "check").back(), (Lines{kProtocol, "!= 11", "jump not-udp"}));
  EXPECT_THAT(all_rules(table, "not-udp"),
              ElementsAre(Lines{kProtocol, "not in 06 3a", "counter", "reject 4"},
                          Lines{kProtocol, "== 06", "payload 2 13+1", "and 17", "!= 02", "counter",
                                "reject with a reset"}));
  EXPECT_THAT(all_rules(table, "nat"),
              ElementsAre(Lines{"oif edge/7", "payload 1 24+12", "== 0064ff9b0000000000000000"} + kTimes +
                          Lines{"goto leave"}));
  EXPECT_EQ(rule_words(table, "leave", "as written inside"),
            (Lines{"counter", "snat 64:ff9b:1:fffe::c612:0-64:ff9b:1:fffe::c613:ffff"}));
}

TEST(DaemonNat64Rules, clients_are_behind_the_downlinks_alone_where_they_are_named) {
  Nat64Config config = nat64_config();
  EXPECT_TRUE(all_rules(nat64_table6(config, kSlow), "elsewhere").empty());
  config.downlinks = {"eth0"};
  Nat64Links links = kSlow;
  links.downlinks = {{"eth0", 3}};
  const Lines to_prefix = {"payload 1 24+12", "== 0064ff9b0000000000000000"};
  const Table table = nat64_table6(config, links);
  EXPECT_THAT(all_rules(table, "first"), ElementsAre(Lines{"iif eth0/3"} + to_prefix + Lines{"goto check"},
                                                     to_prefix + Lines{"goto elsewhere"}));
  EXPECT_THAT(all_rules(table, "elsewhere"),
              ElementsAre(Lines{kIif, "!= " + padded("eth0"), "counter", "reject 1"}, Lines{"goto check"}));
}

TEST(DaemonNat64Rules, what_goes_to_the_rest_of_the_prefix_is_not_asked_for) {
  Nat64Config config = nat64_config();
  config.forward = {{IPPROTO_TCP, {}, 80, parse_address6("2001:db8::5"), 8080}};
  EXPECT_EQ(rule_words(nat64_table6(config, kSlow), "first", "flows that IPv4 begins"),
            (Lines{kIif, "== " + padded("edge"), "goto inbound"}));
  config.routes4 = {parse_prefix4("198.51.100.0/24")};
  EXPECT_EQ(rule_words(nat64_table6(config, kSlow), "first", "first packet"),
            (Lines{"payload 1 24+15", "== 0064ff9b0000000000000000c63364", "goto check"}));
  EXPECT_EQ(rule_words(nat64_table6(config, kSlow), "first", "flows that IPv4 begins"),
            (Lines{kIif, "== " + padded("edge"), "payload 1 8+15", "== 0064ff9b0000000000000000c63364",
                   "goto inbound"}));
  EXPECT_EQ(rule_words(nat64_table6(config, kSlow), "nat", "into the device"),
            (Lines{"oif edge/7", "payload 1 24+15", "== 0064ff9b0000000000000000c63364"} + kTimes +
             Lines{"goto leave"}));
  config.routes4.push_back(parse_prefix4("203.0.113.8/31"));
  EXPECT_EQ(rule_words(nat64_table6(config, kSlow), "first", "first packet"),
            (Lines{"payload 1 24+16",
                   "in 0064ff9b0000000000000000c6336400-0064ff9b0000000000000000c6336500 "
                   "0064ff9b0000000000000000cb007108-0064ff9b0000000000000000cb00710a",
                   "goto check"}));
}

TEST(DaemonNat64Rules, private_destinations_are_refused_but_for_those_that_are_allowed) {
  Nat64Config config = nat64_config();
  config.allow_private = {parse_prefix4("10.1.0.0/16")};
  const auto rule = rule_words(nat64_table6(config, kSlow), "check", "not global");
  ASSERT_EQ(rule.size(), 6u);
  EXPECT_EQ(rule[0], "payload 1 36+4");
  EXPECT_THAT(rule[1], testing::StartsWith("in 00000000-01000000 0a000000-0b000000 "));
  EXPECT_THAT(rule[1], testing::EndsWith(" e0000000-"));
  EXPECT_EQ(rule[2], "payload 1 36+4");
  EXPECT_EQ(rule[3], "not in 0a010000-0a020000");
  EXPECT_EQ(rule[5], "reject 1");
}

TEST(DaemonNat64Rules, bits_64_to_71_hide_nothing_private) {
  const auto rule_below = [](const char* pref64) {
    Nat64Config config = nat64_config();
    config.settings.remote_prefix6 = parse_prefix6(pref64);
    return rule_words(nat64_table6(config, kSlow), "check", "not global");
  };
  EXPECT_EQ(rule_below("2001:db8::/32")[0], "payload 1 28+4");
  EXPECT_EQ(rule_below("2001:db8:64::/64")[0], "payload 1 33+4");
  const auto split = rule_below("2001:db8:64::/48");
  EXPECT_EQ(split[0], "payload 1 24+16");
  EXPECT_EQ(split[1], "and ffffffffffffffff00ffffffffffffff");
  EXPECT_THAT(split[2], testing::HasSubstr("20010db800640a000000000000000000-"));
}

TEST(DaemonNat64Rules, a_client_goes_to_one_of_several_pools_by_their_sizes) {
  const auto rules = all_rules(nat64_table6(pool_config(), kSlow), "leave");
  ASSERT_EQ(rules.size(), 2u);
  EXPECT_EQ(rules[0], (Lines{"hash mod 5", "< 00000004", "counter",
                             "snat 64:ff9b:1:fffe::cb00:7110-64:ff9b:1:fffe::cb00:711f"}));
  EXPECT_EQ(rules[1], (Lines{"counter", "snat 64:ff9b:1:fffe::c000:200-64:ff9b:1:fffe::c000:203"}));
}

TEST(DaemonNat64Rules, ipv4_in_masquerade_mode) {
  Nat64Links links = kSlow;
  links.uplinks = {{"eth1", 4}};
  const Table table = nat64_table4(nat64_config(), links);
  EXPECT_EQ(chains(table), (Lines{"segments", "outbound", "strangers", "input filter 1 300", "nat nat 4 -190",
                                  "forward filter 2 10"}));
  EXPECT_THAT(all_rules(table, "forward"),
              ElementsAre(Lines{kProtocol, "== 06", "payload 2 13+1", "and 02", "!= 00", "jump segments"},
                          Lines{kState, "and " + number(kEstablished), "== 00000000", "iif edge/7",
                                "goto outbound"}));
  EXPECT_THAT(all_rules(table, "outbound"),
              ElementsAre(kNew + Lines{"oif eth1/4", "accept"}, kInvalid + Lines{"counter", "drop"},
                          Lines{kOif, "!= " + padded("eth1"), "counter", "reject 13"}));
  EXPECT_THAT(all_rules(table, "nat"), ElementsAre(Lines{"payload 1 12+4", "and fffe0000", "== c6120000"} +
                                                   kTimes + Lines{"counter", "masquerade"}));
}

TEST(DaemonNat64Rules, a_stranger_takes_no_port_from_clients_and_no_service_from_strangers) {
  const Table table = nat64_table4(nat64_config(), kSlow);
  EXPECT_THAT(all_rules(table, "input"),
              ElementsAre(Lines{kProtocol, "== 11", kState, "and " + number(NF_CT_STATE_BIT(IP_CT_NEW)),
                                "!= 00000000", kIif, "== " + padded("eth1"), kPacketType, "== 00",
                                "goto strangers"}));
  EXPECT_THAT(all_rules(table, "strangers"),
              ElementsAre(Lines{"socket transparent", "<= 01", "accept"}, Lines{"counter", "reject 3"}));
}

TEST(DaemonNat64Rules, segments_fit_the_way_to_the_server_and_the_links_that_are_known) {
  EXPECT_THAT(all_rules(nat64_table4(nat64_config(), kSlow), "segments"),
              ElementsAre(Lines{"iif edge/7", "counter", "clamp"}, Lines{"iif edge/7", "clamp 1440"},
                          Lines{"oif edge/7", "counter", "clamp 1440"}));
  EXPECT_THAT(all_rules(nat64_table4(nat64_config(), {7}), "segments"),
              ElementsAre(Lines{"iif edge/7", "counter", "clamp"}));
}

TEST(DaemonNat64Rules, pool_mode_tracks_only_the_ipv6_side) {
  const Table table = nat64_table4(pool_config(), kSlow);
  EXPECT_EQ(chains(table), (Lines{"segments", "replies", "prerouting filter 0 -300", "output filter 3 -300",
                                  "forward filter 2 10"}));
  const std::string pool = "in c0000200-c0000204 cb007110-cb007120";
  EXPECT_THAT(all_rules(table, "prerouting"),
              ElementsAre(Lines{"iif edge/7", "notrack"}, Lines{"payload 1 16+4", pool, "goto replies"}));
  EXPECT_THAT(all_rules(table, "replies"), ElementsAre(Lines{kProtocol, "in 06 11 01", "notrack", "accept"},
                                                       Lines{"counter", "reject 2"}));
  EXPECT_THAT(all_rules(table, "output"), ElementsAre(Lines{"oif edge/7", "notrack"}));
  EXPECT_EQ(all_rules(table, "forward").size(), 1u);
}

TEST(DaemonNat64Rules, of_other_protocols_nothing_comes_to_a_pool_that_is_tracked) {
  const Table table = nat64_table4(pool_config(), kFastLinks);
  EXPECT_EQ(chains(table), (Lines{"segments", "forward filter 2 10"})) << "NAT has no part in it";
  EXPECT_EQ(all_rules(table, "forward").back(),
            (Lines{"oif edge/7", kProtocol, "not in 06 11 01", "counter", "reject 2"}));
}

TEST(DaemonNat64Rules, what_clients_send_is_offloaded_once_it_was_answered) {
  const Table table = nat64_table6(nat64_config(), kFastLinks);
  EXPECT_EQ(table.flowtables, (std::vector<Flowtable>{{"fast", 0, {"edge", "eth0"}}}));
  EXPECT_EQ(chains(table).back(), "forward filter 2 10");
  EXPECT_THAT(all_rules(table, "forward"),
              ElementsAre(Lines{"oif edge/7", kState, "and " + number(kEstablished), "!= 00000000",
                                "flow add @fast"}));
}

TEST(DaemonNat64Rules, ipv4_is_offloaded_by_what_leaves_and_tracked_for_it) {
  const Lines offload = kAnswered + Lines{"flow add @fast"};
  for (const auto& config : {nat64_config(), pool_config()}) {
    const Table table = nat64_table4(config, kFastLinks);
    EXPECT_EQ(table.flowtables, (std::vector<Flowtable>{{"fast", 0, {"edge", "eth1"}}}));
    EXPECT_TRUE(all_rules(table, "prerouting").empty());
  }
  const Table masquerade = nat64_table4(nat64_config(), kFastLinks);
  EXPECT_EQ(all_rules(masquerade, "forward").size(), 2u) << "nothing is asked of what comes from IPv4";
  EXPECT_EQ(all_rules(masquerade, "forward").at(1), (Lines{"iif edge/7", "goto outbound"}));
  EXPECT_EQ(all_rules(masquerade, "outbound").at(0), offload);
  EXPECT_EQ(all_rules(masquerade, "outbound").at(1), kAnswered + Lines{"accept"});
  EXPECT_EQ(all_rules(nat64_table4(pool_config(), kFastLinks), "forward").at(1),
            Lines{"iif edge/7"} + offload);
}

TEST(DaemonNat64Rules, a_tracked_flow_lives_as_long_as_its_protocol_wants) {
  const auto seconds = [](const Table& table) {
    std::map<uint8_t, std::vector<uint32_t>> all;
    for (const auto& object : table.objects) {
      const auto& times = std::get<ConntrackTimeout>(object.what);
      EXPECT_EQ(times.family, table.family);
      all[times.protocol] = times.seconds;
    }
    return all;
  };
  const std::vector<uint32_t> tcp = {240, 240, 7440, 7440, 7440, 240, 240, 240, 240, 7440, 7440};
  EXPECT_EQ(seconds(nat64_table6(pool_config(), kSlow)),
            (std::map<uint8_t, std::vector<uint32_t>>{{6, tcp}, {17, {300, 300}}}));
  EXPECT_EQ(seconds(nat64_table4(nat64_config(), kSlow)), seconds(nat64_table6(pool_config(), kSlow)));
  for (const auto& links : {kSlow, kFastLinks})
    EXPECT_TRUE(nat64_table4(pool_config(), links).objects.empty()) << "the IPv6 side keeps the state";
}

TEST(DaemonNat64Rules, a_flow_that_ipv4_begins_lives_as_long_as_any_other) {
  Nat64Links links = kFastLinks;
  links.outside = {parse_prefix4("203.0.113.2/32")};
  for (const auto& table :
       {nat64_table6(with_services(nat64_config()), links),
        nat64_table4(with_services(nat64_config()), links), nat64_table6(blocks_config(), links)}) {
    const auto rules = all_rules(table, "inbound");
    EXPECT_GT(rules.size(), 1u) << "what translates is the last that is asked";
    EXPECT_EQ(rules.front(), kTimes);
  }
}

TEST(DaemonNat64Rules, a_client_has_no_more_flows_than_it_may) {
  Nat64Config config = nat64_config();
  EXPECT_TRUE(nat64_table6(config, kSlow).sets.empty());
  config.max_flows_per_client = 2000;
  config.max_new_flows_per_client = 50;
  const Table table = nat64_table6(config, kSlow);
  const auto rules = all_rules(table, "check");
  EXPECT_EQ(rules.end()[-2], (Lines{"payload 1 8+16", "and ffffffffffffffff0000000000000000",
                                    "add @rates more than 50 a second", "counter", "reject 3"}));
  EXPECT_EQ(rules.end()[-1], (Lines{"payload 1 8+16", "and ffffffffffffffff0000000000000000",
                                    "add @clients more than 2000 flows", "counter", "reject 3"}));
  ASSERT_EQ(table.sets.size(), 2u);
  for (const auto& set : table.sets) EXPECT_TRUE(set.dynamic);
  EXPECT_EQ(table.sets[0].timeout, std::chrono::seconds(10));
  EXPECT_EQ(table.sets[1].timeout.count(), 0) << "it is there as long as its flows are";
  config.client_prefix_length = 128;
  EXPECT_EQ(all_rules(nat64_table6(config, kSlow), "check").end()[-1],
            (Lines{"payload 1 8+16", "add @clients more than 2000 flows", "counter", "reject 3"}));
  config.max_new_flows_per_client.reset();
  EXPECT_FALSE(find(nat64_table6(config, kSlow), "check", "too many new flows"));
}

TEST(DaemonNat64Rules, a_service_is_reached_by_the_last_inside_address) {
  const Table table = nat64_table6(with_services(nat64_config()), kSlow);
  EXPECT_EQ(all_rules(table, "first").at(1), (Lines{kIif, "== " + padded("edge"), "goto inbound"}));
  EXPECT_THAT(
      all_rules(table, "inbound"),
      ElementsAre(testing::_,
                  Lines{"payload 1 24+16", "== 0064ff9b0001fffe00000000c613ffff", kProtocol, "== 06",
                        "payload 2 2+2", "== 0050", "counter", "to 20010db8000000000000000000000005:8080"},
                  Lines{"payload 1 24+16", "== 0064ff9b0001fffe00000000c613ffff", kProtocol, "== 3a",
                        "counter", "to 20010db8000000000000000000000006"}));
  EXPECT_EQ(rule_words(table, "leave", "the server itself sends"),
            (Lines{"payload 1 8+16", "== 20010db8000000000000000000000005", kProtocol, "== 06",
                   "payload 2 0+2", "== 1f90", "counter", "from 0064ff9b0001fffe00000000c613ffff:80"}));
  EXPECT_EQ(all_rules(nat64_table6(nat64_config(), kSlow), "first").size(), 1u);
}

TEST(DaemonNat64Rules, a_service_is_at_the_addresses_of_the_uplinks) {
  Nat64Links links = kSlow;
  EXPECT_TRUE(all_rules(nat64_table4(with_services(nat64_config()), links), "services").empty());
  links.outside = {parse_prefix4("203.0.113.2/32")};
  const Table table = nat64_table4(with_services(nat64_config()), links);
  EXPECT_THAT(all_rules(table, "services"), ElementsAre(Lines{kIif, "== " + padded("eth1"), "payload 1 16+4",
                                                              "== cb007102", "goto inbound"}));
  EXPECT_THAT(
      all_rules(table, "inbound"),
      ElementsAre(testing::_, Lines{kProtocol, "== 06", "payload 2 2+2", "== 0050", "counter", "to c613ffff"},
                  Lines{kProtocol, "== 01", "counter", "to c613ffff"}));
  EXPECT_TRUE(all_rules(nat64_table4(nat64_config(), links), "services").empty());
}

TEST(DaemonNat64Rules, a_service_of_a_pool_is_at_its_address) {
  Nat64Config config = with_services(pool_config());
  config.forward[0].address = parse_address4("203.0.113.17");
  config.forward[1].address = parse_address4("192.0.2.3");
  const auto rules = all_rules(nat64_table6(config, kSlow), "inbound");
  EXPECT_EQ(rules.at(1).at(1), "== 0064ff9b0001fffe00000000cb007111");
  EXPECT_EQ(rules.at(2).at(1), "== 0064ff9b0001fffe00000000c0000203");
  EXPECT_FALSE(find(nat64_table4(config, kFastLinks), "inbound", "as written inside"));
}

TEST(DaemonNat64Rules, drained_it_refuses_new_flows_from_both_sides) {
  Nat64Config config = with_services(nat64_config());
  const Lines refused = {"counter", "reject 0"};
  for (const char* chain : {"check", "inbound"}) {
    EXPECT_NE(all_rules(nat64_table6(config, kSlow), chain).front(), refused);
    config.drained = true;
    EXPECT_EQ(all_rules(nat64_table6(config, kSlow), chain).front(), refused);
    config.drained = false;
  }
}

const NamedSet* set_of(const Table& table, const std::string& name) {
  for (const auto& set : table.sets)
    if (set.name == name) return &set;
  return nullptr;
}

// "key to value", or "key to chain".
Lines elements(const NamedSet* set) {
  Lines all;
  if (!set) return all;
  for (const auto& one : set->set.elements)
    all.push_back(hex(one.begin) + " to " + hex(one.value) + one.chain);
  return all;
}

TEST(DaemonNat64Rules, a_client_has_a_block_of_ports_that_its_address_says) {
  const Table table = nat64_table6(blocks_config(), kSlow);
  EXPECT_EQ(all_rules(table, "leave").back(),
            (Lines{"payload 1 8+16", "and 00000000000000030000000000000000", "map @blocks"}));
  EXPECT_EQ(
      elements(set_of(table, "blocks")),
      (Lines{"00000000000000000000000000000000 to block-0", "00000000000000010000000000000000 to block-1",
             "00000000000000020000000000000000 to block-2", "00000000000000030000000000000000 to block-3"}));
  EXPECT_EQ(elements(set_of(table, "addresses")),
            (Lines{"20010db8000100100000000000000000 to 0064ff9b0001fffe00000000cb007110",
                   "20010db8000100140000000000000000 to 0064ff9b0001fffe00000000cb007111",
                   "20010db8000200000000000000000000 to 0064ff9b0001fffe00000000c0000200"}));
  const Lines group = {"payload 1 8+16", "and fffffffffffffffc0000000000000000"};
  EXPECT_THAT(all_rules(table, "block-0"),
              ElementsAre(group + Lines{"map @addresses", "counter", "snat ports 1024-17151"}));
  EXPECT_THAT(all_rules(table, "block-3"),
              ElementsAre(group + Lines{"map @addresses", "counter", "snat ports 49408-65535"}));
  EXPECT_EQ(rule_words(table, "check", "none of the clients"),
            (Lines{"payload 1 8+16",
                   "not in 20010db8000100100000000000000000-20010db8000100180000000000000000 "
                   "20010db8000200000000000000000000-20010db8000200040000000000000000",
                   "counter", "reject 1"}));
  Nat64Config config = blocks_config();
  config.port_blocks->clients.pop_back();
  EXPECT_EQ(rule_words(nat64_table6(config, kSlow), "check", "none of the clients"),
            (Lines{"payload 1 8+16", "and fffffffffffffff80000000000000000",
                   "!= 20010db8000100100000000000000000", "counter", "reject 1"}));
  const Table without = nat64_table6(pool_config(), kSlow);
  EXPECT_FALSE(set_of(without, "addresses"));
  EXPECT_FALSE(find(without, "check", "none of the clients"));
}

TEST(DaemonNat64Rules, whoever_sends_to_a_clients_port_reaches_it) {
  Nat64Config config = blocks_config();
  const Table table = nat64_table6(config, kSlow);
  EXPECT_THAT(chains(table), testing::IsSupersetOf({"keep", "mappings filter 4 110", "inbound"}));
  EXPECT_EQ(all_rules(table, "first").at(1), (Lines{kIif, "== " + padded("edge"), "goto inbound"}));
  EXPECT_THAT(
      all_rules(table, "mappings"),
      ElementsAre(Lines{"oif edge/7", kState, "and " + number(kEstablished), "== 00000000", "goto keep"}));
  EXPECT_THAT(all_rules(table, "keep"), ElementsAre(Lines{kProtocol, "== 11", "keep in @mappings-udp"},
                                                    Lines{kProtocol, "== 06", "keep in @mappings-tcp"}));
  const auto inbound = all_rules(table, "inbound");
  EXPECT_EQ(inbound.end()[-2], (Lines{kProtocol, "== 11", "back by @mappings-udp"}));
  EXPECT_EQ(inbound.end()[-1],
            (Lines{kProtocol, "== 06", "payload 2 13+1", "and 02", "!= 00", "back by @mappings-tcp"}));
  for (const char* name : {"mappings-udp", "mappings-tcp"}) {
    const NamedSet* set = set_of(table, name);
    ASSERT_TRUE(set);
    EXPECT_TRUE(set->dynamic);
    EXPECT_EQ(set->timeout, std::chrono::seconds(7440));
  }
  config.endpoint_independent_filtering = false;
  EXPECT_EQ(all_rules(nat64_table6(config, kSlow), "first").size(), 1u);
  EXPECT_TRUE(all_rules(nat64_table6(config, kSlow), "mappings").empty());
}

}  // namespace
}  // namespace ipxlat::nft
