// SPDX-License-Identifier: GPL-2.0-only
#include "lib/core_config.h"

#include <stdexcept>

namespace ipxlat {
namespace {

[[noreturn]] void refuse(const std::string& sentence, const MapEntry& entry) {
  throw std::invalid_argument(sentence + " (" + to_string(entry) + ")");
}

ipxlat_settings core_settings(const Settings& settings) {
  ipxlat_settings core;
  ipxlat_settings_default(&core);
  if (settings.remote_prefix6)
    core.remote_prefix6 = {settings.remote_prefix6->address, settings.remote_prefix6->length};
  core.lowest_ipv6_mtu = settings.lowest_ipv6_mtu;
  core.icmp_source4 = settings.icmp_source4.s_addr;
  core.udp_zero_checksum = static_cast<u32>(settings.udp_zero_checksum);
  return core;
}

}  // namespace

CoreConfig::CoreConfig(const DeviceConfig& config) {
  config_.settings = core_settings(config.settings);
  if (const char* why = ipxlat_settings_refusal(&config_.settings)) throw std::invalid_argument(why);
  build_map(config.map);
  ipxlat_config_finish(&config_);
}

void CoreConfig::build_map(const std::vector<MapEntry>& map) {
  std::vector<ipxlat_map_entry> entries;
  entries.reserve(map.size());
  for (const MapEntry& entry : map) {
    entries.push_back(core_entry(entry, static_cast<u32>(entries.size())));
    if (const char* why = ipxlat_map_entry_refusal(&entries.back())) refuse(why, entry);
  }
  auto count = static_cast<u32>(entries.size());
  memory_ = std::make_unique<uint64_t[]>(ipxlat_map_size(count) / sizeof(uint64_t) + 1);
  u32 blame = 0;
  if (const char* why = ipxlat_map_build(&config_.map, memory_.get(), entries.data(), count, &blame))
    refuse(why, map.at(blame));
}

ipxlat_map_entry core_entry(const MapEntry& entry, u32 tag) {
  ipxlat_map_entry core{};
  core.address4 = entry.prefix4.address.s_addr;
  core.length4 = entry.prefix4.length;
  core.address6 = entry.prefix6.address;
  core.length6 = entry.prefix6.length;
  core.tag = tag;
  return core;
}

MapEntry entry_of(const ipxlat_map_entry& core) {
  return {{{core.address4}, core.length4}, {core.address6, core.length6}};
}

}  // namespace ipxlat
