// SPDX-License-Identifier: GPL-2.0-only
// Puts right in a mutated packet what would have it dropped at once.
#ifndef IPXLAT_TESTS_FUZZ_REPAIR_H
#define IPXLAT_TESTS_FUZZ_REPAIR_H

#include "tests/fuzz/dissection.h"

namespace ipxlat::test {

// Bits.
enum Repair : uint8_t {
  kLengths = 1,      // version, header length, length
  kEnds = 2,         // the addresses
  kQuotedEnds = 4,   // of the packet that an ICMP error quotes, the other way round
  kMessage = 8,      // the check of TCP, UDP, DCCP or ICMP
  kHeaderCheck = 16  // of IPv4
};

// `repairs`: Repair, or-ed. What is not there is not repaired.
void repair(Packet& packet, uint8_t repairs, const Host& source, const Host& destination);

}  // namespace ipxlat::test

#endif
