// SPDX-License-Identifier: GPL-2.0-only
// The PREF64 option of router advertisements: the prefix of a NAT64 (RFC 8781 section 4).
#ifndef IPXLAT_DAEMON_DISCOVERY_PREF64_OPTION_H
#define IPXLAT_DAEMON_DISCOVERY_PREF64_OPTION_H

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

#include "lib/address.h"

namespace ipxlat {

struct Pref64Option {
  Prefix6 prefix;
  std::chrono::seconds lifetime{};  // from its arrival; 0: not to be used any more

  bool operator==(const Pref64Option&) const = default;
};

// `option` is all of one, its type first. Empty if it is of another type or not well-formed, or if nothing
// can be translated to its prefix (RFC 6052 section 2.2).
std::optional<Pref64Option> read_pref64_option(std::span<const uint8_t> option);

}  // namespace ipxlat

#endif
