// SPDX-License-Identifier: GPL-2.0-only
// The core held to its contract: it reads no more than it may, asks for no more than there is, and plans
// nothing that does not fit the packet.
#ifndef IPXLAT_TESTS_PACKET_PLAN_H
#define IPXLAT_TESTS_PACKET_PLAN_H

#include "lib/translate.h"
#include "tests/packet/packet.h"

namespace ipxlat::test {

// How much of a packet the core may read at first.
enum class Readable {
  kAll,       // every byte
  kOnDemand,  // none, and then exactly as much as it asked for
};

// What the core plans. std::logic_error: it broke its contract; the sentence says how.
ipxlat_reason plan(const ipxlat_config& config, Family family, ipxlat_input input, Readable readable,
                   ipxlat_rewrite& out);

// A packet on its way through, to and with fragmentation. std::logic_error as above.
Translation translate(const ipxlat_config& config, const Links& links, const Packet& in, Readable readable);

}  // namespace ipxlat::test

#endif
