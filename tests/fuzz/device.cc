// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/device.h"

namespace ipxlat::test {

std::vector<Device> read_devices() {
  Setups setups = read_setups(IPXLAT_SOURCE_DIR "/tests/vectors/setups");
  setups.merge(read_setups(IPXLAT_SOURCE_DIR "/tests/fuzz/setups"));
  std::vector<Device> devices;
  for (const auto& [name, setup] : setups) {
    DeviceConfig config = setup.config({"set-up " + name, 0});
    Device device{name, config, CoreConfig(config), {}};
    for (const auto& [host_name, host] : setup.hosts)
      if (host.address4 && host.address6) device.hosts.push_back(host);
    if (device.hosts.size() < 2) throw std::runtime_error("set-up " + name + " needs two hosts");
    devices.push_back(std::move(device));
  }
  return devices;
}

}  // namespace ipxlat::test
