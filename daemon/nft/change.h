// SPDX-License-Identifier: GPL-2.0-only
// From a table as it is to a table as it shall be.
#ifndef IPXLAT_DAEMON_NFT_CHANGE_H
#define IPXLAT_DAEMON_NFT_CHANGE_H

#include <string>

#include "daemon/nft/batch.h"
#include "daemon/nft/summary.h"
#include "daemon/nft/table.h"

namespace ipxlat::nft {

// The table becomes what it says. `seen` is what there is of that name, null if nothing. What is as it shall
// be is left alone: chains with their counts, sets with what rules put into them, flowtables with their
// flows, limits, counters and timeouts with their state. Empty if all of it is.
Batch change(const Table& table, const TableSummary* seen);

// Tells two tables apart, whatever process built them: 16 hexadecimal digits.
std::string digest(const Table& table);

}  // namespace ipxlat::nft

#endif
