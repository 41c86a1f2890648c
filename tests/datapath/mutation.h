// SPDX-License-Identifier: GPL-2.0-only
// One change to a packet, such as a sender that errs, lies or attacks would make.
#ifndef IPXLAT_TESTS_DATAPATH_MUTATION_H
#define IPXLAT_TESTS_DATAPATH_MUTATION_H

#include <span>

#include "tests/datapath/random.h"
#include "tests/packet/bytes.h"

namespace ipxlat::test {

constexpr size_t kPacketMax = 65535;

// Takes any bytes, even none, and leaves at most kPacketMax. `other` is another packet, to take parts of.
using Mutation = void (*)(Bytes& packet, const Bytes& other, Random& random);

// Of the bytes as they are, in whichever header they may be.
std::span<const Mutation> byte_mutations();

// Of headers: options, extension headers, a packet quoted by an ICMP error.
std::span<const Mutation> header_mutations();

}  // namespace ipxlat::test

#endif
