// SPDX-License-Identifier: GPL-2.0-only
// Expressions of libnftnl, read as instructions, and what these come to.
#include <arpa/inet.h>  // in front of what <linux/netfilter.h> includes
#include <gtest/gtest.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/xt_conntrack.h>

#include <cstring>
#include <memory>

#include "tools/ipxlatctl/doctor/packet_walk.h"
#include "tools/ipxlatctl/doctor/read_rule.h"

namespace ipxlat::ctl::doctor {
namespace {

class DoctorReadRule : public testing::Test {
 protected:
  nftnl_expr* expr(const char* name) {
    nftnl_expr* made = nftnl_expr_alloc(name);
    nftnl_rule_add_expr(rule_.get(), made);
    return made;
  }
  void load(const char* name, uint16_t key_attribute, uint32_t key, uint16_t register_attribute) {
    auto* made = expr(name);
    nftnl_expr_set_u32(made, key_attribute, key);
    nftnl_expr_set_u32(made, register_attribute, NFT_REG_1);
  }
  void compare(const void* data, uint32_t length, uint32_t reg = NFT_REG_1) {
    auto* made = expr("cmp");
    nftnl_expr_set_u32(made, NFTNL_EXPR_CMP_SREG, reg);
    nftnl_expr_set_u32(made, NFTNL_EXPR_CMP_OP, NFT_CMP_EQ);
    nftnl_expr_set(made, NFTNL_EXPR_CMP_DATA, data, length);
  }
  void verdict(int32_t code, const char* chain = nullptr) {
    auto* made = expr("immediate");
    nftnl_expr_set_u32(made, NFTNL_EXPR_IMM_DREG, NFT_REG_VERDICT);
    nftnl_expr_set_u32(made, NFTNL_EXPR_IMM_VERDICT, static_cast<uint32_t>(code));
    if (chain) nftnl_expr_set_str(made, NFTNL_EXPR_IMM_CHAIN, chain);
  }
  void match(const char* name, uint32_t revision, const void* info, size_t length) {
    auto* made = expr("match");
    nftnl_expr_set_str(made, NFTNL_EXPR_MT_NAME, name);
    nftnl_expr_set_u32(made, NFTNL_EXPR_MT_REV, revision);
    void* copy = std::calloc(1, length);  // the expression's own from now on
    std::memcpy(copy, info, length);
    nftnl_expr_set(made, NFTNL_EXPR_MT_INFO, copy, static_cast<uint32_t>(length));
  }
  Fate fate(bool policy_drops = false) {
    Chain chain{"c", Base{Hook::kForward, 0, policy_drops}, {read_rule(rule_.get())}};
    return walk({Family::kInet, "t", {}, {}}, chain, packet_);
  }

  std::unique_ptr<nftnl_rule, void (*)(const nftnl_rule*)> rule_{nftnl_rule_alloc(), nftnl_rule_free};
  Packet packet_{
      .hook = Hook::kForward, .ipv6 = true, .in = Interface{"lan0", 2}, .out = Interface{"edge", 3}};
};

TEST_F(DoctorReadRule, AnInterfaceAndAVerdict) {
  load("meta", NFTNL_EXPR_META_KEY, NFT_META_IIFNAME, NFTNL_EXPR_META_DREG);
  compare("lan0\0\0\0\0\0\0\0\0\0\0\0", 16);
  expr("counter");
  verdict(NF_DROP);
  EXPECT_TRUE(fate().dropped);
  packet_.in = Interface{"wan0", 4};
  EXPECT_FALSE(fate().dropped);
}

TEST_F(DoctorReadRule, ABeginningOfAName) {
  load("meta", NFTNL_EXPR_META_KEY, NFT_META_OIFNAME, NFTNL_EXPR_META_DREG);
  compare("ed", 2);
  verdict(NF_DROP);
  EXPECT_TRUE(fate().dropped);
}

TEST_F(DoctorReadRule, AnIndexOfAnInterface) {
  uint32_t index = 3;
  load("meta", NFTNL_EXPR_META_KEY, NFT_META_OIF, NFTNL_EXPR_META_DREG);
  compare(&index, 4);
  verdict(NF_DROP);
  EXPECT_TRUE(fate().dropped);
  packet_.out->index = 0;
  EXPECT_FALSE(fate().dropped) << "which is not known";
}

TEST_F(DoctorReadRule, APartOfTheHeader) {
  packet_.destination = parse_prefix6("64:ff9b::/96");
  auto* payload = expr("payload");
  nftnl_expr_set_u32(payload, NFTNL_EXPR_PAYLOAD_BASE, NFT_PAYLOAD_NETWORK_HEADER);
  nftnl_expr_set_u32(payload, NFTNL_EXPR_PAYLOAD_OFFSET, 24);
  nftnl_expr_set_u32(payload, NFTNL_EXPR_PAYLOAD_LEN, 4);
  nftnl_expr_set_u32(payload, NFTNL_EXPR_PAYLOAD_DREG, NFT_REG32_00 + 1);
  compare("\x00\x64\xff\x9b", 4, NFT_REG32_00 + 1);
  verdict(NF_DROP);
  EXPECT_TRUE(fate().dropped);
}

TEST_F(DoctorReadRule, AConnectionState) {
  uint32_t mask = kNew;
  uint32_t zero = 0;
  load("ct", NFTNL_EXPR_CT_KEY, NFT_CT_STATE, NFTNL_EXPR_CT_DREG);
  auto* bitwise = expr("bitwise");
  nftnl_expr_set_u32(bitwise, NFTNL_EXPR_BITWISE_SREG, NFT_REG_1);
  nftnl_expr_set_u32(bitwise, NFTNL_EXPR_BITWISE_DREG, NFT_REG_1);
  nftnl_expr_set_u32(bitwise, NFTNL_EXPR_BITWISE_LEN, 4);
  nftnl_expr_set(bitwise, NFTNL_EXPR_BITWISE_MASK, &mask, 4);
  nftnl_expr_set(bitwise, NFTNL_EXPR_BITWISE_XOR, &zero, 4);
  compare(&mask, 4);
  verdict(NF_DROP);
  EXPECT_TRUE(fate().dropped);
  packet_.state = kEstablished;
  EXPECT_FALSE(fate().dropped);
}

TEST_F(DoctorReadRule, ARejectDrops) {
  expr("log");
  expr("reject");
  EXPECT_TRUE(fate().dropped);
}

TEST_F(DoctorReadRule, AnUnknownMatchMayHold) {
  expr("limit");
  verdict(NF_DROP);
  EXPECT_FALSE(fate().dropped);
}

TEST_F(DoctorReadRule, AQueueMayAccept) {
  verdict(NF_QUEUE);
  EXPECT_TRUE(fate(true).excepted);
}

TEST_F(DoctorReadRule, IptablesConnectionStates) {
  xt_conntrack_mtinfo3 info{};
  info.match_flags = XT_CONNTRACK_STATE;
  info.state_mask = XT_CONNTRACK_STATE_BIT(IP_CT_NEW) | XT_CONNTRACK_STATE_UNTRACKED;
  match("conntrack", 3, &info, sizeof info);
  verdict(NF_DROP);
  EXPECT_TRUE(fate().dropped);
  packet_.state = kUntracked;
  EXPECT_TRUE(fate().dropped);
  packet_.state = kEstablished;
  EXPECT_FALSE(fate().dropped);
}

TEST_F(DoctorReadRule, IptablesConnectionStatesInverted) {
  xt_conntrack_mtinfo3 info{};
  info.match_flags = XT_CONNTRACK_STATE;
  info.invert_flags = XT_CONNTRACK_STATE;
  info.state_mask = XT_CONNTRACK_STATE_BIT(IP_CT_ESTABLISHED);
  match("conntrack", 3, &info, sizeof info);
  verdict(NF_DROP);
  EXPECT_TRUE(fate().dropped);
  packet_.state = kEstablished;
  EXPECT_FALSE(fate().dropped);
}

TEST_F(DoctorReadRule, OtherMatchesOfIptablesMayHold) {
  xt_conntrack_mtinfo3 info{};
  info.match_flags = XT_CONNTRACK_STATE | XT_CONNTRACK_STATUS;
  info.state_mask = XT_CONNTRACK_STATE_BIT(IP_CT_NEW);
  match("conntrack", 3, &info, sizeof info);
  verdict(NF_DROP);
  EXPECT_FALSE(fate().dropped);
}

TEST_F(DoctorReadRule, ACommentOfIptablesHolds) {
  match("comment", 0, "what for", 9);
  auto* target = expr("target");
  nftnl_expr_set_str(target, NFTNL_EXPR_TG_NAME, "REJECT");
  EXPECT_TRUE(fate().dropped);
}

TEST_F(DoctorReadRule, Verdicts) {
  EXPECT_EQ(read_verdict(NF_ACCEPT, nullptr)->verdict, Give::kAccept);
  EXPECT_EQ(read_verdict(static_cast<uint32_t>(NFT_JUMP), "x")->chain, "x");
  EXPECT_EQ(read_verdict(static_cast<uint32_t>(NFT_GOTO), "x")->verdict, Give::kGoto);
  EXPECT_EQ(read_verdict(static_cast<uint32_t>(NFT_RETURN), nullptr)->verdict, Give::kReturn);
  EXPECT_FALSE(read_verdict(static_cast<uint32_t>(NFT_CONTINUE), nullptr));
}

}  // namespace
}  // namespace ipxlat::ctl::doctor
