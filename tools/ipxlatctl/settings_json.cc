// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/settings_json.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace ipxlat::ctl {
namespace {

using nlohmann::ordered_json;

[[noreturn]] void fail(const std::string& sentence) { throw std::invalid_argument(sentence); }

std::string text_of(const ordered_json& value) {
  if (!value.is_string()) fail(value.dump() + " is not a string");
  return value.get<std::string>();
}

void read_prefix(const ordered_json& value, Change& change) {
  if (value.is_null())
    change.unset_remote_prefix6 = true;
  else
    change.remote_prefix6 = parse_prefix6(text_of(value));
}

void read_mtu(const ordered_json& value, Change& change) {
  if (!value.is_number_unsigned() || value > UINT32_MAX) fail(value.dump() + " is not a number of bytes");
  change.lowest_ipv6_mtu = value.get<uint32_t>();
}

MapEntry entry_of(const ordered_json& json) {
  if (!json.is_object() || json.size() != 2 || !json.contains("prefix4") || !json.contains("prefix6"))
    fail(json.dump() + " is not an object of prefix4 and prefix6");
  return parse_map_entry(text_of(json["prefix4"]), text_of(json["prefix6"]));
}

std::vector<MapEntry> entries_of(const ordered_json& json) {
  if (!json.is_array()) fail("not an array of objects");
  std::vector<MapEntry> map;
  for (const ordered_json& entry : json) {
    try {
      map.push_back(entry_of(entry));
    } catch (const std::invalid_argument& error) {
      fail("entry " + std::to_string(map.size() + 1) + ": " + error.what());
    }
  }
  return map;
}

void read_map(const ordered_json& value, Change& change) {
  change.map_flush = true;
  change.map_add = entries_of(value);
}

// What a device says of itself and is not told.
void skip(const ordered_json&, Change&) {}

struct Field {
  const char* name;
  void (*read)(const ordered_json& value, Change& change);
};

constexpr Field kFields[] = {
    {"ifindex", skip},
    {"ifname", skip},
    {"configured", skip},
    {"remote_prefix6", read_prefix},
    {"lowest_ipv6_mtu", read_mtu},
    {"icmp_source4", [](const auto& value, Change& c) { c.icmp_source4 = parse_address4(text_of(value)); }},
    {"udp_zero_checksum",
     [](const auto& value, Change& c) { c.udp_zero_checksum = parse_udp_zero_checksum(text_of(value)); }},
    {"map_entries", skip},
    {"local_map", read_map},
};

void read_field(const std::string& name, const ordered_json& value, Change& change) {
  for (const Field& field : kFields)
    if (name == field.name) return field.read(value, change);
  std::string allowed;
  for (const Field& field : kFields)
    if (field.read != skip) allowed += (allowed.empty() ? "" : ", ") + std::string(field.name);
  fail("'" + name + "' is not a setting (allowed: " + allowed + ")");
}

}  // namespace

ordered_json device_json(const DeviceState& device) {
  const Settings& settings = device.settings;
  ordered_json prefix;
  if (settings.remote_prefix6) prefix = to_string(*settings.remote_prefix6);
  return {{"ifindex", device.ifindex},
          {"ifname", device.ifname},
          {"configured", device.configured},
          {"remote_prefix6", prefix},
          {"lowest_ipv6_mtu", settings.lowest_ipv6_mtu},
          {"icmp_source4", to_string(settings.icmp_source4)},
          {"udp_zero_checksum", to_string(settings.udp_zero_checksum)},
          {"map_entries", device.map_entries}};
}

ordered_json map_json(const std::vector<MapEntry>& map) {
  auto json = ordered_json::array();
  for (const MapEntry& entry : map)
    json.push_back({{"prefix4", to_string(entry.prefix4)}, {"prefix6", to_string(entry.prefix6)}});
  return json;
}

Change change_of(const ordered_json& json, const std::string& name) {
  if (!json.is_array() || json.size() != 1 || !json[0].is_object())
    fail(name + ": not an array with the object of one device");
  Change change;
  for (const auto& [field, value] : json[0].items()) {
    try {
      read_field(field, value, change);
    } catch (const std::invalid_argument& error) {
      fail(name + ": " + field + ": " + error.what());
    }
  }
  return change;
}

std::vector<MapEntry> map_of(const ordered_json& json, const std::string& name) try {
  return entries_of(json);
} catch (const std::invalid_argument& error) {
  fail(name + ": " + error.what());
}

}  // namespace ipxlat::ctl
