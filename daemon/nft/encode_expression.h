// SPDX-License-Identifier: GPL-2.0-only
// From an expression to libnftnl's objects.
#ifndef IPXLAT_DAEMON_NFT_ENCODE_EXPRESSION_H
#define IPXLAT_DAEMON_NFT_ENCODE_EXPRESSION_H

#include <cstdint>
#include <string>

#include "daemon/nft/expression.h"

struct nftnl_rule;

namespace ipxlat::nft {

// How a Lookup names its set: "__set%d" and a number within the transaction, or any text and 0.
struct SetReference {
  std::string name;
  uint32_t id = 0;
};

// Appends to `rule`. std::bad_alloc.
void append(nftnl_rule* rule, const Expression& expression, const SetReference& anonymous);

}  // namespace ipxlat::nft

#endif
