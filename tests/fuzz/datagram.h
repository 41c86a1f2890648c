// SPDX-License-Identifier: GPL-2.0-only
// What came out for one packet, put together again if it was fragmented.
#ifndef IPXLAT_TESTS_FUZZ_DATAGRAM_H
#define IPXLAT_TESTS_FUZZ_DATAGRAM_H

#include <vector>

#include "tests/fuzz/dissection.h"

namespace ipxlat::test {

inline Family other(Family family) { return family == Family::kIpv4 ? Family::kIpv6 : Family::kIpv4; }

struct Datagram {
  Dissection header;  // of the first packet, but for length and more, which are the whole's
  Bytes payload;
  size_t packets = 0;
  size_t longest = 0;  // of the packets, bytes
};

// Refuted where one of `packets` is malformed, or they are no fragments of one datagram. The packets
// outlive the result.
Datagram reassemble(Family family, const std::vector<Bytes>& packets);

}  // namespace ipxlat::test

#endif
