// SPDX-License-Identifier: GPL-2.0-only
// What ipxlatd publishes.
#ifndef IPXLAT_TOOLS_IPXLATCTL_STATE_FILE_H
#define IPXLAT_TOOLS_IPXLATCTL_STATE_FILE_H

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace ipxlat::ctl {

// An object with an array "instances"; null if there is no such file. Failure if it is something else.
nlohmann::ordered_json read_state(const std::string& file);

// Of an element of "instances": "nat64.edge"; a CLAT's has its uplink, "clat.home/eth0". Throws
// ordered_json::exception if it has no name.
std::string unit_id(const nlohmann::ordered_json& instance);

}  // namespace ipxlat::ctl

#endif
