// SPDX-License-Identifier: GPL-2.0-only
// Packets that should be the same.
#ifndef IPXLAT_TESTS_PACKET_COMPARE_H
#define IPXLAT_TESTS_PACKET_COMPARE_H

#include <string>
#include <vector>

#include "tests/packet/packet.h"

namespace ipxlat::test {

// Empty if `actual` is what is expected, else where it differs, with both packets in hexadecimal.
std::string difference(const Packet& expected, const Bytes& actual);
std::string difference(const std::vector<Packet>& expected, const std::vector<Bytes>& actual);

std::string hex(const Bytes& bytes);

}  // namespace ipxlat::test

#endif
