// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/kernel/device_memory.h"

#include <algorithm>
#include <cerrno>

namespace ipxlat {

void DeviceMemory::listen(const Seen& seen) {
  std::erase_if(known_, [&](const auto& one) {
    return std::none_of(seen.links.begin(), seen.links.end(),
                        [&](const SeenLink& link) { return link.ifindex == one.first && link.ours(); });
  });
  // a module that was loaded again has another group, and its devices are new
  const bool all_known = std::all_of(seen.links.begin(), seen.links.end(), [&](const SeenLink& link) {
    return !link.ours() || known_.contains(link.ifindex);
  });
  std::optional<DeviceMonitor> fresh;
  if (!news_ || !all_known)
    if (auto opened = DeviceMonitor::open()) fresh = std::move(*opened);
  auto changes = news_ ? news_->read() : Result<std::vector<DeviceState>>(NetlinkError{});
  if (changes)
    for (const auto& device : *changes) known_.erase(device.ifindex);
  else
    known_.clear();
  if (fresh) news_ = std::move(fresh);
}

Result<void> DeviceMemory::read(Seen& seen) {
  if (std::none_of(seen.links.begin(), seen.links.end(), [](const SeenLink& link) { return link.ours(); }))
    return {};
  listen(seen);
  std::unique_ptr<NetlinkDevices> devices;
  for (auto& link : seen.links) {
    if (!link.ours()) continue;
    if (const auto known = known_.find(link.ifindex); news_ && known != known_.end()) {
      link.config = known->second;
      continue;
    }
    if (!devices) {
      auto opened = NetlinkDevices::open();
      if (!opened) return opened.error();
      devices = std::move(*opened);
    }
    readings_++;
    auto config = get_config(*devices, link.name);
    if (config) link.config = known_[link.ifindex] = std::move(*config);
    if (!config && config.error().code != ENODEV) return config.error();
  }
  return {};
}

}  // namespace ipxlat
