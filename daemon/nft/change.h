// SPDX-License-Identifier: GPL-2.0-only
// From tables as they are to tables as they shall be.
#ifndef IPXLAT_DAEMON_NFT_CHANGE_H
#define IPXLAT_DAEMON_NFT_CHANGE_H

#include <string>
#include <vector>

#include "daemon/nft/batch.h"
#include "daemon/nft/summary.h"
#include "daemon/nft/table.h"

namespace ipxlat::nft {

// `tables`, one for each family, take the place of `seen`, which are of the same name. What is as it shall be
// is left alone: chains with their counts, sets with what rules put into them, flowtables with their flows,
// limits, counters and timeouts with their state. Empty if all of it is.
Batch change(const std::vector<Table>& tables, const TableSummaries& seen);

// The same for the same tables, whatever process built them: 16 hexadecimal digits.
std::string digest(const std::vector<Table>& tables);

}  // namespace ipxlat::nft

#endif
