// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/render.h"

#include <nlohmann/json.hpp>
#include <ostream>

namespace ipxlat::ctl {

using nlohmann::ordered_json;

std::string device_text(const DeviceState& device) {
  const Settings& settings = device.settings;
  std::string prefix = settings.remote_prefix6 ? to_string(*settings.remote_prefix6) : "none";
  return device.ifname + ": " + (device.configured ? "configured" : "not configured, drops everything") +
         "\n    remote-prefix6 " + prefix + " local-map " + std::to_string(device.map_entries) +
         (device.map_entries == 1 ? " entry" : " entries") +  //
         "\n    lowest-ipv6-mtu " + std::to_string(settings.lowest_ipv6_mtu) + " icmp-source4 " +
         to_string(settings.icmp_source4) + " udp-zero-checksum " + to_string(settings.udp_zero_checksum) +
         "\n";
}

ordered_json settings_json(const Settings& settings) {
  ordered_json json;
  json["remote_prefix6"] = nullptr;
  if (settings.remote_prefix6) json["remote_prefix6"] = to_string(*settings.remote_prefix6);
  json["lowest_ipv6_mtu"] = settings.lowest_ipv6_mtu;
  json["icmp_source4"] = to_string(settings.icmp_source4);
  json["udp_zero_checksum"] = to_string(settings.udp_zero_checksum);
  return json;
}

ordered_json device_json(const DeviceState& device) {
  ordered_json json = {
      {"ifindex", device.ifindex}, {"ifname", device.ifname}, {"configured", device.configured}};
  json.update(settings_json(device.settings));
  json["map_entries"] = device.map_entries;
  return json;
}

ordered_json map_json(const std::vector<MapEntry>& map) {
  auto json = ordered_json::array();
  for (const MapEntry& entry : map)
    json.push_back(ordered_json::array({to_string(entry.prefix4), to_string(entry.prefix6)}));
  return json;
}

void print_json(std::ostream& out, const ordered_json& json) {
  out << json.dump(-1, ' ', false, ordered_json::error_handler_t::replace) << "\n";
}

}  // namespace ipxlat::ctl
