// SPDX-License-Identifier: GPL-2.0-only
#ifndef IPXLAT_TESTS_DATAPATH_RANDOM_CHANGE_H
#define IPXLAT_TESTS_DATAPATH_RANDOM_CHANGE_H

#include "lib/settings.h"
#include "tests/datapath/random.h"

namespace ipxlat::test {

// A change of a device's settings: of some of them, to values that are allowed, or nearly so. `entries`: how
// many map entries to add, at most.
Change random_change(Random& random, uint32_t entries);

}  // namespace ipxlat::test

#endif
