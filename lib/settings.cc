// SPDX-License-Identifier: GPL-2.0-only
#include "lib/settings.h"

#include <algorithm>
#include <iterator>

namespace ipxlat {
namespace {

bool same(const in_addr& a, const in_addr& b) { return a.s_addr == b.s_addr; }

std::vector<MapEntry> sorted(std::vector<MapEntry> map) {
  std::sort(map.begin(), map.end());
  return map;
}

void remove_entries(std::vector<MapEntry>& map, const std::vector<MapEntry>& entries) {
  auto gone = sorted(entries);
  std::erase_if(map, [&](const MapEntry& e) { return std::binary_search(gone.begin(), gone.end(), e); });
}

}  // namespace

bool operator==(const Settings& a, const Settings& b) {
  return a.remote_prefix6 == b.remote_prefix6 && a.lowest_ipv6_mtu == b.lowest_ipv6_mtu &&
         same(a.icmp_source4, b.icmp_source4) && a.udp_zero_checksum == b.udp_zero_checksum;
}

bool operator==(const DeviceConfig& a, const DeviceConfig& b) {
  return a.settings == b.settings && a.map == b.map;
}

bool Change::empty() const {
  return !remote_prefix6 && !unset_remote_prefix6 && !lowest_ipv6_mtu && !icmp_source4 &&
         !udp_zero_checksum && !map_flush && map_del.empty() && map_add.empty();
}

Change replace_with(const DeviceConfig& wanted) {
  Change change;
  change.remote_prefix6 = wanted.settings.remote_prefix6;
  change.unset_remote_prefix6 = !wanted.settings.remote_prefix6;
  change.lowest_ipv6_mtu = wanted.settings.lowest_ipv6_mtu;
  change.icmp_source4 = wanted.settings.icmp_source4;
  change.udp_zero_checksum = wanted.settings.udp_zero_checksum;
  change.map_flush = true;
  change.map_add = wanted.map;
  return change;
}

Change difference(const DeviceConfig& seen, const DeviceConfig& wanted) {
  Change change;
  const Settings& from = seen.settings;
  const Settings& to = wanted.settings;
  if (from.remote_prefix6 != to.remote_prefix6) {
    change.remote_prefix6 = to.remote_prefix6;
    change.unset_remote_prefix6 = !to.remote_prefix6;
  }
  if (from.lowest_ipv6_mtu != to.lowest_ipv6_mtu) change.lowest_ipv6_mtu = to.lowest_ipv6_mtu;
  if (!same(from.icmp_source4, to.icmp_source4)) change.icmp_source4 = to.icmp_source4;
  if (from.udp_zero_checksum != to.udp_zero_checksum) change.udp_zero_checksum = to.udp_zero_checksum;

  auto old_map = sorted(seen.map);
  auto new_map = sorted(wanted.map);
  std::set_difference(old_map.begin(), old_map.end(), new_map.begin(), new_map.end(),
                      std::back_inserter(change.map_del));
  std::set_difference(new_map.begin(), new_map.end(), old_map.begin(), old_map.end(),
                      std::back_inserter(change.map_add));
  if (!change.map_del.empty() && new_map.empty()) {
    change.map_flush = true;
    change.map_del.clear();
  }
  return change;
}

void apply_change(DeviceConfig& config, const Change& change) {
  Settings& settings = config.settings;
  if (change.unset_remote_prefix6) settings.remote_prefix6.reset();
  if (change.remote_prefix6) settings.remote_prefix6 = change.remote_prefix6;
  settings.lowest_ipv6_mtu = change.lowest_ipv6_mtu.value_or(settings.lowest_ipv6_mtu);
  settings.icmp_source4 = change.icmp_source4.value_or(settings.icmp_source4);
  settings.udp_zero_checksum = change.udp_zero_checksum.value_or(settings.udp_zero_checksum);

  if (change.map_flush) config.map.clear();
  remove_entries(config.map, change.map_del);
  config.map.insert(config.map.end(), change.map_add.begin(), change.map_add.end());
  std::sort(config.map.begin(), config.map.end());
}

}  // namespace ipxlat
