// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/gateways.h"

#include <nlohmann/json.hpp>

#include "tools/ipxlatctl/state_file.h"

namespace ipxlat::ctl {
namespace {

using nlohmann::ordered_json;

// What the state file says of a device; null if nothing, or if it speaks of another of this name, as that of
// another network namespace does.
ordered_json told_of(const ordered_json& state, const DeviceState& device) {
  const std::string prefix = to_string(*device.settings.remote_prefix6);
  if (state.is_object())
    for (const auto& instance : state.at("instances"))
      if (instance.value("device", "") == device.ifname &&
          (instance.value("kind", "") != "nat64" || instance.value("pref64", "") == prefix))
        return instance;
  return nullptr;
}

GatewayMode mode_of(const ordered_json& told) {
  const std::string mode = told.is_object() ? told.value("mode", "") : "";
  if (mode == "pool") return GatewayMode::kPool;
  return mode == "masquerade" ? GatewayMode::kMasquerade : GatewayMode::kUnknown;
}

}  // namespace

std::vector<Gateway> find_gateways(Context& context, const std::string& state_file,
                                   const std::string& instance) {
  const auto state = read_state(state_file);
  const auto devices = open_devices(context);
  std::vector<Gateway> found;
  std::string names;
  try {
    for (const auto& device : value_of(devices->list())) {
      if (!device.settings.remote_prefix6 || !device.map_entries) continue;
      const auto told = told_of(state, device);
      if (told.is_object() && told.at("kind") != "nat64") continue;
      const std::string name = told.is_object() ? told.at("name").get<std::string>() : device.ifname;
      names += (names.empty() ? "" : ", ") + name;
      if (instance.empty() || instance == name)
        found.emplace_back(name, mode_of(told),
                           DeviceConfig{device.settings, value_of(devices->get_map(device.ifname))});
    }
  } catch (const ordered_json::exception&) {
    throw Failure(state_file + ": not a state file of ipxlatd");
  }
  if (names.empty())
    throw Failure("there is no NAT64 in this network namespace (a device with remote-prefix6 and local-map)");
  if (found.empty()) throw Failure("no NAT64 instance '" + instance + "' (there are: " + names + ")");
  return found;
}

}  // namespace ipxlat::ctl
