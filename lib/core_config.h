// SPDX-License-Identifier: GPL-2.0-only
// Settings in the form that the core reads, built as the kernel builds them.
#ifndef IPXLAT_LIB_CORE_CONFIG_H
#define IPXLAT_LIB_CORE_CONFIG_H

#include <memory>

#include "kmod/core/config.h"
#include "lib/settings.h"

namespace ipxlat {

class CoreConfig {
 public:
  // std::invalid_argument: the core refuses the settings or the map; with its sentence, and the entry.
  explicit CoreConfig(const DeviceConfig& config);

  const ipxlat_config& get() const { return config_; }
  const ipxlat_map& map() const { return config_.map; }

 private:
  void build_map(const std::vector<MapEntry>& map);

  std::unique_ptr<uint64_t[]> memory_;
  ipxlat_config config_{};
};

// `tag` is the caller's.
ipxlat_map_entry core_entry(const MapEntry& entry, u32 tag = 0);
MapEntry entry_of(const ipxlat_map_entry& core);

}  // namespace ipxlat

#endif
