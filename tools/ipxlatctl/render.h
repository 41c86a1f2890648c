// SPDX-License-Identifier: GPL-2.0-only
// Devices as a person and as a program reads them.
#ifndef IPXLAT_TOOLS_IPXLATCTL_RENDER_H
#define IPXLAT_TOOLS_IPXLATCTL_RENDER_H

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "lib/messages.h"

namespace ipxlat::ctl {

// Several lines, each ended.
std::string device_text(const DeviceState& device);

nlohmann::ordered_json device_json(const DeviceState& device);
nlohmann::ordered_json settings_json(const Settings& settings);

// A list of [PREFIX4, PREFIX6].
nlohmann::ordered_json map_json(const std::vector<MapEntry>& map);

// One line. Bytes that are not UTF-8, as a device's name may have, are replaced.
void print_json(std::ostream& out, const nlohmann::ordered_json& json);

}  // namespace ipxlat::ctl

#endif
