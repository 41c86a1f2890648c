// SPDX-License-Identifier: GPL-2.0-only
// Tables of nftables in this network namespace, as they are and as they shall be.
#ifndef IPXLAT_DAEMON_KERNEL_NFT_TABLES_H
#define IPXLAT_DAEMON_KERNEL_NFT_TABLES_H

#include <string>

#include "daemon/nft/summary.h"
#include "lib/result.h"

namespace ipxlat::nft {

// Ours, of all families. EPERM without CAP_NET_ADMIN.
Result<TableSummaries> read_tables();

// In one transaction; what is as it shall be is left alone. A table of that name becomes ours.
Result<void> make_table(const Table& table);

// One that is gone already is fine.
Result<void> remove_table(Family family, const std::string& name);

}  // namespace ipxlat::nft

#endif
