// SPDX-License-Identifier: GPL-2.0-only
// What rules do.
#ifndef IPXLAT_DAEMON_NFT_STATEMENT_H
#define IPXLAT_DAEMON_NFT_STATEMENT_H

#include <netinet/in.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "daemon/nft/match.h"

namespace ipxlat::nft {

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
// By a TCP segment that ends the connection.
struct RejectReset {
  bool operator==(const RejectReset&) const = default;
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
// To the address in register 1 and a port (identifier of ICMP) from first to last: the flow's own, modulo
// their number, or the next that is free toward its destination.
struct SourceNatPorts {
  uint16_t first;  // host byte order
  uint16_t last;
  bool operator==(const SourceNatPorts&) const = default;
};
// Of TCP and UDP, in the family ip6: what a flow's source has become leads to what it was ...
struct KeepMapping {
  std::string map;
  bool operator==(const KeepMapping&) const = default;
};
// ... for whatever is sent there. No match where there is no mapping.
struct TranslateBack {
  std::string map;
  bool operator==(const TranslateBack&) const = default;
};
// To one end, or what is sent by it comes from there. The family is that of the address.
struct TranslateTo {
  bool source;                     // or else the destination
  std::vector<uint8_t> address;    // 4 or 16 bytes
  std::optional<uint16_t> port{};  // host byte order; without one it stays as it is
  bool operator==(const TranslateTo&) const = default;
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
// It gets the mark of its connection.
struct RestoreMark {
  bool operator==(const RestoreMark&) const = default;
};
struct OffloadFlow {
  std::string flowtable;
  bool operator==(const OffloadFlow&) const = default;
};
// The TCP option "maximum segment size" is lowered to so many bytes, or without them to what the route takes.
struct ClampMss {
  std::optional<uint16_t> bytes{};
  bool operator==(const ClampMss&) const = default;
};

}  // namespace ipxlat::nft

#endif
