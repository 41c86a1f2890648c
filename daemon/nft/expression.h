// SPDX-License-Identifier: GPL-2.0-only
// The expressions of which rules are made, as the kernel has them.
#ifndef IPXLAT_DAEMON_NFT_EXPRESSION_H
#define IPXLAT_DAEMON_NFT_EXPRESSION_H

#include <variant>

#include "daemon/nft/match.h"
#include "daemon/nft/statement.h"

namespace ipxlat::nft {

using Expression =
    std::variant<Meta, Conntrack, ByInterface, Payload, HashOfSource6, SocketTransparent, Bitwise, Compare,
                 Lookup, NamedLookup, MapLookup, AddToSet, Counter, Refer, Accept, Drop, Jump, Goto, Notrack,
                 Reject, RejectReset, Masquerade, SourceNat6, SourceNatPorts, KeepMapping, TranslateBack,
                 TranslateTo, Duplicate6, Forward, RestoreMark, OffloadFlow, ClampMss>;

}  // namespace ipxlat::nft

#endif
