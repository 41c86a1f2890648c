// SPDX-License-Identifier: GPL-2.0-only
#include <cstdlib>
#include <iostream>

#include "lib/namespace_lock.h"
#include "lib/netlink.h"
#include "tools/ipxlatctl/context.h"
#include "tools/ipxlatctl/doctor/observe.h"
#include "tools/ipxlatctl/network_namespace.h"

namespace {

ipxlat::Result<std::unique_ptr<ipxlat::Devices>> open_kernel() {
  auto devices = ipxlat::NetlinkDevices::open();
  if (!devices) return devices.error();
  return std::unique_ptr<ipxlat::Devices>(std::move(*devices));
}

ipxlat::Result<std::unique_ptr<ipxlat::Tracker>> open_tracker() {
  auto tracker = ipxlat::NetlinkTracker::open();
  if (!tracker) return tracker.error();
  return std::unique_ptr<ipxlat::Tracker>(std::move(*tracker));
}

}  // namespace

int main(int argc, char** argv) {
  const char* state_file = std::getenv("IPXLAT_STATE");
  ipxlat::ctl::Context context{.in = std::cin,
                               .out = std::cout,
                               .err = std::cerr,
                               .open_devices = open_kernel,
                               .open_tracker = open_tracker,
                               .daemon_runs = [] { return ipxlat::NamespaceLock::taken(); },
                               .enter_namespace = ipxlat::ctl::enter_namespace,
                               .now = std::chrono::system_clock::now,
                               .observe = ipxlat::ctl::doctor::observe,
                               .state_file = state_file ? state_file : "/run/ipxlat/state.json",
                               .read_numbers = ipxlat::metrics::read_numbers,
                               .connection_table = [] { return ipxlat::read_connection_table(); }};
  return ipxlat::ctl::run({argv + 1, argv + argc}, context);
}
