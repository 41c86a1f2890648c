// SPDX-License-Identifier: GPL-2.0-only
// What is known of transport headers by their protocol number.
#ifndef IPXLAT_LIB_TRANSPORT_H
#define IPXLAT_LIB_TRANSPORT_H

#include <cstddef>
#include <cstdint>
#include <optional>

namespace ipxlat {

// Where the 16-bit check stands, bytes from the start of the header; none for a protocol without one, or
// without one that is known here. RFC 792, 4443, 9293, 768, 3828, 4340.
std::optional<size_t> check_at(uint8_t protocol);

}  // namespace ipxlat

#endif
