// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/desired/source_prefix.h"
#include "tests/unit/daemon_fake_kernel.h"

namespace ipxlat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class DaemonSourcePrefix : public testing::Test {
 protected:
  DaemonSourcePrefix() { kernel_.add_link("eth0"); }

  SeenAddress& advertise(const char* address) {
    auto& made = kernel_.add_address("eth0", parse_prefix6(address));
    made.autoconf = true;
    return made;
  }

  std::vector<std::string> toward(const char* destination) {
    std::vector<std::string> all;
    for (const auto& prefix : source_prefixes(kernel_.seen, "eth0", parse_prefix6(destination)))
      all.push_back(to_string(prefix));
    return all;
  }

  FakeKernel kernel_;
};

TEST_F(DaemonSourcePrefix, is_a_64_from_which_this_host_has_made_an_address) {
  EXPECT_THAT(toward("64:ff9b::/96"), IsEmpty());
  advertise("2001:db8:2::1/128");  // by DHCPv6
  advertise("fe80::1/64").link_local = true;
  advertise("2001:db8:3::1/64").temporary = true;
  advertise("2001:db8:4::1/64").ours = true;
  advertise("2001:db8:5::1/64").autoconf = false;
  advertise("2001:db8:6::1/64").link = "eth1";
  EXPECT_THAT(toward("64:ff9b::/96"), IsEmpty());
  advertise("2001:db8:7::1/64");
  advertise("2001:db8:7::2/64");
  EXPECT_THAT(toward("64:ff9b::/96"), ElementsAre("2001:db8:7::/64"));
}

TEST_F(DaemonSourcePrefix, is_of_the_kind_of_the_destination) {
  advertise("fd00::1/64");
  advertise("2001:db8:1::1/64");
  EXPECT_THAT(toward("64:ff9b::/96"), ElementsAre("2001:db8:1::/64", "fd00::/64"));
  EXPECT_THAT(toward("fd64::/96"), ElementsAre("fd00::/64", "2001:db8:1::/64"));
}

TEST_F(DaemonSourcePrefix, of_6to4_and_teredo_come_behind_for_they_are_kinds_of_their_own) {
  advertise("2002:c000:204::1/64");
  advertise("2001:0:1::1/64");
  advertise("2a00:1::1/64");
  EXPECT_EQ(toward("2001:db8:64::/96").front(), "2a00:1::/64");
}

TEST_F(DaemonSourcePrefix, has_the_most_bits_of_the_destination) {
  advertise("2001:db8:1::1/64");
  advertise("2001:db8:64:1::1/64");
  advertise("2a00:1::1/64");
  EXPECT_THAT(toward("2001:db8:64::/96"),
              ElementsAre("2001:db8:64:1::/64", "2001:db8:1::/64", "2a00:1::/64"));
  EXPECT_EQ(toward("2a00:2::/96").front(), "2a00:1::/64");
}

TEST_F(DaemonSourcePrefix, every_bit_counts) {
  const auto flipped = [](int bit) {
    Prefix6 prefix = parse_prefix6("2a00::/64");
    prefix.address.s6_addr[bit / 8] ^= static_cast<uint8_t>(0x80 >> bit % 8);
    return prefix;
  };
  for (int bit = 0; bit < 63; bit++) {
    kernel_.seen.addresses.clear();
    const std::string farther = to_string(flipped(bit)), nearer = to_string(flipped(bit + 1));
    advertise(farther.c_str());
    advertise(nearer.c_str());
    EXPECT_THAT(toward("2a00::/96"), ElementsAre(nearer, farther));
  }
  kernel_.seen.addresses.clear();
  advertise("2a00::1/64");
  advertise("2a00:0:0:1::1/64");
  EXPECT_THAT(toward("2a00:0:0:1::/96"), ElementsAre("2a00:0:0:1::/64", "2a00::/64"));
}

TEST_F(DaemonSourcePrefix, is_a_deprecated_one_only_for_want_of_another) {
  advertise("2001:db8:64::1/64").deprecated = true;
  EXPECT_THAT(toward("2001:db8:64::/96"), ElementsAre("2001:db8:64::/64"));
  advertise("fd00::1/64");
  EXPECT_THAT(toward("2001:db8:64::/96"), ElementsAre("fd00::/64", "2001:db8:64::/64"));
  advertise("2001:db8:64::2/64");
  EXPECT_EQ(toward("2001:db8:64::/96").front(), "2001:db8:64::/64");
}

}  // namespace
}  // namespace ipxlat
