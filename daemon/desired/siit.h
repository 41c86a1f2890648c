// SPDX-License-Identifier: GPL-2.0-only
// Stateless translation (RFC 7915, RFC 7757): a device and the routes into it.
#ifndef IPXLAT_DAEMON_DESIRED_SIIT_H
#define IPXLAT_DAEMON_DESIRED_SIIT_H

#include "daemon/config/instances.h"
#include "daemon/plan/seen.h"
#include "daemon/plan/unit.h"

namespace ipxlat {

Unit siit_unit(const SiitConfig& config, const Seen& seen);

}  // namespace ipxlat

#endif
