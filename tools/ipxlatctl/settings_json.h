// SPDX-License-Identifier: GPL-2.0-only
// Devices and their settings as JSON: arrays of objects with named fields, written and read.
#ifndef IPXLAT_TOOLS_IPXLATCTL_SETTINGS_JSON_H
#define IPXLAT_TOOLS_IPXLATCTL_SETTINGS_JSON_H

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "lib/messages.h"

namespace ipxlat::ctl {

// {"ifindex", "ifname", "configured", "remote_prefix6", ..., "map_entries"}
nlohmann::ordered_json device_json(const DeviceState& device);

// [{"prefix4", "prefix6"}]
nlohmann::ordered_json map_json(const std::vector<MapEntry>& map);

// What an array with the object of one device asks for: the settings that are there, and its "local_map" if
// that is. What a device is not told ("ifname", "map_entries" and so on) is skipped. std::invalid_argument
// begins with `name`, which is the file's.
Change change_of(const nlohmann::ordered_json& json, const std::string& name);

// map_json() read back; std::invalid_argument as above.
std::vector<MapEntry> map_of(const nlohmann::ordered_json& json, const std::string& name);

}  // namespace ipxlat::ctl

#endif
