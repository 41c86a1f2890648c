// SPDX-License-Identifier: GPL-2.0-only
// Packets like those of the vectors, but for some changes.
#ifndef IPXLAT_TESTS_DATAPATH_MUTATOR_H
#define IPXLAT_TESTS_DATAPATH_MUTATOR_H

#include <vector>

#include "tests/datapath/random.h"
#include "tests/packet/packet.h"

namespace ipxlat::test {

// `seed` as it is, or changed in up to five ways that may take parts of `other`; lengths and checksums are
// repaired or not. Its family stays what its sender says it is, whatever its first byte says.
Packet mutate(const Packet& seed, const Packet& other, Random& random);

}  // namespace ipxlat::test

#endif
