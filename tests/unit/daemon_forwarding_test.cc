// SPDX-License-Identifier: GPL-2.0-only
// Which sysctls an instance wants: those of the interfaces by which its packets come in, and of no other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/desired/forwarding.h"
#include "tests/unit/daemon_fake_kernel.h"

namespace ipxlat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class DaemonForwarding : public testing::Test {
 protected:
  DaemonForwarding() {
    for (const char* name : {"eth0", "eth1", "eth2"}) kernel_.add_link(name);
    kernel_.add_link("edge");
    kernel_.link("edge").kind = "ipxlat";
    kernel_.link("edge").alias = "ipxlatd [nat64.edge]";
  }

  Unit unit() {
    Unit unit;
    unit.report.state = InstanceState::kOn;
    want_forwarding(unit, kernel_.seen, ingress_, manage_);
    return unit;
  }

  std::vector<std::string> sysctls() {
    std::vector<std::string> all;
    for (const auto& one : unit().all<Sysctl>()) all.push_back(sysctl_name(one.path) + " = " + one.value);
    return all;
  }

  void set(const std::string& path, const std::string& value) { kernel_.seen.sysctls[path] = value; }

  FakeKernel kernel_;
  Ingress ingress_{"edge", {"eth1"}, {"eth0"}};
  bool manage_ = true;
};

TEST_F(DaemonForwarding, is_that_of_the_interfaces_where_packets_come_in) {
  EXPECT_THAT(sysctls(),
              ElementsAre("net.ipv6.conf.all.forwarding = 1", "net.ipv6.conf.eth0.forwarding = 1",
                          "net.ipv4.conf.eth1.forwarding = 1", "net.ipv4.conf.edge.forwarding = 1"));
}

TEST_F(DaemonForwarding, is_that_of_all_but_loopback_and_devices_of_ours_where_none_is_named) {
  ingress_ = {"dc", {}, {}};
  EXPECT_THAT(sysctls(), ElementsAre("net.ipv6.conf.all.forwarding = 1", "net.ipv6.conf.eth0.forwarding = 1",
                                     "net.ipv6.conf.eth1.forwarding = 1", "net.ipv6.conf.eth2.forwarding = 1",
                                     "net.ipv4.conf.eth0.forwarding = 1", "net.ipv4.conf.eth1.forwarding = 1",
                                     "net.ipv4.conf.eth2.forwarding = 1", "net.ipv4.conf.dc.forwarding = 1"));
}

TEST_F(DaemonForwarding, of_an_interface_that_is_missing_or_lacks_the_protocol_is_not_asked_for) {
  ingress_ = {"edge", {"ppp0"}, {"eth0"}};
  kernel_.seen.sysctls.erase("net/ipv6/conf/eth0/forwarding");
  EXPECT_THAT(sysctls(),
              ElementsAre("net.ipv6.conf.all.forwarding = 1", "net.ipv4.conf.edge.forwarding = 1"));
}

TEST_F(DaemonForwarding, of_ipv6_is_by_interface_where_the_kernel_can) {
  for (const char* name : {"default", "eth0", "eth1", "edge"})
    set(std::string("net/ipv6/conf/") + name + "/force_forwarding", "0");
  EXPECT_THAT(sysctls(),
              ElementsAre("net.ipv6.conf.eth0.force_forwarding = 1", "net.ipv6.conf.eth0.forwarding = 1",
                          "net.ipv4.conf.eth1.forwarding = 1", "net.ipv4.conf.edge.forwarding = 1",
                          "net.ipv6.conf.edge.force_forwarding = 1"));
  // somebody has made the whole host a router
  set("net/ipv6/conf/all/forwarding", "1");
  EXPECT_THAT(sysctls(),
              ElementsAre("net.ipv6.conf.all.forwarding = 1", "net.ipv6.conf.eth0.forwarding = 1",
                          "net.ipv4.conf.eth1.forwarding = 1", "net.ipv4.conf.edge.forwarding = 1"));
}

TEST_F(DaemonForwarding, without_leave_is_wanted_of_the_own_device_alone_and_missed_elsewhere) {
  manage_ = false;
  EXPECT_THAT(sysctls(), ElementsAre("net.ipv4.conf.edge.forwarding = 1"));
  EXPECT_EQ(unit().report.state, InstanceState::kFailed);
  EXPECT_EQ(unit().report.why,
            "it needs net.ipv4.conf.eth1.forwarding = 1 and net.ipv6.conf.all.forwarding = 1, and "
            "manage-sysctls is false");
  set("net/ipv4/conf/eth1/forwarding", "1");
  EXPECT_EQ(unit().report.why, "it needs net.ipv6.conf.all.forwarding = 1, and manage-sysctls is false");
  set("net/ipv6/conf/all/forwarding", "1");
  EXPECT_EQ(unit().report.state, InstanceState::kOn);
}

TEST_F(DaemonForwarding, without_leave_and_names_is_missed_if_no_interface_has_it) {
  ingress_ = {"dc", {}, {}};
  manage_ = false;
  EXPECT_EQ(unit().report.why,
            "it needs net.ipv4.ip_forward = 1 and net.ipv6.conf.all.forwarding = 1, and manage-sysctls is "
            "false");
  set("net/ipv4/conf/eth2/forwarding", "1");
  set("net/ipv6/conf/all/forwarding", "1");
  EXPECT_EQ(unit().report.state, InstanceState::kOn);
}

TEST_F(DaemonForwarding, without_leave_names_the_interface_where_the_kernel_can) {
  manage_ = false;
  for (const char* name : {"default", "eth0"})
    set(std::string("net/ipv6/conf/") + name + "/force_forwarding", "0");
  set("net/ipv4/conf/eth1/forwarding", "1");
  EXPECT_EQ(unit().report.why,
            "it needs net.ipv6.conf.eth0.force_forwarding = 1, and manage-sysctls is false");
}

class DaemonForwardingListens : public DaemonForwarding {
 protected:
  DaemonForwardingListens() {
    for (const char* name : {"eth0", "eth1", "eth2"}) set(accept_ra(name), "1");
  }

  static std::string accept_ra(const std::string& link) { return "net/ipv6/conf/" + link + "/accept_ra"; }

  // The first ones, if that is what they are about.
  std::vector<std::string> listening() {
    std::vector<std::string> all;
    for (const auto& one : sysctls())
      if (one.find("accept_ra") != std::string::npos) all.push_back(one);
    return all;
  }

  void hear(const char* link) {
    kernel_.add_route(parse_prefix6("::/0"), link, 1024);
    kernel_.seen.routes.back().from_ra = true;
  }
};

TEST_F(DaemonForwardingListens, to_routers_wherever_it_has_heard_one) {
  EXPECT_THAT(listening(), IsEmpty());
  hear("eth2");
  EXPECT_THAT(listening(), ElementsAre("net.ipv6.conf.eth2.accept_ra = 2"));
  EXPECT_EQ(sysctls().front(), "net.ipv6.conf.eth2.accept_ra = 2");
  // whoever does not listen need not go on
  set(accept_ra("eth2"), "0");
  EXPECT_THAT(listening(), IsEmpty());
}

TEST_F(DaemonForwardingListens, on_an_uplink_that_is_a_downlink_as_well) {
  ingress_.six = {"eth0", "eth1"};
  EXPECT_THAT(listening(), ElementsAre("net.ipv6.conf.eth1.accept_ra = 2"));
}

TEST_F(DaemonForwardingListens, as_it_likes_if_it_is_a_router_already) {
  hear("eth2");
  set("net/ipv6/conf/all/forwarding", "1");
  EXPECT_THAT(listening(), ElementsAre("net.ipv6.conf.eth2.accept_ra = 2"));
  set("net/ipv6/conf/eth0/forwarding", "1");
  EXPECT_THAT(listening(), IsEmpty());
}

TEST_F(DaemonForwardingListens, as_long_as_the_daemon_has_made_it_a_router) {
  hear("eth2");
  set(accept_ra("eth2"), "2");
  set("net/ipv6/conf/all/forwarding", "1");
  set("net/ipv6/conf/eth0/forwarding", "1");
  kernel_.seen.changed["net/ipv6/conf/all/forwarding"] = {"0", "1"};
  EXPECT_THAT(listening(), IsEmpty());
  kernel_.seen.changed[accept_ra("eth2")] = {"1", "2"};
  EXPECT_THAT(listening(), ElementsAre("net.ipv6.conf.eth2.accept_ra = 2"));
}

}  // namespace
}  // namespace ipxlat
