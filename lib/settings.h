// SPDX-License-Identifier: GPL-2.0-only
// What a device is told, as <linux/ipxlat.h> describes it, and the one grammar that the command line
// and save files write it in.
#ifndef IPXLAT_LIB_SETTINGS_H
#define IPXLAT_LIB_SETTINGS_H

#include <linux/ipxlat.h>

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "lib/address.h"

namespace ipxlat {

enum class UdpZeroChecksum : uint32_t {
  kCompute = IPXLAT_UDP_ZERO_COMPUTE,
  kDrop = IPXLAT_UDP_ZERO_DROP,
  kForward = IPXLAT_UDP_ZERO_FORWARD,
};

// The defaults are those of a device that was just made.
struct Settings {
  std::optional<Prefix6> remote_prefix6;
  uint32_t lowest_ipv6_mtu = IPXLAT_LOWEST_IPV6_MTU_MIN;  // bytes, 1280 to 65535
  in_addr icmp_source4 = parse_address4("192.0.0.8");
  UdpZeroChecksum udp_zero_checksum = UdpZeroChecksum::kCompute;
};

// All that a device was told.
struct DeviceConfig {
  Settings settings;
  std::vector<MapEntry> map;  // sorted when it comes from the kernel
};

bool operator==(const Settings& a, const Settings& b);
bool operator==(const DeviceConfig& a, const DeviceConfig& b);

// A request to change a device: what is absent stays as it is. The kernel first empties the map if
// map_flush, then removes map_del, then adds map_add, and takes all of it or nothing.
struct Change {
  std::optional<Prefix6> remote_prefix6;
  bool unset_remote_prefix6 = false;  // excludes remote_prefix6
  std::optional<uint32_t> lowest_ipv6_mtu;
  std::optional<in_addr> icmp_source4;
  std::optional<UdpZeroChecksum> udp_zero_checksum;
  bool map_flush = false;
  std::vector<MapEntry> map_del;
  std::vector<MapEntry> map_add;

  bool empty() const;
};

// The change that makes any device be configured as `wanted`.
Change replace_with(const DeviceConfig& wanted);

// The smallest change from `seen` to `wanted`; empty() if there is nothing to do. The order of map
// entries does not matter.
Change difference(const DeviceConfig& seen, const DeviceConfig& wanted);

// What a change asks for, made on `config` as the kernel makes it, but without its validation.
void apply_change(DeviceConfig& config, const Change& change);

// Words, in any order, each setting at most once but for local-map:
//
//     remote-prefix6 PREFIX6|none     local-map PREFIX4 PREFIX6 (repeated)|none
//     lowest-ipv6-mtu BYTES           icmp-source4 ADDRESS4
//     udp-zero-checksum compute|drop|forward
//
// local-map replaces the whole map. Only the form is checked; which values are allowed is the kernel's
// to say. std::invalid_argument with a complete sentence.
Change parse_settings(const std::vector<std::string>& words);

// The same words from a file, a setting a line, with '#' starting a comment. `name` is the file's, for
// std::invalid_argument's "name:line: sentence". `map_lines`, if not null, receives the line number of
// each entry of map_add.
Change parse_settings(std::istream& in, const std::string& name, std::vector<size_t>* map_lines = nullptr);

// A whole map: lines of "PREFIX4 PREFIX6", with the rest as above. `refusals`, if not null, receives what
// would be thrown about a line, for each line, and the map is without it.
std::vector<MapEntry> parse_map(std::istream& in, const std::string& name,
                                std::vector<size_t>* map_lines = nullptr,
                                std::vector<std::string>* refusals = nullptr);

// Every setting, a line each, in a form that parse_settings() reads back to replace_with(config).
std::string format_settings(const DeviceConfig& config);

// "compute", "drop", "forward".
std::string to_string(UdpZeroChecksum policy);
UdpZeroChecksum parse_udp_zero_checksum(std::string_view text);

}  // namespace ipxlat

#endif
