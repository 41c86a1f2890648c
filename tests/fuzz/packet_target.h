// SPDX-License-Identifier: GPL-2.0-only
#ifndef IPXLAT_TESTS_FUZZ_PACKET_TARGET_H
#define IPXLAT_TESTS_FUZZ_PACKET_TARGET_H

#include "tests/fuzz/dissection.h"

namespace ipxlat::test {

// One input of a fuzzer of packets of `family`. Ends the program where a property does not hold.
void run_packet(Family family, View input);

}  // namespace ipxlat::test

#endif
