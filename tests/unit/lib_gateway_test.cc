// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include "lib/gateway.h"
#include "tests/unit/flows.h"

namespace ipxlat {
namespace {

std::string text(const Endpoint4& end) { return to_string(end.address) + " " + std::to_string(end.port); }
std::string text(const Endpoint6& end) { return to_string(end.address) + " " + std::to_string(end.port); }

std::string text(const Inside& between) {
  return std::string(protocol_name(between.protocol)) + (between.inbound ? " inbound " : " ") +
         text(between.inside) + " to " + text(between.remote);
}

const Gateway& masquerading() {
  static const Gateway kGateway("edge", GatewayMode::kMasquerade, masquerading_device());
  return kGateway;
}

TEST(LibGateway, a_flow_to_the_prefix_that_becomes_one_of_the_pool_is_a_session) {
  const auto session = masquerading().session(outbound(IPPROTO_TCP, end6("2001:db8::1", 40000),
                                                       end6("64:ff9b::203.0.113.9", 80),
                                                       end6("64:ff9b:1:fffe::198.18.0.7", 1024)));
  ASSERT_TRUE(session);
  EXPECT_EQ(text(session->client), "2001:db8::1 40000");
  EXPECT_EQ(text(session->between), "tcp 198.18.0.7 1024 to 203.0.113.9 80");
}

TEST(LibGateway, what_goes_elsewhere_is_none) {
  const auto client = end6("2001:db8::1", 40000);
  const auto inside = end6("64:ff9b:1:fffe::198.18.0.7", 1024);
  const auto remote = end6("64:ff9b::203.0.113.9", 80);
  EXPECT_FALSE(masquerading().session(outbound(IPPROTO_TCP, client, end6("2001:db8::9", 80), inside)));
  // not translated, or by somebody else
  EXPECT_FALSE(masquerading().session(outbound(IPPROTO_TCP, client, remote, client)));
  EXPECT_FALSE(masquerading().session(outbound(IPPROTO_TCP, client, remote, end6("2001:db8::2", 40000))));
  // of a translator whose clients have addresses of the map
  EXPECT_FALSE(masquerading().session(outbound(IPPROTO_TCP, inside, remote, inside)));
  // to the pool and no further
  EXPECT_FALSE(masquerading().session(inbound(IPPROTO_TCP, remote, inside, inside)));
}

TEST(LibGateway, the_second_flow_is_found_by_what_both_agree_in) {
  const auto first = masquerading().session(outbound(IPPROTO_UDP, end6("2001:db8::1", 40000),
                                                     end6("64:ff9b::203.0.113.9", 53),
                                                     end6("64:ff9b:1:fffe::198.18.0.7", 1024)));
  const auto second = masquerading().leg(
      outbound(IPPROTO_UDP, end4("198.18.0.7", 1024), end4("203.0.113.9", 53), end4("203.0.113.2", 2048)));
  ASSERT_TRUE(first && second);
  EXPECT_EQ(text(first->between), text(second->between));
  EXPECT_EQ(text(second->outside), "203.0.113.2 2048");
  const auto tuple = tuple_of(first->between);
  EXPECT_EQ(text(tuple.source) + " " + text(tuple.destination), "198.18.0.7 1024 203.0.113.9 53");
  EXPECT_EQ(tuple.protocol, IPPROTO_UDP);
}

TEST(LibGateway, a_service_is_a_session_that_the_remote_end_began) {
  const auto remote = end6("64:ff9b::203.0.113.9", 5000);
  const auto first = masquerading().session(
      inbound(IPPROTO_TCP, remote, end6("64:ff9b:1:fffe::198.19.255.255", 80), end6("2001:db8::5", 8080)));
  ASSERT_TRUE(first);
  EXPECT_EQ(text(first->client), "2001:db8::5 8080");
  EXPECT_EQ(text(first->between), "tcp inbound 198.19.255.255 80 to 203.0.113.9 5000");
  const auto second = masquerading().leg(
      inbound(IPPROTO_TCP, end4("203.0.113.9", 5000), end4("203.0.113.2", 80), end4("198.19.255.255", 80)));
  ASSERT_TRUE(second);
  EXPECT_EQ(text(first->between), text(second->between));
  EXPECT_EQ(text(second->outside), "203.0.113.2 80");
}

TEST(LibGateway, an_echo_has_its_identifier_inside_for_a_port) {
  const auto first = masquerading().session(outbound(IPPROTO_ICMPV6, end6("2001:db8::1", 77),
                                                     end6("64:ff9b::203.0.113.9", 77),
                                                     end6("64:ff9b:1:fffe::198.18.0.7", 78)));
  ASSERT_TRUE(first);
  EXPECT_EQ(text(first->between), "icmp 198.18.0.7 78 to 203.0.113.9 0");
  const auto tuple = tuple_of(first->between);
  EXPECT_EQ(tuple.destination.port, 78);
  EXPECT_EQ(tuple.icmp_type, ICMP_ECHO);
  const auto second = masquerading().leg(
      outbound(IPPROTO_ICMP, end4("198.18.0.7", 78), end4("203.0.113.9", 78), end4("203.0.113.2", 79)));
  ASSERT_TRUE(second);
  EXPECT_EQ(text(first->between), text(second->between));
  EXPECT_EQ(text(second->outside), "203.0.113.2 79");
  EXPECT_EQ(tuple_of({IPPROTO_ICMP, true, end4("198.18.0.7", 78), {}}).icmp_type, ICMP_ECHOREPLY);
}

TEST(LibGateway, an_ipv4_flow_of_others_is_no_leg) {
  EXPECT_FALSE(masquerading().leg(
      outbound(IPPROTO_UDP, end4("10.0.0.1", 1), end4("203.0.113.9", 53), end4("203.0.113.2", 1))));
}

}  // namespace
}  // namespace ipxlat
