// SPDX-License-Identifier: GPL-2.0-only
// The device in userspace: carries the core's plan out on bytes, as the module does on an skb.
#ifndef IPXLAT_TESTS_PACKET_TRANSLATE_H
#define IPXLAT_TESTS_PACKET_TRANSLATE_H

#include "kmod/core/rewrite.h"
#include "tests/packet/vector.h"

namespace ipxlat::test {

// How much of a packet the core may read at first.
enum class Readable {
  kAll,       // every byte
  kOnDemand,  // none, and then exactly as much as it asked for
};

struct Outcome {
  ipxlat_reason reason = IPXLAT_REASON_OK;
  std::vector<Bytes> packets;  // fragments, if there are several
  ipxlat_rewrite plan{};
};

// What the core plans. std::logic_error: it broke its contract (asked for what it had, or for more than
// there is; the sentence says).
ipxlat_reason plan(const ipxlat_config& config, Family family, ipxlat_input input, Readable readable,
                   ipxlat_rewrite& out);

// A packet on its way through, to and with fragmentation. IPv4 identifications that are the device's to
// choose are 0x5a5a. std::logic_error as above, and if the plan does not fit the packet.
Outcome translate(const ipxlat_config& config, const Links& links, const Packet& in, Readable readable);

}  // namespace ipxlat::test

#endif
