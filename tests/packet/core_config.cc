// SPDX-License-Identifier: GPL-2.0-only
#include "tests/packet/core_config.h"

#include <stdexcept>

namespace ipxlat::test {
namespace {

void require(const char* refusal) {
  if (refusal) throw std::invalid_argument(refusal);
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
  require(ipxlat_settings_refusal(&config_.settings));

  std::vector<ipxlat_map_entry> entries;
  for (const MapEntry& entry : config.map) {
    entries.push_back(core_entry(entry, static_cast<u32>(entries.size())));
    require(ipxlat_map_entry_refusal(&entries.back()));
  }
  auto count = static_cast<u32>(entries.size());
  memory_ = std::make_unique<uint64_t[]>(ipxlat_map_size(count) / sizeof(uint64_t) + 1);
  u32 blame = 0;
  require(ipxlat_map_build(&config_.map, memory_.get(), entries.data(), count, &blame));
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

}  // namespace ipxlat::test
