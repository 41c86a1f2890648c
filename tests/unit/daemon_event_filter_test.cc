// SPDX-License-Identifier: GPL-2.0-only
// The filter on a socket that the kernel treats as those of netlink.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/conntrack/event_filter.h"
#include "tests/unit/flow_message.h"
#include "tests/unit/flows.h"

namespace ipxlat::conntrack {
namespace {

class DaemonEventFilter : public testing::Test {
 protected:
  DaemonEventFilter() { socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends_); }
  ~DaemonEventFilter() override {
    close(ends_[0]);
    close(ends_[1]);
  }

  void attach(const std::vector<Prefix6>& remote, const std::vector<Prefix4>& inside) {
    const auto filter = event_filter(remote, inside);
    const sock_fprog program{static_cast<unsigned short>(filter.size()),
                             const_cast<sock_filter*>(filter.data())};
    ASSERT_EQ(setsockopt(ends_[1], SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program), 0);
  }

  // By the kernel, of an event about the flow.
  template <class Address>
  bool passes(const Flow<Address>& flow, int type = IPCTNL_MSG_CT_NEW) {
    const FlowMessage message(flow, type);
    if (send(ends_[0], message.bytes().data(), message.bytes().size(), MSG_DONTWAIT) < 0) return false;
    char byte;
    return recv(ends_[1], &byte, sizeof byte, MSG_DONTWAIT) == 1;
  }
  bool to_passes(const std::string& destination) {
    return passes(outbound(IPPROTO_TCP, end6("fd00::1", 1), end6(destination, 80), end6("fd00::2", 1)));
  }
  bool from_passes(const std::string& source) {
    return passes(outbound(IPPROTO_UDP, end4(source, 1), end4("203.0.113.9", 53), end4("203.0.113.2", 1)));
  }

  int ends_[2];
};

TEST_F(DaemonEventFilter, flows_to_a_prefix_pass_and_others_do_not) {
  attach({parse_prefix6("64:ff9b::/96")}, {});
  EXPECT_TRUE(to_passes("64:ff9b::203.0.113.9"));
  EXPECT_FALSE(to_passes("64:ff9b:1::203.0.113.9"));
  EXPECT_FALSE(to_passes("2001:db8::9"));
  EXPECT_FALSE(from_passes("198.18.0.7"));
}

TEST_F(DaemonEventFilter, the_end_of_a_flow_passes_as_its_beginning_does) {
  attach({parse_prefix6("64:ff9b::/96")}, {});
  EXPECT_TRUE(passes(outbound(IPPROTO_ICMPV6, end6("2001:db8::1", 1), end6("64:ff9b::1", 1), end6("::1", 1)),
                     IPCTNL_MSG_CT_DELETE));
}

TEST_F(DaemonEventFilter, prefixes_of_every_length_are_compared_to_the_bit) {
  for (const unsigned length : {32, 40, 48, 56, 64, 96}) {
    in6_addr address = parse_address6("2001:db8:9bd7:2345:6789:abcd::");
    for (unsigned i = length / 8; i < 16; i++) address.s6_addr[i] = 0;
    attach({{address, static_cast<uint8_t>(length)}}, {});
    in6_addr in = address;
    in.s6_addr[length / 8] = 0xff;
    EXPECT_TRUE(to_passes(to_string(in))) << length;
    in6_addr out = address;
    out.s6_addr[length / 8 - 1] ^= 1;
    EXPECT_FALSE(to_passes(to_string(out))) << length;
  }
}

TEST_F(DaemonEventFilter, ipv4_prefixes_of_every_length_are_compared_to_the_bit) {
  for (unsigned length = 1; length <= 32; length++) {
    const uint32_t bits = 0x2c636407 & ~uint32_t{0} << (32 - length);
    const auto address = [](uint32_t value) { return in_addr{htonl(value)}; };
    attach({}, {{address(bits), static_cast<uint8_t>(length)}});
    EXPECT_TRUE(from_passes(to_string(address(bits)))) << length;
    EXPECT_FALSE(from_passes(to_string(address(bits ^ uint32_t{1} << (32 - length))))) << length;
    if (length == 32) break;
    EXPECT_TRUE(from_passes(to_string(address(bits | uint32_t{1} << (31 - length))))) << length;
  }
}

TEST_F(DaemonEventFilter, each_of_several_prefixes_passes) {
  attach({parse_prefix6("64:ff9b::/96"), parse_prefix6("2001:db8:64::/48")},
         {parse_prefix4("198.18.0.0/15"), parse_prefix4("10.64.0.0/10")});
  EXPECT_TRUE(to_passes("64:ff9b::1"));
  EXPECT_TRUE(to_passes("2001:db8:64:1::1"));
  EXPECT_FALSE(to_passes("2001:db8:65::1"));
  EXPECT_TRUE(from_passes("198.19.255.255"));
  EXPECT_TRUE(from_passes("10.127.0.1"));
  EXPECT_FALSE(from_passes("10.128.0.1"));
  EXPECT_FALSE(from_passes("192.0.2.1"));
}

TEST_F(DaemonEventFilter, what_the_other_side_began_passes) {
  attach({parse_prefix6("64:ff9b::/96")}, {parse_prefix4("198.18.0.0/15")});
  EXPECT_TRUE(passes(inbound(IPPROTO_TCP, end6("64:ff9b::203.0.113.9", 5000),
                             end6("64:ff9b:1:fffe::198.19.255.255", 80), end6("2001:db8::5", 80))));
  EXPECT_TRUE(passes(
      inbound(IPPROTO_TCP, end4("203.0.113.9", 5000), end4("203.0.113.2", 80), end4("198.19.255.255", 80))));
  EXPECT_FALSE(
      passes(inbound(IPPROTO_TCP, end4("203.0.113.9", 5000), end4("203.0.113.2", 80), end4("10.0.0.5", 80))));
}

}  // namespace
}  // namespace ipxlat::conntrack
