// SPDX-License-Identifier: GPL-2.0-only
// Bytes on the wire and the two kinds of number in them.
#ifndef IPXLAT_LIB_BYTES_H
#define IPXLAT_LIB_BYTES_H

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ipxlat {

using Bytes = std::vector<uint8_t>;

// Big endian; std::out_of_range if the bytes at `at` are not there.
inline void put16(Bytes& bytes, size_t at, uint32_t value) {
  bytes.at(at) = static_cast<uint8_t>(value >> 8);
  bytes.at(at + 1) = static_cast<uint8_t>(value);
}

inline void put32(Bytes& bytes, size_t at, uint32_t value) {
  put16(bytes, at, value >> 16);
  put16(bytes, at + 2, value & 0xffff);
}

inline uint16_t get16(const Bytes& bytes, size_t at) {
  return static_cast<uint16_t>(bytes.at(at) << 8 | bytes.at(at + 1));
}

}  // namespace ipxlat

#endif
