// SPDX-License-Identifier: GPL-2.0-only
// Where the headers of a packet are, as far as its own bytes can be believed.
#ifndef IPXLAT_TESTS_DATAPATH_SHAPE_H
#define IPXLAT_TESTS_DATAPATH_SHAPE_H

#include <optional>

#include "lib/transport.h"
#include "tests/packet/packet.h"

namespace ipxlat::test {

// Offsets are bytes from the start of the packet, and not behind its end.
struct Shape {
  Family family = Family::kIpv4;
  size_t transport = 0;  // behind the network header, its options and extension headers
  size_t end = 0;        // of the packet by its own length
  uint8_t protocol = 0;  // of what stands at `transport`
  bool first = true;     // not a fragment other than the first
  bool whole = true;     // no fragment at all, or an atomic one
};

// None: not even the fixed part of a network header of version 4 or 6 is there.
std::optional<Shape> shape_of(const Bytes& packet);

// The sum of the pseudo-header of what stands at shape.transport, not inverted (RFC 1071).
uint16_t pseudo_sum(const Bytes& packet, const Shape& shape);

// Makes the length in the network header that of the packet. Too short a packet is left alone.
void repair_length(Bytes& packet);

// Makes the checksums right that receivers look at: that of the IPv4 header, and of the transport header
// if all of the datagram is there. What cannot be found is left alone.
void repair_checksums(Bytes& packet);

}  // namespace ipxlat::test

#endif
