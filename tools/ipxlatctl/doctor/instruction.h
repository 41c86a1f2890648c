// SPDX-License-Identifier: GPL-2.0-only
// What a rule is made of: a small machine with registers, as the kernel has it.
#ifndef IPXLAT_TOOLS_IPXLATCTL_DOCTOR_INSTRUCTION_H
#define IPXLAT_TOOLS_IPXLATCTL_DOCTOR_INSTRUCTION_H

#include <cstdint>
#include <string>
#include <variant>

#include "lib/bytes.h"

namespace ipxlat::ctl::doctor {

enum class Key {
  kIif,
  kOif,
  kIifname,
  kOifname,
  kNfproto,
  kL4proto,
  kMark,
  kCtState,
  kCtStatus,
  kNetwork,
  kTransport
};

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

}  // namespace ipxlat::ctl::doctor

#endif
