// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include "lib/flow.h"
#include "tests/unit/flow_message.h"
#include "tests/unit/flows.h"

namespace ipxlat {
namespace {

std::string text(const Endpoint6& end) { return to_string(end.address) + " " + std::to_string(end.port); }

Flow6 sample() {
  Flow6 flow = outbound(IPPROTO_TCP, end6("2001:db8::1", 40000), end6("64:ff9b::203.0.113.9", 80),
                        end6("64:ff9b:1:fffe::198.18.0.7", 1024));
  flow.tcp_state = 3;
  flow.left = 7439;
  flow.began = 1795695843000000001;
  flow.original_counts = {5, 400};
  flow.reply_counts = {4, 320};
  return flow;
}

TEST(LibFlow, an_entry_is_read_with_all_that_it_tells) {
  const auto flow = parse_flow<in6_addr>(FlowMessage(sample()).header());
  ASSERT_TRUE(flow);
  EXPECT_EQ(text(flow->original.source), "2001:db8::1 40000");
  EXPECT_EQ(text(flow->original.destination), "64:ff9b::cb00:7109 80");
  EXPECT_EQ(text(flow->reply.source), "64:ff9b::cb00:7109 80");
  EXPECT_EQ(text(flow->reply.destination), "64:ff9b:1:fffe::c612:7 1024");
  EXPECT_EQ(flow->original.protocol, IPPROTO_TCP);
  EXPECT_EQ(flow->status, uint32_t{IPS_SEEN_REPLY});
  EXPECT_EQ(flow->tcp_state, 3);
  EXPECT_EQ(flow->left, 7439u);
  EXPECT_EQ(flow->began, 1795695843000000001u);
  EXPECT_FALSE(flow->ended);
  EXPECT_EQ(flow->original_counts->bytes, 400u);
  EXPECT_EQ(flow->reply_counts->packets, 4u);
}

TEST(LibFlow, what_is_not_kept_is_not_told) {
  Flow6 flow = sample();
  flow.tcp_state.reset();
  flow.left.reset();
  flow.began.reset();
  flow.original_counts.reset();
  const auto parsed = parse_flow<in6_addr>(FlowMessage(flow).header());
  ASSERT_TRUE(parsed);
  EXPECT_FALSE(parsed->tcp_state || parsed->left || parsed->began || parsed->original_counts);
  EXPECT_TRUE(parsed->reply_counts);
}

TEST(LibFlow, an_echo_has_its_identifier_at_both_ends_in_each_direction) {
  const auto six =
      parse_flow<in6_addr>(FlowMessage(outbound(IPPROTO_ICMPV6, end6("2001:db8::1", 77),
                                                end6("64:ff9b::1", 77), end6("64:ff9b:1:fffe::1", 78)))
                               .header());
  ASSERT_TRUE(six);
  EXPECT_EQ(six->original.source.port, 77);
  EXPECT_EQ(six->original.icmp_type, ICMP6_ECHO_REQUEST);
  EXPECT_EQ(six->reply.destination.port, 78);
  const auto four =
      parse_flow<in_addr>(FlowMessage(outbound(IPPROTO_ICMP, end4("198.18.0.7", 78), end4("203.0.113.9", 78),
                                               end4("203.0.113.2", 79)))
                              .header());
  ASSERT_TRUE(four);
  EXPECT_EQ(four->reply.destination.port, 79);
}

TEST(LibFlow, other_families_and_protocols_are_none) {
  EXPECT_FALSE(parse_flow<in_addr>(FlowMessage(sample()).header()));
  Flow6 flow = sample();
  flow.original.protocol = flow.reply.protocol = IPPROTO_SCTP;
  EXPECT_FALSE(parse_flow<in6_addr>(FlowMessage(flow).header()));
}

TEST(LibFlow, what_is_cut_short_is_none_and_reads_nothing_behind_it) {
  const FlowMessage whole(sample());
  for (size_t length = NLMSG_HDRLEN; length < whole.bytes().size(); length += 4) {
    // of its own, so that a sanitizer notices
    std::vector<uint8_t> bytes(whole.bytes().begin(), whole.bytes().begin() + static_cast<ptrdiff_t>(length));
    auto* message = reinterpret_cast<nlmsghdr*>(bytes.data());
    message->nlmsg_len = static_cast<uint32_t>(length);
    const auto flow = parse_flow<in6_addr>(message);
    EXPECT_TRUE(length >= 100 || !flow) << length;
  }
}

TEST(LibFlow, a_question_names_the_direction_that_it_has) {
  const auto bytes = flow_question({end4("198.18.0.7", 1024), end4("203.0.113.9", 80), IPPROTO_TCP, 0}, 4711);
  const auto* message = reinterpret_cast<const nlmsghdr*>(bytes.data());
  EXPECT_EQ(message->nlmsg_type, NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET);
  EXPECT_EQ(message->nlmsg_seq, 4711u);
  EXPECT_EQ(message->nlmsg_flags, NLM_F_REQUEST);
  EXPECT_EQ(message->nlmsg_len, bytes.size());
  // it is read as the original direction of an entry is
  const FlowMessage entry(
      outbound(IPPROTO_TCP, end4("198.18.0.7", 1024), end4("203.0.113.9", 80), end4("203.0.113.2", 1024)));
  const size_t length = bytes.size() - NLMSG_LENGTH(sizeof(nfgenmsg));
  EXPECT_TRUE(std::equal(bytes.end() - static_cast<ptrdiff_t>(length), bytes.end(),
                         entry.bytes().begin() + NLMSG_LENGTH(sizeof(nfgenmsg))));
}

}  // namespace
}  // namespace ipxlat
