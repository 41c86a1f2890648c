// SPDX-License-Identifier: GPL-2.0-only
// The kernel's room on a real kernel, where there is one to try it on (daemon_world.h): what it reads, what
// it remembers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <memory>

#include "daemon/kernel/nft_socket.h"
#include "daemon/kernel/nft_tables.h"
#include "daemon/kernel/sysctl.h"
#include "daemon/nft/change.h"
#include "tests/nft/full_table.h"
#include "tests/unit/daemon_world.h"

namespace ipxlat {
namespace {

// What is read of the network.
class DaemonRealSeen : public testing::TestWithParam<int> {
 protected:
  // Of all that a read tells, the one of a link or network that is the only one there.
  SeenLink link(const std::string& name) {
    const Seen seen = read();
    const SeenLink* found = seen.link(name);
    EXPECT_TRUE(found) << name;
    return found ? *found : SeenLink{};
  }
  SeenAddress address(const std::string& network) {
    const bool six = network.find(':') != std::string::npos;
    const Network wanted = six ? Network(parse_prefix6(network)) : Network(parse_prefix4(network));
    for (const auto& one : read().addresses)
      if (one.network == wanted) return one;
    ADD_FAILURE() << network << " was not read";
    return {};
  }
  std::vector<SeenRoute> routes(const Network& destination) {
    std::vector<SeenRoute> all;
    for (const auto& one : read().routes)
      if (one.destination == destination) all.push_back(one);
    return all;
  }
  Seen read() {
    auto seen = world_.kernel().read({"net/ipv4/conf/one/rp_filter", "net/ipv4/conf/none/rp_filter"});
    EXPECT_TRUE(seen);
    return *seen;
  }
  void put(const Resource& resource) { EXPECT_TRUE(world_.kernel().apply({Action::kPut, resource, {}})); }

  RealWorld world_;
};

TEST_P(DaemonRealSeen, links) {
  world_.run("ip link set one mtu 1400 alias somebody");
  const SeenLink one = link("one");
  EXPECT_GT(one.ifindex, 1u);
  EXPECT_EQ(one.kind, "veth");
  EXPECT_EQ(one.alias, "somebody");
  EXPECT_EQ(one.mtu, 1400u);
  EXPECT_TRUE(one.up);
  EXPECT_TRUE(one.carrier);
  EXPECT_FALSE(one.config);
  world_.run("ip link set two down");
  EXPECT_TRUE(link("one").up);
  EXPECT_FALSE(link("one").carrier);
  EXPECT_FALSE(link("two").up);
  EXPECT_EQ(link("lo").kind, "");
  EXPECT_EQ(link("lo").alias, "");
}

TEST_P(DaemonRealSeen, addresses) {
  world_.run("ip address add 192.0.2.1/24 dev one");
  const SeenAddress four = address("192.0.2.1/24");
  EXPECT_EQ(four, (SeenAddress{"one", parse_prefix4("192.0.2.1/24")}));
  world_.run("ip address add 169.254.7.7/16 dev one");
  EXPECT_TRUE(address("169.254.7.7/16").link_local);
  world_.run("ip address add 192.0.2.9 peer 192.0.2.10/32 dev two");
  EXPECT_EQ(address("192.0.2.9/32").link, "two");
  world_.run("ip address add 2001:db8::1/64 dev two nodad");
  EXPECT_EQ(address("2001:db8::1/64"), (SeenAddress{"two", parse_prefix6("2001:db8::1/64")}));
  world_.run("ip address add 2001:db8::2/64 dev two nodad valid_lft 3600 preferred_lft 0");
  EXPECT_TRUE(address("2001:db8::2/64").autoconf);
  EXPECT_TRUE(address("2001:db8::2/64").deprecated);
  world_.run("ip address add fe80::77/64 dev two nodad");
  EXPECT_TRUE(address("fe80::77/64").link_local);
  world_.run("sysctl -qw net.ipv6.conf.two.accept_dad=1");
  world_.run("ip address add 2001:db8::3/64 dev two");
  EXPECT_TRUE(address("2001:db8::3/64").tentative);
  EXPECT_FALSE(address("2001:db8::3/64").duplicate);
}

TEST_P(DaemonRealSeen, an_address_that_another_host_has) {
  world_.run("sysctl -qw net.ipv6.conf.one.optimistic_dad=0 net.ipv6.conf.one.accept_dad=1");
  world_.run("ip address add 2001:db8::4/64 dev two nodad");
  world_.run("ip address add 2001:db8::4/64 dev one");
  world_.run("timeout 20 bash -c 'until ip address show dev one | grep -q dadfailed; do sleep 0.1; done'");
  const Seen seen = read();
  const auto on_one = std::find_if(seen.addresses.begin(), seen.addresses.end(), [](const auto& one) {
    return one.link == "one" && one.network == Network(parse_prefix6("2001:db8::4/64"));
  });
  ASSERT_NE(on_one, seen.addresses.end());
  EXPECT_TRUE(on_one->duplicate);
}

// Nothing native uses it or finds a way by it.
TEST_P(DaemonRealSeen, an_ipv6_address_of_ours_is_deprecated_and_makes_no_route) {
  put(Address{"one", parse_prefix6("2001:db8:5::1/64")});
  const SeenAddress own = address("2001:db8:5::1/64");
  EXPECT_TRUE(own.ours);
  EXPECT_TRUE(own.deprecated);
  EXPECT_FALSE(own.autoconf);
  EXPECT_THAT(routes(parse_prefix6("2001:db8:5::/64")), testing::IsEmpty());
  put(Address{"one", parse_prefix4("192.0.2.33/32")});
  EXPECT_EQ(address("192.0.2.33/32"), (SeenAddress{"one", parse_prefix4("192.0.2.33/32"), true}));
}

TEST_P(DaemonRealSeen, routes_of_others) {
  const Network network = parse_prefix4("192.0.2.0/24");
  world_.run("ip address add 203.0.113.1/24 dev one");
  world_.run("ip address add 198.51.100.1/24 dev two");
  world_.run("ip route add 192.0.2.0/24 nexthop via 203.0.113.2 nexthop via 198.51.100.2");
  EXPECT_THAT(routes(network), testing::ElementsAre(SeenRoute{network, RouteType::kUnicast, "one"},
                                                    SeenRoute{network, RouteType::kUnicast, "two"}));
  world_.run("ip route replace prohibit 192.0.2.0/24 metric 7");
  EXPECT_EQ(routes(network).back(), (SeenRoute{network, RouteType::kOther, "", 7}));
  world_.run("ip route add 192.0.2.0/25 dev one table 77");
  EXPECT_THAT(routes(parse_prefix4("192.0.2.0/25")), testing::IsEmpty());
  const Network six = parse_prefix6("2001:db8::/32");
  world_.run("ip -6 route add 2001:db8::/32 dev one proto ra metric 9 mtu 1300");
  SeenRoute expected{six, RouteType::kUnicast, "one", 9, 1300};
  expected.from_ra = true;
  EXPECT_THAT(routes(six), testing::ElementsAre(expected));
}

TEST_P(DaemonRealSeen, what_one_answers_for) {
  world_.run("ip neigh add proxy 192.0.2.7 dev two");
  world_.run("ip -6 neigh add proxy 2001:db8::7 dev two");
  put(Proxy{"one", parse_address4("192.0.2.8")});
  EXPECT_THAT(read().proxies,
              testing::UnorderedElementsAre(SeenProxy{"two", parse_address4("192.0.2.7")},
                                            SeenProxy{"one", parse_address4("192.0.2.8"), true}));
}

TEST_P(DaemonRealSeen, sysctls) {
  const Seen seen = read();
  EXPECT_EQ(seen.sysctl("net/ipv4/ip_forward"), "0");
  EXPECT_EQ(seen.sysctl("net/ipv6/conf/all/forwarding"), "0");
  EXPECT_EQ(seen.sysctl("net/ipv6/conf/one/mtu"), "1500");
  EXPECT_EQ(seen.sysctl("net/ipv4/conf/one/forwarding"), "0");
  EXPECT_TRUE(seen.sysctls.contains("net/ipv4/conf/one/rp_filter"));
  EXPECT_FALSE(seen.sysctls.contains("net/ipv4/conf/none/rp_filter"));
}

// addrconf_fixup_forwarding() would write it into each of them.
TEST_P(DaemonRealSeen, forwarding_of_ipv6_leaves_the_interfaces_as_they_are) {
  world_.run("sysctl -qw net.ipv6.conf.two.forwarding=1");
  put(Sysctl{"net/ipv6/conf/all/forwarding", "1"});
  EXPECT_EQ(read_sysctl("net/ipv6/conf/all/forwarding"), "1");
  EXPECT_EQ(read_sysctl("net/ipv6/conf/one/forwarding"), "0");
  EXPECT_EQ(read_sysctl("net/ipv6/conf/default/forwarding"), "0");
  const Resource former = Sysctl{"net/ipv6/conf/all/forwarding", "0"};
  EXPECT_TRUE(world_.kernel().apply({Action::kDrop, Sysctl{"net/ipv6/conf/all/forwarding", "1"}, former}));
  EXPECT_EQ(read_sysctl("net/ipv6/conf/all/forwarding"), "0");
  EXPECT_EQ(read_sysctl("net/ipv6/conf/two/forwarding"), "1");
}

TEST_P(DaemonRealSeen, a_refused_value_is_told_with_the_name_as_sysctl_has_it) {
  const auto done = write_sysctl("net/ipv6/conf/one/mtu", "70000");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, EINVAL);
  EXPECT_EQ(done.error().text, "cannot set net.ipv6.conf.one.mtu to 70000: Invalid argument");
}

// What steps make of the network, as ip(8) shows it, and what is said of those that cannot be taken.
class DaemonRealSteps : public testing::TestWithParam<int> {
 protected:
  Result<void> put(const Resource& resource) { return take({Action::kPut, resource, {}}); }
  Result<void> take(const Step& step) { return world_.kernel().apply(step); }

  static std::string shown(const std::string& command) {
    std::string text;
    const std::unique_ptr<FILE, int (*)(FILE*)> from(popen(command.c_str(), "r"), pclose);
    for (int c; (c = fgetc(from.get())) != EOF;) text += static_cast<char>(c);
    return text;
  }

  RealWorld world_;
};

TEST_P(DaemonRealSteps, make_routes) {
  EXPECT_TRUE(put(Route{parse_prefix4("192.0.2.0/24"), RouteType::kUnicast, "one", 5, 1400}));
  EXPECT_TRUE(put(Route{parse_prefix4("198.51.100.0/24"), RouteType::kUnreachable, "", 7}));
  EXPECT_TRUE(put(Route{parse_prefix4("203.0.113.0/24"), RouteType::kBlackhole, ""}));
  EXPECT_EQ(shown("ip -4 route"),
            "192.0.2.0/24 dev one proto 64 scope link metric 5 mtu 1400 \n"
            "unreachable 198.51.100.0/24 proto 64 metric 7 \n"
            "blackhole 203.0.113.0/24 proto 64 \n");
  EXPECT_TRUE(put(Route{parse_prefix6("2001:db8::/32"), RouteType::kUnicast, "two", 9}));
  EXPECT_EQ(shown("ip -6 route show proto 64"), "2001:db8::/32 dev two metric 9 pref medium\n");
}

TEST_P(DaemonRealSteps, make_addresses) {
  EXPECT_TRUE(put(Address{"one", parse_prefix4("192.0.2.1/32")}));
  EXPECT_TRUE(put(Address{"one", parse_prefix6("2001:db8::1/128")}));
  EXPECT_THAT(shown("ip -4 address show dev one"), testing::HasSubstr("inet 192.0.2.1/32 scope global "));
  const std::string six = shown("ip -6 address show dev one scope global");
  EXPECT_THAT(six, testing::HasSubstr("inet6 2001:db8::1/128 scope global deprecated"));
  EXPECT_THAT(six, testing::HasSubstr("noprefixroute"));
  EXPECT_THAT(six, testing::HasSubstr("valid_lft forever preferred_lft 0sec"));
}

TEST_P(DaemonRealSteps, that_need_a_link_name_it) {
  EXPECT_EQ(put(Address{"three", parse_prefix4("192.0.2.1/32")}).error().text,
            "cannot add address 192.0.2.1/32 on three: there is no interface three");
  EXPECT_EQ(put(Route{parse_prefix4("192.0.2.0/24"), RouteType::kUnicast, "three"}).error().code, ENODEV);
  EXPECT_EQ(put(Proxy{"three", parse_address4("192.0.2.1")}).error().code, ENODEV);
}

TEST_P(DaemonRealSteps, that_the_kernel_refuses_say_what_it_says) {
  const Resource route = Route{parse_prefix6("2001:db8::/32"), RouteType::kUnicast, "one"};
  EXPECT_TRUE(put(route));
  EXPECT_EQ(put(route).error().code, EEXIST);
  EXPECT_THAT(put(route).error().text, testing::StartsWith("cannot add route 2001:db8::/32 dev one: "));
  EXPECT_FALSE(take({Action::kChange, route, route}));
  const auto device = put(Device{"one", {}, 1500, "siit.dc"});
  EXPECT_EQ(device.error().code, EEXIST);
  EXPECT_EQ(device.error().text,
            "cannot create device one: there is an interface of that name which ipxlatd did not make");
  const auto table = put(Tables(nft::TableSummaries{{nft::Family::kIp6, "ipxlat-known", "", {}}}));
  EXPECT_EQ(table.error().code, EINVAL);
  EXPECT_THAT(table.error().text, testing::HasSubstr("what was in them is not known"));
}

TEST_P(DaemonRealSteps, put_back_what_a_sysctl_was_if_that_is_known) {
  const std::string path = "net/ipv4/conf/one/forwarding";
  const Resource on = Sysctl{path, "1"};
  EXPECT_TRUE(take({Action::kChange, on, Sysctl{path, "0"}}));
  EXPECT_EQ(read_sysctl(path), "1");
  EXPECT_TRUE(take({Action::kDrop, on, {}}));
  EXPECT_EQ(read_sysctl(path), "1");
  EXPECT_TRUE(take({Action::kDrop, on, Sysctl{path, "0"}}));
  EXPECT_EQ(read_sysctl(path), "0");
  const std::string gone = "net/ipv4/conf/three/forwarding";
  EXPECT_TRUE(take({Action::kDrop, Sysctl{gone, "1"}, Sysctl{gone, "0"}}));
  EXPECT_FALSE(put(Sysctl{gone, "1"}));
}

// Tables, without what few kernels lack (flowtables); tests/nft has the rest.
class DaemonRealTables : public testing::TestWithParam<int> {
 protected:
  DaemonRealTables() {
    table_.flowtables.clear();
    nft::chain_of(table_, "forward").rules.erase(nft::chain_of(table_, "forward").rules.begin());
  }
  ~DaemonRealTables() override { world_.run("nft flush ruleset"); }

  static Result<void> make(const nft::Table& table) {
    return NetlinkKernel().apply({Action::kPut, Tables({table}), {}});
  }
  static nft::TableSummaries read() {
    auto tables = nft::read_tables();
    EXPECT_TRUE(tables) << tables.error().text;
    return tables ? *tables : nft::TableSummaries{};
  }

  RealWorld world_;
  nft::Table table_ = nft::full_table("one", "two");
};

TEST_P(DaemonRealTables, are_read_as_they_were_made) {
  world_.run("nft add table ip6 ipxlat-other");  // nobody of ours made it
  ASSERT_TRUE(make(table_));
  EXPECT_THAT(read(), testing::ElementsAre(nft::summary(table_)));
  nft::Table second = table_;
  second.name = "ipxlat-second";
  second.chains.pop_back();
  ASSERT_TRUE(make(second));
  EXPECT_THAT(read(), testing::UnorderedElementsAre(nft::summary(table_), nft::summary(second)));
}

TEST_P(DaemonRealTables, of_many_elements_are_read_whole) {
  auto& elements = table_.sets.at(3).set.elements;
  elements.clear();
  for (uint16_t number = 1; number <= 3000; number++) elements.push_back({nft::port(number)});
  ASSERT_TRUE(make(table_));
  EXPECT_THAT(read(), testing::ElementsAre(nft::summary(table_)));
}

TEST_P(DaemonRealTables, go_and_may_be_gone) {
  ASSERT_TRUE(make(table_));
  for (int i = 0; i < 2; i++) {
    EXPECT_TRUE(NetlinkKernel().apply({Action::kDrop, Tables({table_}), {}}));
    EXPECT_THAT(read(), testing::IsEmpty());
  }
}

TEST_P(DaemonRealTables, that_are_refused_say_what_was_and_leave_what_was_there) {
  ASSERT_TRUE(make(table_));
  nft::Table other = table_;
  nft::chain_of(other, "end")
      .rules.push_back(
          nft::RuleBuilder(nft::Family::kIp6).statement(nft::Jump{"nowhere"}).comment("to nowhere"));
  const auto done = make(other);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ENOENT);
  EXPECT_THAT(done.error().text, testing::StartsWith("nftables refused the rule \"to nowhere\": "));
  EXPECT_THAT(read(), testing::ElementsAre(nft::summary(table_)));
}

TEST_P(DaemonRealTables, are_not_written_over_a_change_that_was_not_read) {
  auto socket = nft::Socket::open();
  ASSERT_TRUE(socket);
  const auto generation = socket->generation();
  ASSERT_TRUE(generation);
  world_.run("nft add table ip6 ipxlat-other");
  EXPECT_EQ(*socket->generation(), *generation + 1);
  const nft::Batch batch = nft::change({table_}, {});
  EXPECT_EQ(socket->commit(batch, *generation).error().code, ERESTART);
  EXPECT_THAT(read(), testing::IsEmpty());
  EXPECT_TRUE(socket->commit(batch, *generation + 1));
  EXPECT_THAT(read(), testing::ElementsAre(nft::summary(table_)));
}

// What the kernel's room remembers.
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

INSTANTIATE_TEST_SUITE_P(Real, DaemonRealSeen, testing::ValuesIn(if_real(0)));
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DaemonRealSeen);
INSTANTIATE_TEST_SUITE_P(Real, DaemonRealSteps, testing::ValuesIn(if_real(0)));
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DaemonRealSteps);
INSTANTIATE_TEST_SUITE_P(Real, DaemonRealTables, testing::ValuesIn(if_real(0)));
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DaemonRealTables);
INSTANTIATE_TEST_SUITE_P(Real, DaemonRouteMemory, testing::ValuesIn(if_real(0)));
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DaemonRouteMemory);
INSTANTIATE_TEST_SUITE_P(Real, DaemonConntrack, testing::ValuesIn(if_real(0)));
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DaemonConntrack);

}  // namespace
}  // namespace ipxlat
