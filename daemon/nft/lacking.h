// SPDX-License-Identifier: GPL-2.0-only
// What a kernel lacks that answers ENOENT to something new.
#ifndef IPXLAT_DAEMON_NFT_LACKING_H
#define IPXLAT_DAEMON_NFT_LACKING_H

#include <cstddef>
#include <string>

struct nlmsghdr;

namespace ipxlat::nft {

// A sentence about what `message` asks for, with the module that has it; `offset` is that of the attribute
// to blame, from the start of the message, 0 if that is not known. Empty if every kernel has it, so that it
// was something else.
std::string lacking(const nlmsghdr* message, size_t offset);

}  // namespace ipxlat::nft

#endif
