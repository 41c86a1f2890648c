// SPDX-License-Identifier: GPL-2.0-only
// Sets and maps of nftables as plain values.
#ifndef IPXLAT_DAEMON_NFT_SET_H
#define IPXLAT_DAEMON_NFT_SET_H

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ipxlat::nft {

using Bytes = std::vector<uint8_t>;

// As it lies in memory.
template <class T>
Bytes bytes_of(const T& value) {
  const auto* data = reinterpret_cast<const uint8_t*>(&value);
  return Bytes(data, data + sizeof value);
}

// What nft(8) calls the types of keys and values, so that it can print them.
enum class KeyType : uint32_t {
  kAddress4 = 7,
  kAddress6 = 8,
  kProtocol = 12,
  kPort = 13,
  kMark = 19,
  kInterface = 41,
  kEndpoint6 = 8 << 6 | 13,  // an IPv6 address and a port
  kVerdict = 0xffffff00      // of a value: a chain to go to
};

// Without intervals: `begin` alone counts. With them: from `begin` to before `end`, an empty `end` being
// behind the last value; sorted, with a gap between any two.
struct Element {
  Bytes begin;
  Bytes end{};
  Bytes value{};        // in a map to values
  std::string chain{};  // in a map to verdicts
  bool operator==(const Element&) const = default;
};

// Constant and without a name: it lives in the rule that has it.
struct Set {
  KeyType type = KeyType::kAddress6;
  bool intervals = false;
  std::vector<Element> elements{};
  bool operator==(const Set&) const = default;
};

// Lives in a table, and is a map where it has values. What rules add is theirs: a dynamic set is made
// empty and kept as it is.
struct NamedSet {
  std::string name;
  Set set;
  std::optional<KeyType> value{};
  bool dynamic = false;
  uint32_t size = 0;                       // elements at most; 0: as many as there are
  std::chrono::milliseconds timeout = {};  // of an element that a rule adds; 0: none
  bool operator==(const NamedSet&) const = default;
};

// Bytes of a key or value.
uint32_t length(KeyType type);

}  // namespace ipxlat::nft

#endif
