// SPDX-License-Identifier: GPL-2.0-only
// Other people's nftables rules, as far as they can be read.
#ifndef IPXLAT_TOOLS_IPXLATCTL_DOCTOR_RULESET_H
#define IPXLAT_TOOLS_IPXLATCTL_DOCTOR_RULESET_H

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/bytes.h"
#include "tools/ipxlatctl/doctor/instruction.h"

namespace ipxlat::ctl::doctor {

// NFPROTO_* and NF_INET_*
enum class Family : uint8_t { kInet = 1, kIp = 2, kIp6 = 10 };
enum class Hook : uint8_t { kPrerouting, kInput, kForward, kOutput, kPostrouting };

struct Rule {
  uint64_t handle = 0;
  std::vector<Instruction> instructions;
};

struct Base {
  Hook hook;
  int32_t priority;
  bool drops;  // its policy
};

struct Chain {
  std::string name;
  std::optional<Base> base;  // of a chain of type filter that a hook calls
  std::vector<Rule> rules;
};

// Both ends belong to it.
struct Element {
  Bytes first;
  Bytes last;
  std::optional<Give> give;
};

struct Set {
  std::vector<Element> elements;
  bool readable = true;  // false: ranges in several fields, or a default element
};

struct Table {
  Family family;
  std::string name;
  std::map<std::string, Chain> chains;
  std::map<std::string, Set> sets;
};

using Ruleset = std::vector<Table>;

}  // namespace ipxlat::ctl::doctor

#endif
