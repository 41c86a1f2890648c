// SPDX-License-Identifier: GPL-2.0-only
// The nftables rules of a NAT46: what makes of a service's address and port those of its server. An address
// that is all of one server's needs none.
#ifndef IPXLAT_DAEMON_DESIRED_NAT46_RULES_H
#define IPXLAT_DAEMON_DESIRED_NAT46_RULES_H

#include <cstdint>
#include <vector>

#include "daemon/config/instances.h"
#include "daemon/nft/table.h"

namespace ipxlat {

// The table ipxlat-NAME of family ip. `ifindex` is that of the device, 0 if it is not there.
nft::Table nat46_table(const Nat46Config& config, const std::vector<MapEntry>& map, uint32_t ifindex);

}  // namespace ipxlat

#endif
