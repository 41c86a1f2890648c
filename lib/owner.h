// SPDX-License-Identifier: GPL-2.0-only
// How things in the kernel are marked as made by this daemon, so that a later one finds them.
#ifndef IPXLAT_LIB_OWNER_H
#define IPXLAT_LIB_OWNER_H

#include <cstdint>
#include <string>
#include <string_view>

namespace ipxlat {

// The protocol number of routes, addresses and proxy entries.
inline constexpr uint8_t kProtocol = 64;

// The alias of a device, and the beginning of a table's comment. `instance` is "nat64.edge".
inline std::string owner_mark(std::string_view instance) { return "ipxlatd [" + std::string(instance) + "]"; }

inline bool is_owner_mark(std::string_view text) { return text.starts_with("ipxlatd ["); }

// The instance of a device's alias; empty if that is no mark.
inline std::string owner_of(std::string_view alias) {
  if (!is_owner_mark(alias)) return {};
  alias.remove_prefix(alias.find('[') + 1);
  return std::string(alias.substr(0, alias.find(']')));
}

}  // namespace ipxlat

#endif
