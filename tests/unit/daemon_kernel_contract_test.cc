// SPDX-License-Identifier: GPL-2.0-only
// What the daemon relies on of the kernel. Each claim is tried on the fake kernel, so that the fake does not
// drift, and on the real one where there is one to try it on (daemon_world.h).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "tests/unit/daemon_world.h"

namespace ipxlat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

enum class Which { kFake, kReal };

class DaemonKernelContract : public testing::TestWithParam<Which> {
 protected:
  DaemonKernelContract() {
    if (GetParam() == Which::kFake) world_ = std::make_unique<FakeWorld>();
    if (GetParam() == Which::kReal) world_ = std::make_unique<RealWorld>();
    world_->heard();
  }

  bool put(const Resource& resource) {
    return static_cast<bool>(world_->kernel().apply({Action::kPut, resource, {}}));
  }
  bool drop(const Resource& resource) {
    return static_cast<bool>(world_->kernel().apply({Action::kDrop, resource, {}}));
  }

  Seen read() {
    auto seen = world_->kernel().read({"net/ipv6/conf/one/accept_ra", "net/ipv6/conf/renamed/accept_ra"});
    EXPECT_TRUE(seen);
    return *seen;
  }

  // Those to the destination, in the order in which they are looked at; "(others)" marks those of others.
  std::vector<std::string> routes(const Network& destination) {
    std::vector<std::string> all;
    for (const auto& one : read().routes) {
      if (one.destination != destination) continue;
      const Route route{one.destination, one.type,   one.link,    one.metric,
                        one.mtu,         one.source, one.gateway, one.preferred_source};
      const std::string words = route.key();
      all.push_back(words.substr(words.starts_with("route ") ? 6 : 0) + (one.ours ? "" : " (others)"));
    }
    return all;
  }

  static Route four(uint32_t mtu, uint32_t metric = 5) {
    return {parse_prefix4("192.0.2.0/24"), RouteType::kUnicast, "one", metric, mtu};
  }
  static Route six(uint32_t mtu, RouteType type = RouteType::kUnicast) {
    return {parse_prefix6("2001:db8::/32"), type, type == RouteType::kUnicast ? "one" : "", 5, mtu};
  }

  const Network four_ = parse_prefix4("192.0.2.0/24");
  const Network six_ = parse_prefix6("2001:db8::/32");
  std::unique_ptr<World> world_;
};

TEST_P(DaemonKernelContract, an_ipv4_route_of_the_same_metric_is_put_behind) {
  EXPECT_TRUE(put(four(0)));
  EXPECT_TRUE(put(four(1400)));
  EXPECT_TRUE(put(four(1300)));
  EXPECT_THAT(routes(four_),
              ElementsAre("192.0.2.0/24 dev one metric 5", "192.0.2.0/24 dev one metric 5 mtu 1400",
                          "192.0.2.0/24 dev one metric 5 mtu 1300"));
}

TEST_P(DaemonKernelContract, an_ipv4_route_goes_by_its_mtu_and_without_one_the_first_goes) {
  put(four(0));
  put(four(1400));
  put(four(1300));
  EXPECT_TRUE(drop(four(1300)));
  EXPECT_TRUE(drop(four(0)));
  EXPECT_THAT(routes(four_), ElementsAre("192.0.2.0/24 dev one metric 5 mtu 1400"));
  EXPECT_TRUE(drop(four(0)));
  EXPECT_THAT(routes(four_), IsEmpty());
}

TEST_P(DaemonKernelContract, an_ipv4_route_without_a_metric_goes_first_when_any_may_go) {
  put(four(0, 5));
  put(four(0, 0));
  EXPECT_TRUE(drop(four(0, 0)));
  EXPECT_THAT(routes(four_), ElementsAre("192.0.2.0/24 dev one metric 5"));
  EXPECT_TRUE(drop(four(0, 0)));
  EXPECT_THAT(routes(four_), IsEmpty());
}

TEST_P(DaemonKernelContract, an_ipv4_route_may_prefer_a_source_that_the_host_has) {
  Route first = four(0), second = four(0);
  first.preferred_source = parse_prefix4("198.51.100.1/32");
  second.preferred_source = parse_prefix4("198.51.100.2/32");
  EXPECT_FALSE(put(first)) << "there is no such address";
  for (const char* address : {"198.51.100.1/32", "198.51.100.2/32"})
    EXPECT_TRUE(put(Address{"one", parse_prefix4(address)}));
  EXPECT_TRUE(put(first));
  EXPECT_FALSE(put(first));
  EXPECT_TRUE(put(second));
  const std::string way = "192.0.2.0/24 dev one src 198.51.100.";
  EXPECT_THAT(routes(four_), ElementsAre(way + "1 metric 5", way + "2 metric 5"));
  EXPECT_TRUE(drop(second));
  EXPECT_THAT(routes(four_), ElementsAre(way + "1 metric 5"));
  EXPECT_TRUE(drop(Address{"one", parse_prefix4("198.51.100.1/32")}));
  EXPECT_THAT(routes(four_), IsEmpty()) << "it goes with its source";
}

TEST_P(DaemonKernelContract, the_same_ipv4_route_is_refused) {
  EXPECT_TRUE(put(four(1400)));
  EXPECT_FALSE(put(four(1400)));
  EXPECT_EQ(routes(four_).size(), 1u);
}

TEST_P(DaemonKernelContract, a_route_of_somebody_else_stays_in_front_and_is_not_dropped) {
  world_->add_route("192.0.2.0/24", "two", 5);
  put(four(0));
  EXPECT_THAT(routes(four_),
              ElementsAre("192.0.2.0/24 dev two metric 5 (others)", "192.0.2.0/24 dev one metric 5"));
  drop(four(0));
  drop(four(0));
  EXPECT_THAT(routes(four_), ElementsAre("192.0.2.0/24 dev two metric 5 (others)"));
}

TEST_P(DaemonKernelContract, a_blackhole_an_unreachable_and_an_ipv4_route_go_by_their_type) {
  const Prefix4 network = parse_prefix4("192.0.2.0/24");
  put(Route{network, RouteType::kBlackhole, "", 7});
  put(Route{network, RouteType::kUnreachable, "", 8});
  EXPECT_EQ(routes(four_).size(), 2u);
  drop(Route{network, RouteType::kUnreachable, "", 8});
  drop(Route{network, RouteType::kUnreachable, "", 7});
  EXPECT_EQ(routes(four_).size(), 1u);
  drop(Route{network, RouteType::kBlackhole, "", 7});
  EXPECT_THAT(routes(four_), IsEmpty());
}

TEST_P(DaemonKernelContract, a_second_ipv6_route_by_the_same_way_is_refused_whatever_its_mtu) {
  EXPECT_TRUE(put(six(0)));
  EXPECT_FALSE(put(six(1400)));
  EXPECT_THAT(routes(six_), ElementsAre("2001:db8::/32 dev one metric 5"));
}

TEST_P(DaemonKernelContract, an_ipv6_route_goes_whatever_its_mtu) {
  EXPECT_TRUE(put(six(1400)));
  EXPECT_TRUE(drop(six(0)));
  EXPECT_THAT(routes(six_), IsEmpty());
}

TEST_P(DaemonKernelContract, of_the_types_that_lead_nowhere_ipv6_takes_one_a_metric) {
  EXPECT_TRUE(put(six(0, RouteType::kBlackhole)));
  EXPECT_FALSE(put(six(0, RouteType::kUnreachable)));
  EXPECT_EQ(routes(six_).size(), 1u);
  EXPECT_TRUE(drop(six(0, RouteType::kBlackhole)));
  EXPECT_THAT(routes(six_), IsEmpty());
}

TEST_P(DaemonKernelContract, an_ipv6_route_from_a_source_is_another_one) {
  Route inside = six(0, RouteType::kBlackhole);
  inside.source = parse_prefix6("2001:db8:1::/48");
  EXPECT_TRUE(put(six(0)));
  EXPECT_TRUE(put(inside));
  EXPECT_FALSE(put(inside));
  EXPECT_THAT(routes(six_), UnorderedElementsAre("2001:db8::/32 dev one metric 5",
                                                 "blackhole 2001:db8::/32 from 2001:db8:1::/48 metric 5"));
  EXPECT_TRUE(drop(six(0)));
  EXPECT_THAT(routes(six_), ElementsAre("blackhole 2001:db8::/32 from 2001:db8:1::/48 metric 5"));
  EXPECT_TRUE(drop(inside));
  EXPECT_THAT(routes(six_), IsEmpty());
}

TEST_P(DaemonKernelContract, an_ipv6_route_by_another_gateway_is_put_beside_and_each_goes_by_its_own) {
  Route first = six(0), second = six(0);
  first.source = second.source = parse_prefix6("2001:db8:1::1/128");
  first.gateway = parse_prefix6("fe80::1/128");
  second.gateway = parse_prefix6("fe80::2/128");
  EXPECT_TRUE(put(first));
  EXPECT_FALSE(put(first));
  EXPECT_TRUE(put(second));
  const std::string from = "2001:db8::/32 from 2001:db8:1::1/128 via ", by = " dev one metric 5";
  EXPECT_THAT(routes(six_), UnorderedElementsAre(from + "fe80::1" + by, from + "fe80::2" + by));
  EXPECT_TRUE(drop(first));
  EXPECT_THAT(routes(six_), ElementsAre(from + "fe80::2" + by));
  EXPECT_TRUE(drop(second));
  EXPECT_THAT(routes(six_), IsEmpty());
}

TEST_P(DaemonKernelContract, dropping_what_is_not_there_is_no_error) {
  EXPECT_TRUE(drop(four(0)));
  EXPECT_TRUE(drop(six(0)));
  EXPECT_TRUE(drop(six(0, RouteType::kUnreachable)));
  EXPECT_TRUE(drop(Route{parse_prefix4("192.0.2.0/24"), RouteType::kUnicast, "three"}));
  EXPECT_TRUE(drop(Address{"one", parse_prefix4("192.0.2.1/32")}));
  EXPECT_TRUE(drop(Proxy{"one", parse_address4("192.0.2.1")}));
  EXPECT_TRUE(drop(Tables(nft::TableSummaries{{nft::Family::kIp6, "ipxlat-none", "", {}}})));
}

TEST_P(DaemonKernelContract, what_needs_an_interface_is_refused_without_it) {
  nft::Table table{nft::Family::kIp6, "ipxlat-none", "nat64.none"};
  table.flowtables = {{"fast", 0, {"three"}}};
  const bool waits = bool(put(Tables({table})));
  EXPECT_TRUE(!waits || world_->flowtables_may_wait());
  EXPECT_EQ(!read().tables.empty(), waits);
  EXPECT_FALSE(put(Route{parse_prefix4("192.0.2.0/24"), RouteType::kUnicast, "three"}));
  EXPECT_FALSE(put(Address{"three", parse_prefix4("192.0.2.1/32")}));
  EXPECT_FALSE(put(Proxy{"three", parse_address4("192.0.2.1")}));
}

TEST_P(DaemonKernelContract, routes_and_addresses_go_with_their_interface_which_is_heard_of) {
  put(Address{"one", parse_prefix4("198.51.100.1/32")});
  put(four(0));
  put(six(0));
  put(Proxy{"one", parse_address4("192.0.2.1")});
  world_->heard();
  world_->delete_link("one");
  EXPECT_TRUE(world_->heard());
  const Seen seen = read();
  EXPECT_TRUE(std::none_of(seen.routes.begin(), seen.routes.end(), [](const auto& r) { return r.ours; }));
  EXPECT_TRUE(
      std::none_of(seen.addresses.begin(), seen.addresses.end(), [](const auto& a) { return a.ours; }));
  EXPECT_TRUE(seen.proxies.empty());
}

TEST_P(DaemonKernelContract, routes_addresses_and_forwarding_are_heard_of) {
  const std::vector<Resource> announced = {four(0), six(0), Address{"one", parse_prefix4("198.51.100.1/32")},
                                           Sysctl{"net/ipv4/ip_forward", "1"},
                                           Sysctl{"net/ipv6/conf/all/forwarding", "1"}};
  for (const auto& resource : announced) {
    put(resource);
    EXPECT_TRUE(world_->heard()) << key(resource);
    EXPECT_FALSE(world_->heard()) << key(resource);
  }
}

TEST_P(DaemonKernelContract, neither_proxies_nor_accept_ra_are_heard_of) {
  put(Proxy{"one", parse_address4("192.0.2.1")});
  EXPECT_FALSE(world_->heard());
  drop(Proxy{"one", parse_address4("192.0.2.1")});
  put(Sysctl{"net/ipv6/conf/one/accept_ra", "2"});
  EXPECT_FALSE(world_->heard());
}

TEST_P(DaemonKernelContract, the_same_address_is_refused) {
  EXPECT_TRUE(put(Address{"one", parse_prefix4("198.51.100.1/32")}));
  EXPECT_FALSE(put(Address{"one", parse_prefix4("198.51.100.1/32")}));
}

TEST_P(DaemonKernelContract, a_renamed_interface_has_its_number_and_its_sysctls) {
  put(Sysctl{"net/ipv6/conf/one/accept_ra", "2"});
  const uint32_t number = read().link("one")->ifindex;
  world_->rename_link("one", "renamed");
  const Seen seen = read();
  EXPECT_EQ(seen.link("one"), nullptr);
  EXPECT_EQ(seen.link("renamed")->ifindex, number);
  EXPECT_EQ(seen.sysctl("net/ipv6/conf/renamed/accept_ra"), "2");
  world_->rename_link("renamed", "one");
}

TEST_P(DaemonKernelContract, only_routes_that_matter_are_told_of) {
  world_->add_route("192.0.2.0/24", "two", 5);
  world_->add_route("198.51.100.128/25", "two", 5);
  world_->add_route("203.0.113.0/24", "two", 5);
  world_->add_route("0.0.0.0/0", "two", 5);
  put(four(0, 9));
  Interests interests;
  interests.add(parse_prefix4("198.51.100.0/24"));
  interests.add(parse_prefix4("203.0.113.7/32"));
  world_->kernel().care_about(interests);
  EXPECT_THAT(routes(four_), ElementsAre("192.0.2.0/24 dev one metric 9"));
  for (const char* matters : {"198.51.100.128/25", "203.0.113.0/24", "0.0.0.0/0"})
    EXPECT_EQ(routes(parse_prefix4(matters)).size(), 1u) << matters;
}

INSTANTIATE_TEST_SUITE_P(Fake, DaemonKernelContract, testing::Values(Which::kFake));

INSTANTIATE_TEST_SUITE_P(Real, DaemonKernelContract, testing::ValuesIn(if_real(Which::kReal)));

}  // namespace
}  // namespace ipxlat
