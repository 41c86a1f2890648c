// SPDX-License-Identifier: GPL-2.0-only
// What a chain does to a packet of which not everything is known.
#ifndef IPXLAT_TOOLS_IPXLATCTL_DOCTOR_PACKET_WALK_H
#define IPXLAT_TOOLS_IPXLATCTL_DOCTOR_PACKET_WALK_H

#include <cstdint>
#include <optional>
#include <string>

#include "lib/networks.h"
#include "tools/ipxlatctl/doctor/ruleset.h"

namespace ipxlat::ctl::doctor {

// As "ct state" of nft has them.
enum CtState : uint32_t { kInvalid = 1, kEstablished = 2, kRelated = 4, kNew = 8, kUntracked = 64 };

struct Interface {
  std::string name;
  uint32_t index = 0;  // 0: not known
};

struct Packet {
  Hook hook;
  bool ipv6;
  std::optional<Interface> in{};   // nothing: which one is not known, or there is none
  std::optional<Interface> out{};  //
  CtState state = kNew;
  uint8_t protocol = 6;
  std::optional<uint8_t> icmp_type{};
  std::optional<Network> source{};  // all of its addresses alike
  std::optional<Network> destination{};
};

struct Fate {
  bool dropped = false;
  std::string by{};       // "its policy", "rule 7", "rule 7 of chain CHAIN"
  bool excepted = false;  // a rule that depends on more than is known accepts some
};

// Of a packet that the hook of `chain` sees. The chain must have a base.
Fate walk(const Table& table, const Chain& chain, const Packet& packet);

}  // namespace ipxlat::ctl::doctor

#endif
