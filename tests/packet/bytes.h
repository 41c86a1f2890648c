// SPDX-License-Identifier: GPL-2.0-only
// What the packets of vectors need of bytes besides lib/bytes.h.
#ifndef IPXLAT_TESTS_PACKET_BYTES_H
#define IPXLAT_TESTS_PACKET_BYTES_H

#include <string>

#include "lib/bytes.h"

namespace ipxlat::test {

inline void append(Bytes& to, const Bytes& from) { to.insert(to.end(), from.begin(), from.end()); }

// RFC 1071: the checksum of `bytes`, an odd last byte padded with zero.
uint16_t checksum(const Bytes& bytes);

std::string hex(const Bytes& bytes);

}  // namespace ipxlat::test

#endif
