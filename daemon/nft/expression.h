// SPDX-License-Identifier: GPL-2.0-only
// From an expression to libnftnl's objects.
#ifndef IPXLAT_DAEMON_NFT_EXPRESSION_H
#define IPXLAT_DAEMON_NFT_EXPRESSION_H

#include <cstdint>

#include "daemon/nft/table.h"

struct nftnl_rule;

namespace ipxlat::nft {

// Appends to `rule`. `set_id` names the set of a Lookup within the transaction. std::bad_alloc.
void append(nftnl_rule* rule, const Expression& expression, uint32_t set_id);

}  // namespace ipxlat::nft

#endif
