// SPDX-License-Identifier: GPL-2.0-only
// Settings in the form that the core reads.
#ifndef IPXLAT_TESTS_PACKET_CORE_CONFIG_H
#define IPXLAT_TESTS_PACKET_CORE_CONFIG_H

#include <memory>
#include <vector>

#include "kmod/core/config.h"
#include "lib/settings.h"

namespace ipxlat::test {

class CoreConfig {
 public:
  // std::invalid_argument: the core refuses the settings or the map; with its sentence.
  explicit CoreConfig(const DeviceConfig& config);

  const ipxlat_config& get() const { return config_; }
  const ipxlat_map& map() const { return config_.map; }

 private:
  std::unique_ptr<uint64_t[]> memory_;
  ipxlat_config config_{};
};

ipxlat_map_entry core_entry(const MapEntry& entry, u32 tag = 0);

}  // namespace ipxlat::test

#endif
