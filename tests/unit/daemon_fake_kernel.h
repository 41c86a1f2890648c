// SPDX-License-Identifier: GPL-2.0-only
// A kernel that keeps what it is told to have, with the real one's semantics of routes and announcements
// (daemon_kernel_contract_test.cc holds both to the same claims).
#ifndef IPXLAT_TESTS_UNIT_DAEMON_FAKE_KERNEL_H
#define IPXLAT_TESTS_UNIT_DAEMON_FAKE_KERNEL_H

#include <optional>
#include <string>
#include <vector>

#include "daemon/kernel/kernel.h"

namespace ipxlat {

class FakeKernel final : public Kernel {
 public:
  // What a daemon dies of that is killed.
  struct Killed {};

  FakeKernel();

  void add_link(const std::string& name, uint32_t mtu = 1500);
  SeenAddress& add_address(const std::string& link, const Network& network);
  SeenRoute& add_route(const Network& destination, const std::string& link, uint32_t metric = 0);
  // As `ip link delete`, by somebody else. IPv4 routes go without a word.
  void delete_link(const std::string& name);
  void rename_link(const std::string& from, const std::string& to);
  SeenLink& link(const std::string& name);

  Result<Seen> read(const std::vector<std::string>& sysctls) override;
  void care_about(const Interests& cared_about) override { interests = cared_about; }
  // The step whose words begin with `refuse` is refused.
  Result<void> apply(const Step& step) override;

  // A moment at which the daemon may be killed.
  void moment();

  // What was applied since the last call.
  std::vector<std::string> take_steps() { return std::exchange(steps, {}); }

  // Everything with an owner's mark, and the sysctls, in words.
  std::vector<std::string> made() const;

  Seen seen;  // routes of one destination and metric in the order in which they are looked at
  std::vector<std::string> steps;
  std::optional<Interests> interests;
  std::string refuse;
  unsigned refusals = ~0u;  // so many times
  std::optional<NetlinkError> unreadable;
  size_t kill_in = 0;            // so many moments; 0: never
  unsigned announcements = 0;    // that a Watch would have heard
  unsigned devices_deleted = 0;  // by anybody

 private:
  // An errno, 0 if it was done.
  int put(const Device& device);
  int change(const Device& device);
  int put(const Address& address);
  int put(const Tables& table);
  int put(const Flush&) { return 0; }
  int put(const Sysctl& sysctl);
  int put(const Route& route);
  int put(const Proxy& proxy);
  template <class Kind>
  int change(const Kind& resource) {
    return put(resource);
  }
  void drop(const Device& device) { delete_link(device.name); }
  void drop(const Address& address);
  void drop(const Tables& table);
  void drop(const Flush&) {}
  void drop(const Route& route);
  void drop(const Proxy& proxy);
  bool has_address(const Prefix4& address) const;
  bool there(const std::string& name) const;
  void write(const std::string& path, const std::string& value);

  uint32_t last_ifindex_ = 0;
};

}  // namespace ipxlat

#endif
