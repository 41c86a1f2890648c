// SPDX-License-Identifier: GPL-2.0-only
// Reads what the checks ask for, of this network namespace.
#ifndef IPXLAT_TOOLS_IPXLATCTL_DOCTOR_OBSERVE_H
#define IPXLAT_TOOLS_IPXLATCTL_DOCTOR_OBSERVE_H

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "lib/devices.h"
#include "tools/ipxlatctl/doctor/observed.h"

namespace ipxlat::ctl::doctor {

// The devices that there are, each with what the instances of ipxlatd's state file say of it.
std::vector<Translator> translators_of(const std::vector<DeviceState>& devices,
                                       const nlohmann::ordered_json& instances);

// All else, about these.
Observed observe(std::vector<Translator> translators);

// Parts of it. Of `ruleset` without the tables of ipxlatd.
Result<Ruleset> read_ruleset();
Result<RouteAnswer> ask_route(const Network& address);
// Which of the links a network manager configures, by what those write below `run`.
std::map<std::string, std::string> read_managers(const std::map<std::string, Link>& links,
                                                 const std::filesystem::path& run);
// Addresses of ipv4only.arpa, within seconds; by `server` instead of those of resolv.conf(5). None is an
// answer.
Result<std::vector<in6_addr>> ask_resolver(const std::optional<sockaddr_in>& server = {});

}  // namespace ipxlat::ctl::doctor

#endif
