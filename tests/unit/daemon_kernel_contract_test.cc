// SPDX-License-Identifier: GPL-2.0-only
// What the daemon relies on of the kernel. Each claim is tried on the fake kernel, so that the fake does not
// drift, and, where the environment variable IPXLAT_REAL_KERNEL is set, on the real one: the selftest
// daemon_kernel does so, in a namespace of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>

#include "daemon/kernel/netlink_kernel.h"
#include "daemon/kernel/sysctl.h"
#include "daemon/kernel/watch.h"
#include "lib/networks.h"
#include "tests/unit/daemon_fake_kernel.h"

namespace ipxlat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A namespace with the interfaces one and two.
class World {
 public:
  virtual ~World() = default;

  virtual Kernel& kernel() = 0;
  virtual void delete_link(const std::string& name) = 0;
  virtual void rename_link(const std::string& from, const std::string& to) = 0;
  // By somebody else, in front of all of the same destination and metric.
  virtual void add_route(const std::string& destination, const std::string& link, uint32_t metric) = 0;
  // Whether a Watch has heard of something since the last call.
  virtual bool heard() = 0;
};

class FakeWorld final : public World {
 public:
  FakeWorld() {
    kernel_.add_link("one");
    kernel_.add_link("two");
  }

  Kernel& kernel() override { return kernel_; }
  void delete_link(const std::string& name) override { kernel_.delete_link(name); }
  void rename_link(const std::string& from, const std::string& to) override { kernel_.rename_link(from, to); }
  void add_route(const std::string& destination, const std::string& link, uint32_t metric) override {
    kernel_.add_route(parse_prefix4(destination), link, metric);
  }
  bool heard() override { return std::exchange(kernel_.announcements, 0) > 0; }

 private:
  FakeKernel kernel_;
};

class RealWorld final : public World {
 public:
  RealWorld() : network_(std::move(*Watch::network())), nftables_(std::move(*Watch::nftables())) {
    run("ip link add one type veth peer name two");
    for (const char* name : {"one", "two"}) run(std::string("ip link set ") + name + " up");
  }
  ~RealWorld() override {
    static_cast<void>(
        std::system("ip link delete one 2>/dev/null; ip -4 route flush proto 64 2>/dev/null; "
                    "ip -6 route flush proto 64 2>/dev/null"));
  }

  Kernel& kernel() override { return kernel_; }
  void delete_link(const std::string& name) override { run("ip link delete " + name); }
  void rename_link(const std::string& from, const std::string& to) override {
    // older kernels rename only what is down
    run("ip link set " + from + " down && ip link set " + from + " name " + to + " up");
  }
  void add_route(const std::string& destination, const std::string& link, uint32_t metric) override {
    run("ip route prepend " + destination + " dev " + link + " metric " + std::to_string(metric));
  }
  bool heard() override {
    Knowledge none;
    const bool network = network_.read(none, {});
    return nftables_.read(none, {}) || network;
  }

  static void run(const std::string& command) { ASSERT_EQ(std::system(command.c_str()), 0) << command; }

 private:
  NetlinkKernel kernel_;
  Watch network_;
  Watch nftables_;
};

// What the real kernel's room remembers.
class DaemonRouteMemory : public testing::TestWithParam<int> {
 protected:
  DaemonRouteMemory() {
    Interests interests;
    interests.add(parse_prefix4("198.51.100.0/24"));
    kernel().care_about(interests);
    EXPECT_TRUE(kernel().read({}));
  }

  NetlinkKernel& kernel() { return static_cast<NetlinkKernel&>(world_.kernel()); }

  // So many times all routes were read by a look.
  unsigned dumps() {
    const unsigned before = kernel().routes().dumps();
    EXPECT_TRUE(kernel().read({}));
    return kernel().routes().dumps() - before;
  }

  RealWorld world_;
};

TEST_P(DaemonRouteMemory, a_route_that_does_not_matter_is_no_reason_to_read_all) {
  world_.add_route("192.0.2.0/24", "two", 5);
  EXPECT_EQ(dumps(), 0u);
  EXPECT_EQ(dumps(), 0u);
}

TEST_P(DaemonRouteMemory, one_that_matters_is_a_reason_once) {
  world_.add_route("198.51.100.128/25", "two", 5);
  EXPECT_EQ(dumps(), 1u);
  EXPECT_EQ(dumps(), 0u);
  world_.add_route("0.0.0.0/0", "two", 5);
  EXPECT_EQ(dumps(), 1u);
  ASSERT_TRUE(
      kernel().apply({Action::kPut, Route{parse_prefix4("192.0.2.0/25"), RouteType::kUnicast, "one"}, {}}));
  EXPECT_EQ(dumps(), 1u);
}

TEST_P(DaemonRouteMemory, routes_that_go_without_a_word_are_noticed) {
  world_.add_route("198.51.100.128/25", "two", 5);
  EXPECT_EQ(kernel().read({})->routes.size(), 1u);
  world_.run("ip link set two down");
  EXPECT_EQ(kernel().read({})->routes.size(), 0u);
  world_.run("ip link set two up");
  world_.run("ip address add 203.0.113.1/32 dev two");
  world_.run("ip route add 198.51.100.128/25 dev two src 203.0.113.1");
  EXPECT_EQ(kernel().read({})->routes.size(), 1u);
  world_.run("ip address delete 203.0.113.1/32 dev two");
  EXPECT_EQ(kernel().read({})->routes.size(), 0u);
}

// Entries of connection tracking, which the fake kernel has none of.
class DaemonConntrack : public testing::TestWithParam<int> {
 protected:
  DaemonConntrack() {
    RealWorld::run("ip link set lo up");
    RealWorld::run(
        "nft 'add table inet tracked; add chain inet tracked out { type filter hook output priority 0; }; "
        "add rule inet tracked out ct state new counter'");
    for (const char* to : {"127.0.0.1", "127.0.0.2", "::1"})
      RealWorld::run(std::string("bash -c 'echo >/dev/udp/") + to + "/9'");
  }
  ~DaemonConntrack() override { RealWorld::run("nft delete table inet tracked"); }

  static int entries() { return std::stoi(read_sysctl("net/netfilter/nf_conntrack_count").value_or("-1")); }

  static void flush(std::optional<Network> source, std::optional<Network> destination,
                    std::optional<uint16_t> zone = {}) {
    EXPECT_TRUE(NetlinkKernel().apply({Action::kPut, Flush("test", {source, destination, zone}), {}}));
  }
};

TEST_P(DaemonConntrack, entries_go_by_their_original_source_and_destination) {
  ASSERT_EQ(entries(), 3);
  flush({}, {}, 5);
  flush(parse_prefix4("127.0.0.2/32"), {});
  flush(parse_prefix6("2001:db8::/32"), parse_prefix6("::1/128"));
  EXPECT_EQ(entries(), 3);
  flush({}, parse_prefix4("127.0.0.2/31"));
  EXPECT_EQ(entries(), 2);
  flush(parse_prefix6("::1/128"), parse_prefix6("::1/128"), 0);
  EXPECT_EQ(entries(), 1);
  flush({}, {});
  EXPECT_EQ(entries(), 0);
}

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
    for (const auto& one : read().routes)
      if (one.destination == destination)
        all.push_back(Route{one.destination, one.type, one.link, one.metric, one.mtu}.key().substr(6) +
                      (one.ours ? "" : " (others)"));
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

TEST_P(DaemonKernelContract, dropping_what_is_not_there_is_no_error) {
  EXPECT_TRUE(drop(four(0)));
  EXPECT_TRUE(drop(six(0)));
  EXPECT_TRUE(drop(six(0, RouteType::kUnreachable)));
  EXPECT_TRUE(drop(Route{parse_prefix4("192.0.2.0/24"), RouteType::kUnicast, "three"}));
  EXPECT_TRUE(drop(Address{"one", parse_prefix4("192.0.2.1/32")}));
  EXPECT_TRUE(drop(Proxy{"one", parse_address4("192.0.2.1")}));
  EXPECT_TRUE(drop(Table(nft::TableSummary{nft::Family::kIp6, "ipxlat-none", "", {}})));
}

TEST_P(DaemonKernelContract, what_needs_an_interface_is_refused_without_it) {
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

// That value, once, if there is a real kernel to try it on.
template <class T>
std::vector<T> if_real(T value) {
  return std::getenv("IPXLAT_REAL_KERNEL") ? std::vector{value} : std::vector<T>{};
}

INSTANTIATE_TEST_SUITE_P(Real, DaemonKernelContract, testing::ValuesIn(if_real(Which::kReal)));
INSTANTIATE_TEST_SUITE_P(Real, DaemonRouteMemory, testing::ValuesIn(if_real(0)));
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DaemonRouteMemory);
INSTANTIATE_TEST_SUITE_P(Real, DaemonConntrack, testing::ValuesIn(if_real(0)));
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DaemonConntrack);

}  // namespace
}  // namespace ipxlat
