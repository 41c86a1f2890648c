// SPDX-License-Identifier: GPL-2.0-only
// The devices that packets are sent into.
#ifndef IPXLAT_TESTS_FUZZ_DEVICE_H
#define IPXLAT_TESTS_FUZZ_DEVICE_H

#include <string>
#include <vector>

#include "lib/core_config.h"
#include "tests/packet/setup.h"

namespace ipxlat::test {

struct Device {
  std::string name;  // of the set-up
  DeviceConfig config;
  CoreConfig core;
  std::vector<Host> hosts;  // whose addresses it can write in both families
};

// One for each set-up of tests/vectors/setups and of tests/fuzz/setups, ordered by name. SyntaxError,
// std::runtime_error.
std::vector<Device> read_devices();

}  // namespace ipxlat::test

#endif
