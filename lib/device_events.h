// SPDX-License-Identifier: GPL-2.0-only
// What becomes of devices, told from what the kernel announces: settings by generic netlink, links by
// rtnetlink.
#ifndef IPXLAT_LIB_DEVICE_EVENTS_H
#define IPXLAT_LIB_DEVICE_EVENTS_H

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lib/messages.h"

namespace ipxlat {

struct DeviceEvent {
  enum Kind {
    kAdded,
    kChanged,  // its settings, or its name
    kRemoved,  // with what was known of it last
    kLost,     // announcements came faster than they were read; no device. What differs now follows
  };
  Kind kind;
  DeviceState device{};
};

// An announcement of rtnetlink.
struct LinkEvent {
  uint32_t ifindex = 0;
  std::string ifname;
  bool ipxlat = false;  // it is of this kind
  bool gone = false;
};

// The devices that there are, kept by announcements.
class KnownDevices {
 public:
  explicit KnownDevices(const std::vector<DeviceState>& devices);

  // What is new in an announcement.
  std::vector<DeviceEvent> changed(const DeviceState& device);
  std::vector<DeviceEvent> link(const LinkEvent& link);

  // After announcements were lost: `devices` are all that there are.
  std::vector<DeviceEvent> lost(const std::vector<DeviceState>& devices);

 private:
  std::map<uint32_t, DeviceState> devices_;  // by ifindex
};

}  // namespace ipxlat

#endif
