// SPDX-License-Identifier: GPL-2.0-only
// Tables of nftables in this network namespace, as they are and as they shall be.
#ifndef IPXLAT_DAEMON_KERNEL_NFT_TABLES_H
#define IPXLAT_DAEMON_KERNEL_NFT_TABLES_H

#include <string>
#include <vector>

#include "daemon/nft/summary.h"
#include "lib/result.h"

namespace ipxlat::nft {

// Ours, of all families. EPERM without CAP_NET_ADMIN.
Result<TableSummaries> read_tables();

// Our tables called `name` become these, which are called so, in one transaction; what is as it shall be is
// left alone. One of the same family that is not ours becomes ours.
Result<void> set_tables(const std::string& name, const std::vector<Table>& tables);

}  // namespace ipxlat::nft

#endif
