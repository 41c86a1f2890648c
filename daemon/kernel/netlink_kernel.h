// SPDX-License-Identifier: GPL-2.0-only
// The kernel, through route netlink, generic netlink, nftables and /proc/sys.
#ifndef IPXLAT_DAEMON_KERNEL_NETLINK_KERNEL_H
#define IPXLAT_DAEMON_KERNEL_NETLINK_KERNEL_H

#include <chrono>
#include <optional>

#include "daemon/kernel/device_memory.h"
#include "daemon/kernel/kernel.h"
#include "daemon/kernel/route_memory.h"

namespace ipxlat {

// Reads in the network namespace in which it was first asked. What is large is remembered, and read anew
// after it has changed, and now and then all the same.
class NetlinkKernel final : public Kernel {
 public:
  Result<Seen> read(const std::vector<std::string>& sysctls) override;
  void care_about(const Interests& interests) override { interests_ = interests; }
  Result<void> apply(const Step& step) override;

  const RouteMemory& routes() const { return routes_; }

 private:
  Result<Seen> read_once();
  void forget_now_and_then();

  std::optional<Interests> interests_;  // nothing: everything matters
  RouteMemory routes_;
  DeviceMemory devices_;
  std::chrono::steady_clock::time_point remembered_since_{};
};

}  // namespace ipxlat

#endif
