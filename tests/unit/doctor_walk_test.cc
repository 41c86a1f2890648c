// SPDX-License-Identifier: GPL-2.0-only
// What chains do to packets of which not everything is known.
#include <gtest/gtest.h>

#include <cstring>

#include "tools/ipxlatctl/doctor/packet_walk.h"

namespace ipxlat::ctl::doctor {
namespace {

constexpr uint32_t kR = 0;

Bytes host32(uint32_t value) {
  Bytes bytes(4);
  std::memcpy(bytes.data(), &value, 4);
  return bytes;
}

Bytes name16(std::string name) {
  name.resize(16);
  return {name.begin(), name.end()};
}

Instruction compare(Bytes value, Compare::Operator op = Compare::kEqual) {
  return Compare{kR, op, std::move(value)};
}

using Words = std::vector<Instruction>;

Words iifname(const std::string& name) { return {Load{kR, 16, Key::kIifname}, compare(name16(name))}; }

Words ct_state(uint32_t states) {
  return {Load{kR, 4, Key::kCtState}, Bitwise{kR, kR, host32(states), Bytes(4)},
          compare(Bytes(4), Compare::kNotEqual)};
}

Words daddr6(const char* prefix) {
  auto p = parse_prefix6(prefix);
  size_t length = p.length / 8;
  Bytes bytes(p.address.s6_addr, p.address.s6_addr + length);
  return {Load{kR, static_cast<uint32_t>(length), Key::kNetwork, 24}, compare(bytes)};
}

Words operator+(Words a, const Instruction& b) {
  a.push_back(b);
  return a;
}

class DoctorWalk : public testing::Test {
 protected:
  DoctorWalk() { base_.base = Base{Hook::kForward, 0, false}; }

  void rule(Words words) { base_.rules.push_back({base_.rules.size() + 1, std::move(words)}); }
  void rule_in(const std::string& chain, Words words) {
    auto& rules = table_.chains[chain].rules;
    table_.chains[chain].name = chain;
    rules.push_back({rules.size() + 1, std::move(words)});
  }
  Fate fate() { return walk(table_, base_, packet_); }

  static Give accept() { return {Give::kAccept}; }
  static Give drop() { return {Give::kDrop}; }
  static Give jump(const char* chain) { return {Give::kJump, chain}; }
  static Give go(const char* chain) { return {Give::kGoto, chain}; }

  Table table_{Family::kInet, "fw", {}, {}};
  Chain base_{"forward", {}, {}};
  Packet packet_{.hook = Hook::kForward,
                 .ipv6 = true,
                 .in = Interface{"lan0", 2},
                 .out = Interface{"edge", 3},
                 .destination = parse_prefix6("64:ff9b::/96")};
};

TEST_F(DoctorWalk, ThePolicyDecidesWhereNoRuleDoes) {
  EXPECT_FALSE(fate().dropped);
  base_.base->drops = true;
  EXPECT_TRUE(fate().dropped);
  EXPECT_EQ(fate().by, "its policy");
  EXPECT_FALSE(fate().excepted);
}

TEST_F(DoctorWalk, TheFirstRuleThatMatchesDecides) {
  base_.base->drops = true;
  rule(iifname("wan0") + drop());
  rule(iifname("lan0") + accept());
  rule({drop()});
  EXPECT_FALSE(fate().dropped);
  packet_.in = Interface{"wan0", 9};
  EXPECT_EQ(fate().by, "rule 1");
  packet_.in = Interface{"dmz0", 10};
  EXPECT_EQ(fate().by, "rule 3");
}

TEST_F(DoctorWalk, WhatIsNotKnownMayMatch) {
  base_.base->drops = true;
  packet_.in.reset();
  rule(iifname("lan0") + accept());
  EXPECT_TRUE(fate().dropped);
  EXPECT_TRUE(fate().excepted);
  base_.rules[0].instructions.back() = drop();
  EXPECT_EQ(fate().by, "its policy") << "a rule that may drop is not to blame";
  base_.base->drops = false;
  EXPECT_FALSE(fate().dropped);
}

TEST_F(DoctorWalk, ConnectionStatesAreMatchedByMask) {
  base_.base->drops = true;
  rule(ct_state(kEstablished | kRelated) + accept());
  EXPECT_TRUE(fate().dropped);
  EXPECT_FALSE(fate().excepted) << "the state is known";
  packet_.state = kEstablished;
  EXPECT_FALSE(fate().dropped);
  packet_.state = kUntracked;
  EXPECT_TRUE(fate().dropped);
}

TEST_F(DoctorWalk, NothingOfItsOwnHasAnotherDestination) {
  const auto status = [](uint32_t bit) {
    return Words{Load{kR, 4, Key::kCtStatus}, Bitwise{kR, kR, host32(bit), Bytes(4)},
                 compare(Bytes(4), Compare::kNotEqual), Give{Give::kAccept}};
  };
  base_.base->drops = true;
  rule(status(1 << 5));  // dnat
  EXPECT_TRUE(fate().dropped);
  EXPECT_FALSE(fate().excepted);
  rule(status(1 << 4));  // snat
  EXPECT_TRUE(fate().excepted);
}

TEST_F(DoctorWalk, AnAddressIsKnownAsFarAsItsPrefix) {
  rule(daddr6("64:ff9b::/96") + drop());
  EXPECT_TRUE(fate().dropped);
  base_.rules.clear();
  rule(daddr6("64:ff9b::/64") + drop());
  EXPECT_TRUE(fate().dropped);
  base_.rules.clear();
  rule(daddr6("64:ff9b::102:304/128") + drop());
  EXPECT_FALSE(fate().dropped) << "it may be another host";
  base_.rules.clear();
  rule(daddr6("2001:db8::/32") + accept());
  rule({drop()});
  EXPECT_TRUE(fate().dropped);
  EXPECT_FALSE(fate().excepted);
}

TEST_F(DoctorWalk, OrderIsByTheLeastAndTheGreatest) {
  const auto protocol = [](Compare::Operator op, uint8_t value) {
    return Words{Load{kR, 1, Key::kL4proto}, Compare{kR, op, {value}}, Give{Give::kDrop}};
  };
  for (const auto& [op, value, dropped] :
       std::vector<std::tuple<Compare::Operator, int, bool>>{{Compare::kLess, 6, false},
                                                             {Compare::kLess, 7, true},
                                                             {Compare::kLessOrEqual, 5, false},
                                                             {Compare::kLessOrEqual, 6, true},
                                                             {Compare::kGreater, 6, false},
                                                             {Compare::kGreater, 5, true},
                                                             {Compare::kGreaterOrEqual, 7, false},
                                                             {Compare::kGreaterOrEqual, 6, true},
                                                             {Compare::kNotEqual, 6, false},
                                                             {Compare::kNotEqual, 7, true}}) {
    base_.rules.clear();
    rule(protocol(op, static_cast<uint8_t>(value)));
    EXPECT_EQ(fate().dropped, dropped) << op << " " << value;
  }
  base_.rules.clear();
  rule({Load{kR, 1, Key::kL4proto}, Range{kR, {5}, {6}}, drop()});
  EXPECT_TRUE(fate().dropped);
  base_.rules[0].instructions[1] = Range{kR, {5}, {6}, true};
  EXPECT_FALSE(fate().dropped);
  base_.rules[0].instructions[1] = Range{kR, {7}, {9}};
  EXPECT_FALSE(fate().dropped);
}

TEST_F(DoctorWalk, ChainsAreJumpedToAndReturnedFrom) {
  rule({jump("zone")});
  rule({drop()});
  rule_in("zone", iifname("lan0") + Give{Give::kReturn});
  rule_in("zone", {accept()});
  EXPECT_EQ(fate().by, "rule 2");
  table_.chains["zone"].rules[0].instructions = iifname("wan0") + Give{Give::kReturn};
  EXPECT_FALSE(fate().dropped);
  table_.chains["zone"].rules[1].instructions = {drop()};
  EXPECT_EQ(fate().by, "rule 2 of chain zone");
}

TEST_F(DoctorWalk, AfterAGotoThePolicyDecides) {
  rule({go("zone")});
  rule({drop()});
  rule_in("zone", iifname("wan0") + drop());
  EXPECT_FALSE(fate().dropped);
  base_.base->drops = true;
  EXPECT_EQ(fate().by, "its policy");
}

TEST_F(DoctorWalk, AChainThatMayBeEnteredMayAccept) {
  base_.base->drops = true;
  rule({Doubt{}, jump("zone")});
  rule_in("zone", {accept()});
  EXPECT_TRUE(fate().dropped);
  EXPECT_TRUE(fate().excepted);
  table_.chains["zone"].rules[0].instructions = {drop()};
  base_.base->drops = false;
  EXPECT_FALSE(fate().dropped) << "nor is it sure that it drops";
}

TEST_F(DoctorWalk, ChainsThatCallEachOtherEnd) {
  rule({jump("a")});
  rule({drop()});
  rule_in("a", {jump("b")});
  rule_in("b", {jump("a")});
  EXPECT_EQ(fate().by, "rule 2");
}

TEST_F(DoctorWalk, SetsAreLookedInto) {
  table_.sets["links"].elements = {{name16("wan0"), name16("wan0"), {}},
                                   {name16("lan0"), name16("lan0"), {}}};
  rule({Load{kR, 16, Key::kIifname}, Lookup{kR, "links"}, drop()});
  EXPECT_TRUE(fate().dropped);
  base_.rules[0].instructions[1] = Lookup{kR, "links", true};
  EXPECT_FALSE(fate().dropped);
  packet_.in = Interface{"dmz0", 4};
  EXPECT_TRUE(fate().dropped);
  table_.sets["links"].readable = false;
  EXPECT_FALSE(fate().dropped);
}

TEST_F(DoctorWalk, IntervalsHoldWhatLiesInThem) {
  auto last = last_address(parse_prefix6("64:ff9b::/64"));
  auto first = parse_prefix6("64:ff9b::/64").address;
  auto bytes = [](const in6_addr& a) { return Bytes(a.s6_addr, a.s6_addr + 16); };
  table_.sets["nets"].elements = {{bytes(first), bytes(last), {}}};
  rule({Load{kR, 16, Key::kNetwork, 24}, Lookup{kR, "nets"}, drop()});
  EXPECT_TRUE(fate().dropped);
  table_.sets["nets"].elements[0].last = bytes(parse_address6("64:ff9b::1"));
  EXPECT_FALSE(fate().dropped) << "some are in it and some are not";
}

TEST_F(DoctorWalk, AVerdictMapGivesWhatTheElementSays) {
  table_.sets["zones"].elements = {{name16("wan0"), name16("wan0"), drop()},
                                   {name16("lan0"), name16("lan0"), jump("lan")}};
  rule_in("lan", {accept()});
  base_.base->drops = true;
  rule({Load{kR, 16, Key::kIifname}, Lookup{kR, "zones", false, true}});
  EXPECT_FALSE(fate().dropped);
  packet_.in = Interface{"wan0", 4};
  EXPECT_EQ(fate().by, "rule 1");
  packet_.in = Interface{"dmz0", 4};
  EXPECT_EQ(fate().by, "its policy");
  packet_.in.reset();
  EXPECT_TRUE(fate().excepted) << "lan0 would be let through";
}

TEST_F(DoctorWalk, WhatCannotBeReadLeavesNothingKnown) {
  rule({Load{kR, 16, Key::kIifname}, Forget{}, compare(name16("lan0")), drop()});
  EXPECT_FALSE(fate().dropped);
  base_.rules[0].instructions[2] = compare(name16("wan0"));
  base_.rules[0].instructions[3] = accept();
  base_.base->drops = true;
  EXPECT_TRUE(fate().excepted);
}

TEST_F(DoctorWalk, TheFamilyOfThePacketIsKnown) {
  rule({Load{kR, 1, Key::kNfproto}, compare({10}), drop()});
  EXPECT_TRUE(fate().dropped);
  packet_.ipv6 = false;
  packet_.destination = parse_prefix4("198.18.0.0/15");
  EXPECT_FALSE(fate().dropped);
  base_.rules.clear();
  rule({Load{kR, 4, Key::kNetwork, 16}, compare({198, 18, 0, 1}, Compare::kNotEqual), drop()});
  EXPECT_FALSE(fate().dropped);
  rule({Load{kR, 1, Key::kNetwork, 16}, compare({198}), drop()});
  EXPECT_EQ(fate().by, "rule 2");
}

TEST_F(DoctorWalk, TheTypeOfAnIcmpMessageIsKnown) {
  packet_.protocol = 58;
  packet_.icmp_type = 2;
  rule({Load{kR, 1, Key::kTransport, 0}, compare({2}), drop()});
  EXPECT_TRUE(fate().dropped);
  packet_.icmp_type = 1;
  EXPECT_FALSE(fate().dropped);
}

}  // namespace
}  // namespace ipxlat::ctl::doctor
