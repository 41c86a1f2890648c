// SPDX-License-Identifier: GPL-2.0-only
#ifndef IPXLAT_DAEMON_SERVICE_SYSTEMD_H
#define IPXLAT_DAEMON_SERVICE_SYSTEMD_H

#include <string>

namespace ipxlat {

// Assignments of sd_notify(3), a line each. Does nothing where nobody listens.
void tell_systemd(const std::string& assignments);

}  // namespace ipxlat

#endif
