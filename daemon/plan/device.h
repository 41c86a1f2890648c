// SPDX-License-Identifier: GPL-2.0-only
// A translator device with its settings.
#ifndef IPXLAT_DAEMON_PLAN_DEVICE_H
#define IPXLAT_DAEMON_PLAN_DEVICE_H

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/plan/kind.h"
#include "lib/settings.h"

namespace ipxlat {

struct Device {
  std::string name;
  DeviceConfig config{};
  uint32_t mtu = 1500;  // bytes
  std::string owner{};  // "nat64.edge"; empty: nobody has marked it
  bool up = true;

  std::string key() const { return "device " + name; }
  bool operator==(const Device& other) const;
  std::string describe(Action action, const Device* former) const;
  // Those with an owner, and those that the daemon was about to mark when it was killed.
  static std::vector<Found<Device>> find(const Seen& seen, const MadeResources& made);
};

}  // namespace ipxlat

#endif
