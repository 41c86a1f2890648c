// SPDX-License-Identifier: GPL-2.0-only
#ifndef IPXLAT_DAEMON_SERVICE_MACHINE_SECRET_H
#define IPXLAT_DAEMON_SERVICE_MACHINE_SECRET_H

#include "lib/siphash.h"

namespace ipxlat {

// What keeps this machine's stable addresses apart from others', from its machine id; without one it lasts
// until the next boot. std::runtime_error if there is neither.
SipKey machine_secret();

}  // namespace ipxlat

#endif
