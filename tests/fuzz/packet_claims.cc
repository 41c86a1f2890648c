// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/packet_claims.h"

#include "tests/fuzz/claim.h"
#include "tests/packet/plan.h"

namespace ipxlat::test {
namespace {

bool is_error_message(const PacketCase& one, const Dissection& in) {
  return in.is_icmp() && is_icmp_error(in.family, one.packet.bytes.at(in.header));
}

// Ethernet padding and the like
void claim_padding_ignored(const PacketCase& one, const Translation& verdict) {
  if (verdict.reason == IPXLAT_REASON_TRUNCATED) return;
  Packet padded = one.packet;
  padded.bytes.resize(padded.bytes.size() + 7, 0xee);
  Translation again = translate(one.core, one.links, padded, Readable::kOnDemand);
  claim(again.reason == verdict.reason && again.packets == verdict.packets,
        "bytes behind the packet change nothing");
}

void claim_translated(const PacketCase& one, const Translation& there) {
  auto in = dissect(one.packet.family, one.packet.bytes);
  claim(in && in->length <= one.packet.bytes.size(), "what is translated is well-formed and all there");
  Datagram out = reassemble(other(one.packet.family), there.packets);
  claim_header(one, *in, out);
  if (is_error_message(one, *in))
    claim_error(one, *in, out);
  else
    claim_message(one, *in, out);
}

}  // namespace

void claim_packet(const PacketCase& one) {
  Translation verdict = translate(one.core, one.links, one.packet.family, one.packet.bytes);
  Translation demanded = translate(one.core, one.links, one.packet, Readable::kOnDemand);
  claim(verdict.reason == demanded.reason && verdict.packets == demanded.packets,
        "how much can be read at first changes nothing");
  claim_padding_ignored(one, verdict);
  if (verdict.reason) {
    claim_drop(one, verdict);
  } else {
    claim_translated(one, verdict);
    claim_round_trip(one, verdict);
  }
  if (one.gso_size) claim_offload(one);
}

}  // namespace ipxlat::test
