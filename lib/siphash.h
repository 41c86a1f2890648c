// SPDX-License-Identifier: GPL-2.0-only
// SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash of 64 bits.
#ifndef IPXLAT_LIB_SIPHASH_H
#define IPXLAT_LIB_SIPHASH_H

#include <array>
#include <cstdint>
#include <span>

namespace ipxlat {

using SipKey = std::array<uint8_t, 16>;

uint64_t siphash24(const SipKey& key, std::span<const uint8_t> data);

}  // namespace ipxlat

#endif
