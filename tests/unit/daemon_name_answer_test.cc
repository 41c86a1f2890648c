// SPDX-License-Identifier: GPL-2.0-only
// The prefix in the IPv6 addresses of ipv4only.arpa (RFC 7050 section 3).
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/discovery/name_answer.h"
#include "lib/networks.h"

namespace ipxlat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> prefixes(const std::vector<const char*>& addresses) {
  std::vector<in6_addr> answer;
  for (const char* address : addresses) answer.push_back(parse_address6(address));
  std::vector<std::string> all;
  for (const auto& prefix : prefixes_of_answer(answer)) all.push_back(to_string(prefix));
  return all;
}

TEST(DaemonNameAnswer, has_a_prefix_of_any_of_six_lengths) {
  // RFC 6052 section 2.4's prefixes, with 192.0.0.170 behind them
  EXPECT_THAT(prefixes({"2001:db8:c000:aa::"}), ElementsAre("2001:db8::/32"));
  EXPECT_THAT(prefixes({"2001:db8:1c0:0:aa::"}), ElementsAre("2001:db8:100::/40"));
  EXPECT_THAT(prefixes({"2001:db8:122:c000:0:aa00::"}), ElementsAre("2001:db8:122::/48"));
  EXPECT_THAT(prefixes({"2001:db8:122:3c0:0:aa::"}), ElementsAre("2001:db8:122:300::/56"));
  EXPECT_THAT(prefixes({"2001:db8:122:344:c0:0:aa00:0"}), ElementsAre("2001:db8:122:344::/64"));
  EXPECT_THAT(prefixes({"2001:db8:122:344::192.0.0.170"}), ElementsAre("2001:db8:122:344::/96"));
  EXPECT_THAT(prefixes({"64:ff9b::192.0.0.171"}), ElementsAre("64:ff9b::/96"));
}

TEST(DaemonNameAnswer, has_each_prefix_once_and_in_order) {
  EXPECT_THAT(prefixes({"2001:db8:64::192.0.0.171", "64:ff9b::192.0.0.170", "2001:db8:64::192.0.0.170",
                        "64:ff9b::192.0.0.171"}),
              ElementsAre("2001:db8:64::/96", "64:ff9b::/96"));
}

TEST(DaemonNameAnswer, without_one_is_none) {
  EXPECT_THAT(prefixes({}), IsEmpty());
  EXPECT_THAT(prefixes({"2001:db8::1", "64:ff9b::192.0.0.172", "::ffff:192.0.0.170"}), IsEmpty());
  // a u octet that is not 0
  EXPECT_THAT(prefixes({"2001:db8:122:344:1c0:0:aa00:0"}), IsEmpty());
}

TEST(DaemonNameAnswer, where_it_may_be_at_two_places_the_other_address_tells) {
  // 192.0.0.170 behind 2001:db8:122:344::/64, and again behind a /96
  const char* both = "2001:db8:122:344:c0:0:c000:aa";
  EXPECT_THAT(prefixes({both}), ElementsAre("2001:db8:122:344:c0::/96")) << "only one is whole";
  const char* twice = "2001:db8:c000:aa:0:0:c000:aa";  // behind a /32 and a /96
  EXPECT_THAT(prefixes({twice}), IsEmpty());
  EXPECT_THAT(prefixes({twice, "2001:db8:c000:aa:0:0:c000:ab"}), ElementsAre("2001:db8:c000:aa::/96"));
  EXPECT_THAT(prefixes({twice, "2001:db8:c000:ab:0:0:c000:aa"}), ElementsAre("2001:db8::/32"));
}

}  // namespace
}  // namespace ipxlat
