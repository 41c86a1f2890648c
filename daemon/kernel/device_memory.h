// SPDX-License-Identifier: GPL-2.0-only
// What devices of ours were told. A map may be large: it is read once, and again after it has changed.
#ifndef IPXLAT_DAEMON_KERNEL_DEVICE_MEMORY_H
#define IPXLAT_DAEMON_KERNEL_DEVICE_MEMORY_H

#include <cstdint>
#include <map>
#include <optional>

#include "daemon/plan/seen.h"
#include "lib/netlink.h"
#include "lib/result.h"

namespace ipxlat {

class DeviceMemory {
 public:
  // Fills in SeenLink::config; one that went away meanwhile stays without.
  Result<void> read(Seen& seen);

  void forget() { known_.clear(); }

  // How many configurations were asked for.
  unsigned readings() const { return readings_; }

 private:
  void listen(const Seen& seen);

  std::optional<DeviceMonitor> news_;
  std::map<uint32_t, DeviceConfig> known_;  // by ifindex
  unsigned readings_ = 0;
};

}  // namespace ipxlat

#endif
