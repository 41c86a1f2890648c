// SPDX-License-Identifier: GPL-2.0-only
// What matches are made of. They work on register 1.
#ifndef IPXLAT_DAEMON_NFT_MATCH_H
#define IPXLAT_DAEMON_NFT_MATCH_H

#include <cstdint>
#include <optional>
#include <string>

#include "daemon/nft/set.h"

namespace ipxlat::nft {

enum class Comparison : uint32_t { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

// What matches look at.
struct Meta {
  uint32_t key;  // NFT_META_*
  bool operator==(const Meta&) const = default;
};
struct Conntrack {
  uint32_t key;  // NFT_CT_*
  bool operator==(const Conntrack&) const = default;
};
struct Payload {
  uint32_t base;    // NFT_PAYLOAD_*
  uint32_t offset;  // bytes
  uint32_t length;  // bytes
  bool operator==(const Payload&) const = default;
};
// Jenkins hash of the IPv6 source address, in network byte order, 0 to modulus - 1.
struct HashOfSource6 {
  uint32_t modulus;
  bool operator==(const HashOfSource6&) const = default;
};
// Whether the socket that the packet is for is a transparent one; no match where there is no socket.
struct SocketTransparent {
  bool operator==(const SocketTransparent&) const = default;
};
// It comes in by this interface, or goes out by it. Much cheaper than by name, and another interface of that
// name is not meant.
struct ByInterface {
  bool in;
  std::string device;
  uint32_t ifindex;  // of the device; 0 if that is not there yet
  bool operator==(const ByInterface&) const = default;
};

// What they do with it.
struct Bitwise {
  Bytes mask;
  bool operator==(const Bitwise&) const = default;
};
struct Compare {
  Comparison comparison;
  Bytes value;
  bool operator==(const Compare&) const = default;
};
struct Lookup {
  Set set;
  bool inverted;
  bool operator==(const Lookup&) const = default;
};
struct NamedLookup {
  std::string set;
  bool inverted = false;
  bool operator==(const NamedLookup&) const = default;
};
// The register becomes the value, or the packet goes to the chain; no match where there is none.
struct MapLookup {
  std::string map;
  bool to_verdict = false;
  bool operator==(const MapLookup&) const = default;
};
// The register joins the set. With `flows_most`, a match where the element has more flows than that; with
// `rate_most`, one where it has joined more often in a second. An element that times out starts anew.
struct AddToSet {
  std::string set;
  std::optional<uint32_t> flows_most{};
  std::optional<uint32_t> rate_most{};
  bool operator==(const AddToSet&) const = default;
};

}  // namespace ipxlat::nft

#endif
