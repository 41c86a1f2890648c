// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/mutator.h"

#include "tests/datapath/mutation.h"
#include "tests/datapath/shape.h"

namespace ipxlat::test {

Packet mutate(const Packet& seed, const Packet& other, Random& random) {
  Packet packet = seed;
  if (random.one_in(8)) return packet;  // so that every seed is also seen as it should be
  for (uint32_t count = random.one_in(3) ? random.between(2, 5) : 1; count > 0; count--) {
    auto mutations = random.percent(75) ? byte_mutations() : header_mutations();
    random.of(mutations)(packet.bytes, other.bytes, random);
  }
  // of a packet without a byte the stack itself warns, when tc or nftables hand it on
  if (packet.bytes.empty()) packet.bytes.push_back(random.byte());
  if (random.one_in(2)) repair_length(packet.bytes);
  if (random.percent(75)) repair_checksums(packet.bytes);
  return packet;
}

}  // namespace ipxlat::test
