// SPDX-License-Identifier: GPL-2.0-only
// Devices as a person reads them, and JSON as all commands print it.
#ifndef IPXLAT_TOOLS_IPXLATCTL_RENDER_H
#define IPXLAT_TOOLS_IPXLATCTL_RENDER_H

#include <chrono>
#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "lib/messages.h"

namespace ipxlat::ctl {

// Several lines, each ended.
std::string device_text(const DeviceState& device);

// "2026-11-26 13:40:00.123", in the time zone of the machine, and "2026-11-26T12:40:00.123Z" for programs.
std::string time_text(std::chrono::system_clock::time_point time);
std::string time_json(std::chrono::system_clock::time_point time);

// One line. Bytes that are not UTF-8, as a device's name may have, are replaced.
void print_json(std::ostream& out, const nlohmann::ordered_json& json);

}  // namespace ipxlat::ctl

#endif
