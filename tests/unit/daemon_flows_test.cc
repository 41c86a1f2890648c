// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/desired/flows.h"
#include "tests/unit/daemon_nat64_config.h"

namespace ipxlat {
namespace {

using testing::ElementsAre;

std::vector<std::string> words(const std::vector<Flush>& flushes) {
  std::vector<std::string> all;
  for (const auto& flush : flushes) all.push_back(flush.name + ": " + flush.cause);
  return all;
}

Seen seen_with(const std::string& link, const std::vector<Network>& addresses) {
  Seen seen;
  for (const auto& network : addresses) {
    SeenAddress address;
    address.link = link;
    address.network = network;
    seen.addresses.push_back(address);
  }
  return seen;
}

const std::vector<Network> kAddresses = {parse_prefix4("203.0.113.3/24"), parse_prefix4("203.0.113.2/24"),
                                         parse_prefix6("2001:db8::1/64")};
constexpr const char* kClients =
    "nat64.edge to pref64: to 64:ff9b::/96 but as 64:ff9b:1:fffe::c612:0/111, and elsewhere as that";

TEST(DaemonFlows, of_a_masquerading_gateway_both_legs_have_to_fit) {
  EXPECT_THAT(words(nat64_flushes(nat64_config(), seen_with("eth1", kAddresses))),
              ElementsAre(kClients,
                          "nat64.edge from 198.18.0.0/15: from 198.18.0.0/15 but as 203.0.113.2/32, "
                          "203.0.113.3/32"));
}

TEST(DaemonFlows, an_uplink_without_address_masquerades_as_another) {
  EXPECT_THAT(words(nat64_flushes(nat64_config(), seen_with("eth0", kAddresses))), ElementsAre(kClients));
}

TEST(DaemonFlows, of_a_part_of_the_prefix_the_rest_must_not_be_translated) {
  Nat64Config config = nat64_config();
  config.routes4 = {parse_prefix4("198.51.100.0/24"), parse_prefix4("203.0.113.8/31")};
  EXPECT_THAT(words(nat64_flushes(config, seen_with("eth0", kAddresses))),
              ElementsAre("nat64.edge to pref64: to 64:ff9b::c633:6400/120, 64:ff9b::cb00:7108/127 but as "
                          "64:ff9b:1:fffe::c612:0/111, and elsewhere as that"));
}

TEST(DaemonFlows, of_a_pool_one_leg_is_tracked) {
  Nat64Config config = nat64_config();
  config.mode = Nat64Mode::kPool;
  config.pool6.push_back(internal6(parse_prefix4("192.0.2.0/30")));
  EXPECT_THAT(words(nat64_flushes(config, seen_with("eth1", kAddresses))),
              ElementsAre("nat64.edge to pref64: to 64:ff9b::/96 but as 64:ff9b:1:fffe::c612:0/111, "
                          "64:ff9b:1:fffe::c000:200/126, and elsewhere as that"));
}

TEST(DaemonFlows, a_shared_clat_leaves_as_its_uplink) {
  const Prefix6 inside = parse_prefix6("64:ff9b:1:fffe::c000:1/128");
  EXPECT_THAT(words({clat_flush("clat.home", inside, "eth0", seen_with("eth0", kAddresses))}),
              ElementsAre("clat.home eth0: from 64:ff9b:1:fffe::c000:1/128 but as 2001:db8::1/128"));
}

}  // namespace
}  // namespace ipxlat
