// SPDX-License-Identifier: GPL-2.0-only
// A table with one of everything that tables have, for tests with and without a kernel.
#ifndef IPXLAT_TESTS_NFT_FULL_TABLE_H
#define IPXLAT_TESTS_NFT_FULL_TABLE_H

#include <linux/netfilter/nf_tables.h>

#include "daemon/nft/rule_builder.h"
#include "daemon/nft/table.h"

namespace ipxlat::nft {

inline Bytes port(uint16_t number) {
  return {static_cast<uint8_t>(number >> 8), static_cast<uint8_t>(number & 255)};
}

// What a rule of family ip6 compares with.
inline Payload source6() { return {NFT_PAYLOAD_NETWORK_HEADER, 8, 16}; }
inline Payload destination_port() { return {NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2}; }

// Of family ip6, on two devices that are to be there, `first` and `second`.
inline Table full_table(const std::string& first = "eth0", const std::string& second = "eth1") {
  Table table{Family::kIp6, "ipxlat-full", "nat64.full"};
  table.objects = {{"seen", NamedCounter{}},
                   {"slow", NamedLimit{10, 3600, 5}},
                   {"short", ConntrackTimeout{Family::kIp6, IPPROTO_UDP, {7, 17}}}};
  table.flowtables = {{"fast", 0, {first, second}}};
  table.sets = {{"clients", {KeyType::kAddress6}, {}, true, 65535},
                {"recent", {KeyType::kAddress6}, {}, true, 100, std::chrono::minutes(10)},
                {"networks",
                 {KeyType::kAddress6,
                  true,
                  {{{0x20, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
                    {0x20, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}}}}},
                {"ports", {KeyType::kPort, false, {{port(80)}, {port(443)}}}},
                {"marks", {KeyType::kPort, false, {{port(81), {}, {1, 0, 0, 0}}}}, KeyType::kMark},
                {"ways", {KeyType::kPort, false, {{port(82), {}, {}, "end"}}}, KeyType::kVerdict}};

  const auto rule = [] { return RuleBuilder(Family::kIp6); };
  Chain end{"end"};
  end.rules = {rule().counter().statement(Accept{}).comment("the end")};
  Chain check{"check"};
  check.rules = {
      rule()
          .statement(source6())
          .statement(AddToSet{"clients", 3})
          .statement(Drop{})
          .comment("more than three flows"),
      rule().statement(source6()).statement(AddToSet{"recent", {}, 20}).comment("who was here too often"),
      rule().statement(Refer{ObjectType::kLimit, "slow"}).statement(Goto{"end"}).comment("now and then")};
  Chain in{"in", "filter", Hook::kPrerouting, -50};
  in.rules = {rule().statement(Refer{ObjectType::kCounter, "seen"}).comment("all"),
              rule()
                  .l4proto(IPPROTO_UDP)
                  .statement(destination_port())
                  .statement(NamedLookup{"ports"})
                  .counter()
                  .comment("named ports"),
              rule()
                  .l4proto(IPPROTO_UDP)
                  .statement(destination_port())
                  .statement(MapLookup{"marks"})
                  .statement(Compare{Comparison::kNotEqual, {0, 0, 0, 0}})
                  .counter()
                  .comment("marked ports"),
              rule()
                  .l4proto(IPPROTO_UDP)
                  .statement(destination_port())
                  .statement(MapLookup{"ways", true})
                  .comment("ports with a way"),
              rule()
                  .l4proto(IPPROTO_UDP)
                  .statement(Refer{ObjectType::kConntrackTimeout, "short"})
                  .comment("short lives"),
              rule()
                  .statement(source6())
                  .statement(NamedLookup{"networks", true})
                  .statement(Jump{"check"})
                  .comment("others"),
              rule().l4proto(IPPROTO_UDP).has_socket().counter().comment("for somebody here"),
              rule()
                  .l4proto_not({IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMPV6})
                  .counter()
                  .statement(Reject{4})
                  .comment("no other protocol")};
  Chain forward{"forward", "filter", Hook::kForward, 10, {}, true};
  forward.rules = {rule().l4proto(IPPROTO_UDP).statement(OffloadFlow{"fast"}).comment("fast lane"),
                   rule().counter().statement(Accept{}).comment("every other")};
  table.chains = {end, check, in, forward};
  return table;
}

inline Chain& chain_of(Table& table, const std::string& name) {
  for (auto& chain : table.chains)
    if (chain.name == name) return chain;
  return table.chains.front();
}

}  // namespace ipxlat::nft

#endif
