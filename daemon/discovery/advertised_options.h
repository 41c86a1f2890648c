// SPDX-License-Identifier: GPL-2.0-only
// What a router advertisement says that a CLAT wants to know.
#ifndef IPXLAT_DAEMON_DISCOVERY_ADVERTISED_OPTIONS_H
#define IPXLAT_DAEMON_DISCOVERY_ADVERTISED_OPTIONS_H

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "daemon/discovery/pref64_option.h"
#include "daemon/discovery/resolver_option.h"

namespace ipxlat {

using AdvertisedOption = std::variant<Pref64Option, ResolverOption>;

// Of an ICMPv6 `message`, its type first. None if it is of another type or code, or malformed (RFC 4861
// section 6.1.2: one option that is discards all of it).
std::vector<AdvertisedOption> read_advertised_options(std::span<const uint8_t> message);

}  // namespace ipxlat

#endif
