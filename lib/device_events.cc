// SPDX-License-Identifier: GPL-2.0-only
#include "lib/device_events.h"

#include <set>

namespace ipxlat {
namespace {

bool same(const DeviceState& a, const DeviceState& b) {
  return a.ifname == b.ifname && a.configured == b.configured && a.settings == b.settings &&
         a.map_entries == b.map_entries;
}

}  // namespace

KnownDevices::KnownDevices(const std::vector<DeviceState>& devices) {
  for (const DeviceState& device : devices) devices_[device.ifindex] = device;
}

std::vector<DeviceEvent> KnownDevices::changed(const DeviceState& device) {
  bool added = devices_.insert_or_assign(device.ifindex, device).second;
  return {{added ? DeviceEvent::kAdded : DeviceEvent::kChanged, device}};
}

std::vector<DeviceEvent> KnownDevices::link(const LinkEvent& link) {
  auto known = devices_.find(link.ifindex);
  if (known == devices_.end()) {
    if (link.gone || !link.ipxlat) return {};
    DeviceState device;
    device.ifindex = link.ifindex;
    device.ifname = link.ifname;
    return changed(device);
  }
  if (link.gone) {
    DeviceEvent event{DeviceEvent::kRemoved, known->second};
    devices_.erase(known);
    return {event};
  }
  if (known->second.ifname == link.ifname) return {};
  DeviceState device = known->second;
  device.ifname = link.ifname;
  return changed(device);
}

std::vector<DeviceEvent> KnownDevices::lost(const std::vector<DeviceState>& devices) {
  std::vector<DeviceEvent> events{{DeviceEvent::kLost}};
  std::set<uint32_t> present;
  for (const DeviceState& device : devices) present.insert(device.ifindex);
  for (const auto& [ifindex, device] : devices_)
    if (!present.contains(ifindex)) events.push_back({DeviceEvent::kRemoved, device});
  for (const DeviceState& device : devices) {
    auto known = devices_.find(device.ifindex);
    if (known == devices_.end())
      events.push_back({DeviceEvent::kAdded, device});
    else if (!same(known->second, device))
      events.push_back({DeviceEvent::kChanged, device});
  }
  *this = KnownDevices(devices);
  return events;
}

}  // namespace ipxlat
