// SPDX-License-Identifier: GPL-2.0-only
// A set of nftables as a plain value.
#ifndef IPXLAT_DAEMON_NFT_SET_H
#define IPXLAT_DAEMON_NFT_SET_H

#include <cstdint>
#include <vector>

namespace ipxlat::nft {

using Bytes = std::vector<uint8_t>;

// What nft(8) calls the type of a set's keys, so that it can print them.
enum class KeyType : uint32_t { kAddress4 = 7, kAddress6 = 8, kProtocol = 12, kInterface = 41 };

// Without intervals: `begin` alone counts. With them: from `begin` to before `end`, an empty `end` being
// behind the last value; sorted, with a gap between any two.
struct Element {
  Bytes begin;
  Bytes end;
};

// Constant and without a name: it lives in the rule that has it.
struct Set {
  KeyType type = KeyType::kAddress6;
  bool intervals = false;
  std::vector<Element> elements;
};

}  // namespace ipxlat::nft

#endif
