// SPDX-License-Identifier: GPL-2.0-only
// What a sender leaves to the kernel: the checksum, and cutting a train into segments.
#ifndef IPXLAT_TESTS_DATAPATH_OFFLOAD_H
#define IPXLAT_TESTS_DATAPATH_OFFLOAD_H

#include <cstdint>

#include "tests/datapath/random.h"
#include "tests/packet/bytes.h"

namespace ipxlat::test {

// The header of virtio 1.2, 5.1.6 (struct virtio_net_hdr), without the number of buffers; host byte order.
struct OffloadHeader {
  uint8_t flags = 0;
  uint8_t gso_type = 0;
  uint16_t hdr_len = 0;
  uint16_t gso_size = 0;
  uint16_t csum_start = 0;
  uint16_t csum_offset = 0;
};

// The header that a TUN device or packet socket takes in front of a packet: nothing to do, something that
// fits the packet, or a lie. Where the checksum is left to the kernel, that field of the packet becomes the
// pseudo-header's sum. `link`: bytes of link-layer header between the two.
OffloadHeader describe_offload(Bytes& packet, size_t link, Random& random);

}  // namespace ipxlat::test

#endif
