// SPDX-License-Identifier: GPL-2.0-only
// A kernel to make claims about: the fake one, or, where the environment variable IPXLAT_REAL_KERNEL is set,
// the real one in the network namespace of the tests, which is theirs alone (the selftest daemon_kernel,
// scripts/mutate).
#ifndef IPXLAT_TESTS_UNIT_DAEMON_WORLD_H
#define IPXLAT_TESTS_UNIT_DAEMON_WORLD_H

#include <gtest/gtest.h>
#include <sys/utsname.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "daemon/kernel/netlink_kernel.h"
#include "daemon/kernel/watch.h"
#include "lib/networks.h"
#include "tests/unit/daemon_fake_kernel.h"

namespace ipxlat {

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
  // Since Linux 6.16 a flowtable may name a link that is not there yet. Nobody relies on it.
  virtual bool flowtables_may_wait() = 0;
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
  bool flowtables_may_wait() override { return false; }

 private:
  FakeKernel kernel_;
};

class RealWorld final : public World {
 public:
  RealWorld() : network_(std::move(*Watch::network())), nftables_(std::move(*Watch::nftables())) {
    run("sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0 net.ipv6.conf.default.forwarding=0");
    run("ip link add one type veth peer name two");
    for (const char* name : {"one", "two"}) run(std::string("ip link set ") + name + " up");
  }
  ~RealWorld() override {
    static_cast<void>(std::system(
        "exec 2>/dev/null; ip link delete one; ip -4 route flush table main; ip -6 route flush table main"));
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
  bool flowtables_may_wait() override {
    utsname system;
    int major = 0, minor = 0;
    EXPECT_EQ(uname(&system), 0);
    EXPECT_EQ(std::sscanf(system.release, "%d.%d", &major, &minor), 2);
    return std::pair(major, minor) >= std::pair(6, 16);
  }

  static void run(const std::string& command) { ASSERT_EQ(std::system(command.c_str()), 0) << command; }

 private:
  NetlinkKernel kernel_;
  Watch network_;
  Watch nftables_;
};

// That value, once, if there is a real kernel to try it on.
template <class T>
std::vector<T> if_real(T value) {
  return std::getenv("IPXLAT_REAL_KERNEL") ? std::vector{value} : std::vector<T>{};
}

}  // namespace ipxlat

#endif
