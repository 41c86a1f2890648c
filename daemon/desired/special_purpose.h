// SPDX-License-Identifier: GPL-2.0-only
#ifndef IPXLAT_DAEMON_DESIRED_SPECIAL_PURPOSE_H
#define IPXLAT_DAEMON_DESIRED_SPECIAL_PURPOSE_H

#include <vector>

#include "lib/address.h"

namespace ipxlat {

// IPv4 prefixes that are not globally reachable (RFC 6890 and its registry), multicast among them.
std::vector<Prefix4> not_global();

}  // namespace ipxlat

#endif
