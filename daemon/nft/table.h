// SPDX-License-Identifier: GPL-2.0-only
// An nftables table as a plain value. Expressions are those of the kernel; matches work on register 1.
#ifndef IPXLAT_DAEMON_NFT_TABLE_H
#define IPXLAT_DAEMON_NFT_TABLE_H

#include <netinet/in.h>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "daemon/nft/set.h"

namespace ipxlat::nft {

enum class Family : uint8_t { kIp4 = 2, kInet = 1, kIp6 = 10 };  // NFPROTO_*

enum class Comparison : uint32_t { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

struct Meta {
  uint32_t key;  // NFT_META_*
};
struct ConntrackState {};
struct Payload {
  uint32_t base;    // NFT_PAYLOAD_*
  uint32_t offset;  // bytes
  uint32_t length;  // bytes
};
struct Bitwise {
  Bytes mask;
};
struct Compare {
  Comparison comparison;
  Bytes value;
};
struct Lookup {
  Set set;
  bool inverted;
};
// Jenkins hash of the IPv6 source address, in network byte order, 0 to modulus - 1.
struct HashOfSource6 {
  uint32_t modulus;
};

struct Counter {};
struct Drop {};
struct Notrack {};
struct Reject {
  uint8_t code;  // ICMP(v6) destination unreachable
};
struct Masquerade {};
// The same inside address gets the same outside address for all its flows ("persistent").
struct SourceNat6 {
  in6_addr first;
  in6_addr last;
};
// Sends a copy into a device, in the families ip and ip6 only.
struct Duplicate6 {
  in6_addr to;
  std::string device;
  uint32_t ifindex;  // of the device; 0 if that is not there yet
};
// The TCP option "maximum segment size" is lowered to what the route takes.
struct ClampMss {};

using Expression = std::variant<Meta, ConntrackState, Payload, Bitwise, Compare, Lookup, HashOfSource6,
                                Counter, Drop, Notrack, Reject, Masquerade, SourceNat6, Duplicate6, ClampMss>;

struct Rule {
  std::string comment;  // what it is for; at most 127 bytes
  std::vector<Expression> expressions;
};

enum class Hook : uint32_t { kPrerouting, kInput, kForward, kOutput, kPostrouting };  // NF_INET_*

// What nft(8) calls the priorities "raw", "filter" and "srcnat" (NF_IP_PRI_*, NF_IP6_PRI_*).
inline constexpr int32_t kRaw = -300, kFilter = 0, kSourceNat = 100;

struct Chain {
  std::string name;
  const char* type;  // "filter" or "nat"
  Hook hook;
  int32_t priority;
  std::vector<Rule> rules;
};

struct Table {
  Family family = Family::kInet;
  std::string name;
  std::string owner;  // the instance, "nat64.edge"
  std::vector<Chain> chains;
};

}  // namespace ipxlat::nft

#endif
