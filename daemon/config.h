// SPDX-License-Identifier: GPL-2.0-only
// What the operator wants, as ipxlatd.toml(5) describes it, in plain structs with the defaults filled in.
#ifndef IPXLAT_DAEMON_CONFIG_H
#define IPXLAT_DAEMON_CONFIG_H

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "daemon/tree.h"
#include "lib/address.h"
#include "lib/settings.h"

namespace ipxlat {

enum class Nat64Mode { kMasquerade, kPool };

// pool6[i] is how pool4[i] is written on the IPv6 side: 96 + pool4[i].length bits long.
struct Nat64Config {
  std::string name;
  std::string device;
  Settings settings;  // remote_prefix6 is the pref64, and is set
  Nat64Mode mode = Nat64Mode::kMasquerade;
  std::vector<std::string> downlinks;
  std::vector<std::string> uplinks;
  std::vector<Prefix4> pool4;
  std::vector<Prefix6> pool6;
  std::vector<Prefix4> allow_private;
  bool manage_sysctls = true;
};

enum class ClatMode { kAuto, kForce, kOff };

struct SharedAddress {};
struct DedicatedAddress {};

struct ClatConfig {
  std::string name;
  std::string device;
  std::vector<std::string> uplinks;  // fnmatch(3) patterns
  Prefix6 pref64;
  ClatMode mode = ClatMode::kAuto;
  std::variant<DedicatedAddress, SharedAddress, in6_addr, Prefix6> address6;
  std::optional<Prefix4> local4;  // with a prefix, and only then
  uint32_t route_metric = 2048;
};

struct SiitConfig {
  std::string name;
  std::string device;
  Settings settings;
  std::vector<MapEntry> map;
  bool manage_sysctls = true;
};

struct Config {
  std::vector<Nat64Config> nat64;
  std::vector<ClatConfig> clat;
  std::vector<SiitConfig> siit;

  size_t size() const { return nat64.size() + clat.size() + siit.size(); }
};

// All files make one configuration. ConfigError if one cannot be read, or for the first thing that is
// wrong in one of them or between them.
Config load_config(const std::vector<std::filesystem::path>& files);

// /etc/ipxlat/ipxlatd.toml and /etc/ipxlat/conf.d/*.toml, sorted, as far as they exist.
std::vector<std::filesystem::path> default_config_files(
    const std::filesystem::path& directory = "/etc/ipxlat");

}  // namespace ipxlat

#endif
