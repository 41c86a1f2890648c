// SPDX-License-Identifier: GPL-2.0-only
// What a router needs of sysctls, and no more: on the interfaces where its packets come in.
#ifndef IPXLAT_DAEMON_DESIRED_FORWARDING_H
#define IPXLAT_DAEMON_DESIRED_FORWARDING_H

#include <string>
#include <vector>

#include "daemon/plan/seen.h"
#include "daemon/plan/unit.h"

namespace ipxlat {

// Where packets of each family come in, apart from the device itself. None named: whatever there is, but for
// loopback and the daemon's devices.
struct Ingress {
  std::string device;
  std::vector<std::string> four;  // the uplinks
  std::vector<std::string> six;   // the downlinks
};

// Makes `unit` want forwarding of both families. An interface that listens to routers goes on doing so. With
// `manage` false a missing sysctl makes the unit fail, with a sentence that names it.
void want_forwarding(Unit& unit, const Seen& seen, const Ingress& ingress, bool manage);

// Of IPv4 alone, between these interfaces and the device.
void want_forwarding4(Unit& unit, const Seen& seen, const std::string& device,
                      const std::vector<std::string>& links, bool manage);

}  // namespace ipxlat

#endif
