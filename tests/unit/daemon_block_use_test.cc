// SPDX-License-Identifier: GPL-2.0-only
// Which block of ports a session tells of.
#include <gtest/gtest.h>

#include "daemon/service/block_use.h"
#include "tests/unit/daemon_nat64_config.h"
#include "tests/unit/flows.h"

namespace ipxlat {
namespace {

class DaemonBlockUse : public testing::Test {
 protected:
  // "client = address first-last" if this is new
  std::string use(const char* client, const char* outside, uint16_t port, uint8_t protocol = IPPROTO_UDP) {
    const auto block =
        use_.first_use({{protocol, false, end4(outside, port), end4("203.0.113.9", 53)}, end6(client, 4000)});
    if (!block) return "";
    return to_string(block->client) + " = " + to_string(block->address) + " " +
           std::to_string(block->first_port) + "-" + std::to_string(block->last_port);
  }

  BlockUse use_{blocks_config()};
};

TEST_F(DaemonBlockUse, the_first_session_of_a_client_tells_of_its_block) {
  EXPECT_EQ(use("2001:db8:1:11::5", "203.0.113.16", 17152), "2001:db8:1:11::/64 = 203.0.113.16 17152-33279");
  EXPECT_EQ(use("2001:db8:1:11::5", "203.0.113.16", 17153), "");
  EXPECT_EQ(use("2001:db8:1:11::6", "203.0.113.16", 33279), "") << "the same client";
  EXPECT_EQ(use("2001:db8:1:12::5", "203.0.113.16", 33280), "2001:db8:1:12::/64 = 203.0.113.16 33280-49407");
}

TEST_F(DaemonBlockUse, an_echo_is_a_use_as_well) {
  EXPECT_EQ(use("2001:db8:1:10::5", "203.0.113.16", 1024, IPPROTO_ICMP),
            "2001:db8:1:10::/64 = 203.0.113.16 1024-17151");
}

TEST_F(DaemonBlockUse, addresses_follow_each_other_through_all_pools) {
  EXPECT_EQ(use("2001:db8:1:14::1", "203.0.113.17", 1024), "2001:db8:1:14::/64 = 203.0.113.17 1024-17151");
  EXPECT_EQ(use("2001:db8:2:3::1", "192.0.2.0", 65535), "2001:db8:2:3::/64 = 192.0.2.0 49408-65535");
}

TEST_F(DaemonBlockUse, what_is_outside_the_clients_block_tells_nothing) {
  EXPECT_EQ(use("2001:db8:1:11::5", "203.0.113.16", 17151), "") << "a port before";
  EXPECT_EQ(use("2001:db8:1:11::5", "203.0.113.16", 33280), "") << "a port behind";
  EXPECT_EQ(use("2001:db8:1:11::5", "203.0.113.17", 17152), "") << "another address";
  EXPECT_EQ(use("2001:db8:1:11::5", "198.51.100.1", 17152), "") << "none of the pool's";
  EXPECT_EQ(use("2001:db8:1:18::5", "203.0.113.16", 1024), "") << "no client";
  EXPECT_EQ(use("2001:db8:1:11::5", "203.0.113.16", 17152), "2001:db8:1:11::/64 = 203.0.113.16 17152-33279");
}

}  // namespace
}  // namespace ipxlat
