// SPDX-License-Identifier: GPL-2.0-only
// The expressions of which rules are made, as the kernel has them. Matches work on register 1.
#ifndef IPXLAT_DAEMON_NFT_EXPRESSION_H
#define IPXLAT_DAEMON_NFT_EXPRESSION_H

#include <netinet/in.h>

#include <cstring>
#include <optional>
#include <string>
#include <variant>

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
// The register joins the set. With `flows_most`, a match where the element has more flows than that.
struct AddToSet {
  std::string set;
  std::optional<uint32_t> flows_most{};
  bool operator==(const AddToSet&) const = default;
};

// Statements.
struct Counter {
  bool operator==(const Counter&) const = default;
};
// A named object takes part: counts, limits, or sets the timeout.
enum class ObjectType : uint32_t { kCounter = 1, kLimit = 4, kConntrackTimeout = 7 };  // NFT_OBJECT_*
struct Refer {
  ObjectType type;
  std::string object;
  bool operator==(const Refer&) const = default;
};
struct Accept {
  bool operator==(const Accept&) const = default;
};
struct Drop {
  bool operator==(const Drop&) const = default;
};
struct Jump {
  std::string chain;
  bool operator==(const Jump&) const = default;
};
struct Goto {
  std::string chain;
  bool operator==(const Goto&) const = default;
};
struct Notrack {
  bool operator==(const Notrack&) const = default;
};
struct Reject {
  uint8_t code;  // ICMP(v6) destination unreachable
  bool operator==(const Reject&) const = default;
};
struct Masquerade {
  bool operator==(const Masquerade&) const = default;
};
// The same inside address gets the same outside address for all its flows ("persistent").
struct SourceNat6 {
  in6_addr first;
  in6_addr last;
  bool operator==(const SourceNat6& other) const { return std::memcmp(this, &other, sizeof other) == 0; }
};
// Sends a copy into a device, in the families ip and ip6 only.
struct Duplicate6 {
  in6_addr to;
  std::string device;
  uint32_t ifindex;  // of the device; 0 if that is not there yet
  bool operator==(const Duplicate6& other) const {
    return IN6_ARE_ADDR_EQUAL(&to, &other.to) && device == other.device && ifindex == other.ifindex;
  }
};
// Sends it into a device, in the family netdev only.
struct Forward {
  std::string device;
  uint32_t ifindex;  // as above
  bool operator==(const Forward&) const = default;
};
struct OffloadFlow {
  std::string flowtable;
  bool operator==(const OffloadFlow&) const = default;
};
// The TCP option "maximum segment size" is lowered to what the route takes.
struct ClampMss {
  bool operator==(const ClampMss&) const = default;
};

using Expression =
    std::variant<Meta, Conntrack, Payload, HashOfSource6, Bitwise, Compare, Lookup, NamedLookup, MapLookup,
                 AddToSet, Counter, Refer, Accept, Drop, Jump, Goto, Notrack, Reject, Masquerade, SourceNat6,
                 Duplicate6, Forward, OffloadFlow, ClampMss>;

}  // namespace ipxlat::nft

#endif
