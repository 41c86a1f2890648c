// SPDX-License-Identifier: GPL-2.0-only
// What can be asked of the kernel about devices of kind ipxlat in this network namespace.
#ifndef IPXLAT_LIB_DEVICES_H
#define IPXLAT_LIB_DEVICES_H

#include <functional>
#include <string>
#include <vector>

#include "lib/device_events.h"
#include "lib/messages.h"
#include "lib/result.h"

namespace ipxlat {

// An interface, so that a test can simulate the kernel. Errors, all with a sentence to show:
// ENODEV no such device, EOPNOTSUPP one of another kind, EPERM no CAP_NET_ADMIN, and what
// <linux/ipxlat.h> says of a refused change, then with the kernel's own sentence.
class Devices {
 public:
  virtual ~Devices() = default;

  virtual Result<std::vector<DeviceState>> list() = 0;
  virtual Result<DeviceState> get(const std::string& ifname) = 0;

  // The whole map, sorted by IPv4 prefix; of one moment, asked for again if it changed meanwhile.
  virtual Result<std::vector<MapEntry>> get_map(const std::string& ifname) = 0;

  // Takes effect as a whole or not at all, in one message.
  virtual Result<void> change(const std::string& ifname, const Change& change) = 0;

  virtual Result<std::vector<DeviceStats>> list_stats() = 0;
  virtual Result<DeviceStats> get_stats(const std::string& ifname) = 0;

  // Calls `seen` for whatever becomes of a device until it returns false or a socket fails.
  virtual Result<void> watch(const std::function<bool(const DeviceEvent&)>& seen) = 0;
};

// Settings and map of one device.
Result<DeviceConfig> get_config(Devices& devices, const std::string& ifname);

}  // namespace ipxlat

#endif
