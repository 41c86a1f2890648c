// SPDX-License-Identifier: GPL-2.0-only
// Other people's nftables rules, as far as they can be read: a small machine with registers, as the kernel
// has it.
#ifndef IPXLAT_TOOLS_IPXLATCTL_DOCTOR_RULESET_H
#define IPXLAT_TOOLS_IPXLATCTL_DOCTOR_RULESET_H

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lib/bytes.h"

namespace ipxlat::ctl::doctor {

// NFPROTO_* and NF_INET_*
enum class Family : uint8_t { kInet = 1, kIp = 2, kIp6 = 10 };
enum class Hook : uint8_t { kPrerouting, kInput, kForward, kOutput, kPostrouting };

enum class Key { kIif, kOif, kIifname, kOifname, kNfproto, kL4proto, kMark, kCtState, kNetwork, kTransport };

// Registers by their place in 64 bytes.
struct Load {
  uint32_t to;
  uint32_t length;
  Key key;
  uint32_t offset = 0;  // into the network or the transport header
};
struct Bitwise {
  uint32_t from;
  uint32_t to;
  Bytes mask;
  Bytes flip;
};
struct Compare {
  enum Operator { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };  // NFT_CMP_*
  uint32_t from;
  Operator op;
  Bytes value;
};
struct Range {
  uint32_t from;
  Bytes first;
  Bytes last;
  bool outside = false;
};
struct Lookup {
  uint32_t from;
  std::string set;
  bool inverted = false;
  bool gives_verdict = false;
};
struct Give {
  enum Verdict { kAccept, kDrop, kJump, kGoto, kReturn };
  Verdict verdict;
  std::string chain{};  // of kJump and kGoto
};
// A match that cannot be read: it may hold or not.
struct Doubt {};
// Something that may have written to any register.
struct Forget {};

using Instruction = std::variant<Load, Bitwise, Compare, Range, Lookup, Give, Doubt, Forget>;

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
