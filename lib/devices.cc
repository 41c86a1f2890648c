// SPDX-License-Identifier: GPL-2.0-only
#include "lib/devices.h"

#include <cerrno>

namespace ipxlat {
namespace {

constexpr int kAttempts = 100;

}  // namespace

// Settings and map are two answers: they belong together if the settings are the same on both sides of
// the map.
Result<DeviceConfig> get_config(Devices& devices, const std::string& ifname) {
  auto before = devices.get(ifname);
  for (int attempt = 0; before && attempt < kAttempts; ++attempt) {
    if (before->map_entries == 0) return DeviceConfig{before->settings, {}};
    auto map = devices.get_map(ifname);
    if (!map) return map.error();
    auto after = devices.get(ifname);
    if (after && after->settings == before->settings) return DeviceConfig{after->settings, std::move(*map)};
    before = std::move(after);
  }
  if (!before) return before.error();
  return NetlinkError{EINTR, "the settings of '" + ifname + "' change faster than they can be read"};
}

}  // namespace ipxlat
