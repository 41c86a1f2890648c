// SPDX-License-Identifier: GPL-2.0-only
// The configuration as a whole, read from its files.
#ifndef IPXLAT_DAEMON_CONFIG_CONFIG_H
#define IPXLAT_DAEMON_CONFIG_CONFIG_H

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/instances.h"
#include "daemon/config/listen.h"
#include "daemon/config/mistakes.h"

namespace ipxlat {

struct Config {
  std::vector<Nat64Config> nat64;
  std::vector<ClatConfig> clat;
  std::vector<SiitConfig> siit;
  std::vector<Nat46Config> nat46{};
  std::optional<Listen> metrics_listen{};  // without it nobody is served

  size_t size() const { return nat64.size() + clat.size() + siit.size() + nat46.size(); }
};

// All files make one configuration. ConfigError with everything that is wrong: with a file that cannot be
// read or is not TOML, in an instance, or between two.
Config load_config(const std::vector<std::filesystem::path>& files);

// The same of one file with this text, which need not be there; `name` is what mistakes call it.
Config parse_config(const std::string& text, const std::filesystem::path& name);

// /etc/ipxlat/ipxlatd.toml and /etc/ipxlat/conf.d/*.toml, sorted, as far as they exist, whatever they are.
// ConfigError if conf.d cannot be read.
std::vector<std::filesystem::path> default_config_files(
    const std::filesystem::path& directory = "/etc/ipxlat");

}  // namespace ipxlat

#endif
