// SPDX-License-Identifier: GPL-2.0-only
#ifndef IPXLAT_DAEMON_DESIRED_INTERESTS_H
#define IPXLAT_DAEMON_DESIRED_INTERESTS_H

#include "daemon/config/config.h"
#include "daemon/plan/interests.h"
#include "daemon/plan/knowledge.h"

namespace ipxlat {

// Whatever else `desired` looks at routes for has to be here: it sees no others.
Interests interests_of(const Config& config, const Knowledge& knowledge);

}  // namespace ipxlat

#endif
