// SPDX-License-Identifier: GPL-2.0-only
#include <algorithm>

#include "tests/fuzz/claim.h"
#include "tests/fuzz/packet_claims.h"
#include "tests/packet/plan.h"

namespace ipxlat::test {
namespace {

struct Planned {
  ipxlat_reason reason;
  ipxlat_rewrite plan;
};

Planned plan_offloaded(const PacketCase& one, const Bytes& bytes, uint32_t gso_size) {
  Planned out{};
  ipxlat_input input{};
  input.view.data = bytes.data();
  input.view.length = static_cast<u32>(bytes.size());
  input.gso_size = gso_size;
  input.partial = true;
  out.reason = plan(one.core, one.packet.family, input, Readable::kOnDemand, out.plan);
  return out;
}

// As hardware does: the check field is summed with the rest, and has a sum of its own.
void finish(Family family, Bytes& bytes) {
  auto seen = dissect(family, bytes);
  claim(seen.has_value(), "a packet with a partial check stays well-formed");
  View message = View(bytes).subspan(seen->header, seen->payload());
  const uint32_t sum = remainder(message);
  put16(bytes, seen->header + *check_at(seen->protocol), 0xffff - sum);
}

void claim_partial(const PacketCase& one) {
  Bytes finished = one.packet.bytes;
  finish(one.packet.family, finished);
  Translation expected = translate(one.core, one.links, {one.packet.family, finished}, Readable::kAll);
  Planned partial = plan_offloaded(one, one.packet.bytes, 0);
  claim(partial.reason == expected.reason, "a check left to the hardware is no reason to drop, nor not to");
  if (partial.reason) return;
  claim(!partial.plan.udp_compute, "a check left to the hardware is not computed");
  Bytes packet = carry_out(partial.plan, one.packet.bytes);
  const Family to = other(one.packet.family);
  finish(to, packet);
  Datagram actual = reassemble(to, {packet});
  Datagram whole = reassemble(to, expected.packets);
  const size_t check = *check_at(actual.header.protocol);
  claim(word(actual.payload, check) % 0xffff == word(whole.payload, check) % 0xffff,
        "a check left to the hardware comes out as if it had been computed before");
  put16(actual.payload, check, word(whole.payload, check));
  claim(actual.payload == whole.payload, "a message whose check is left to the hardware is the same");
}

// The first packet that a train is cut into.
std::optional<Bytes> first_segment(const PacketCase& one, const Dissection& in) {
  const Bytes& bytes = one.packet.bytes;
  size_t transport = 8;
  if (in.protocol == IPPROTO_TCP) transport = in.payload() < 20 ? 0 : (bytes[in.header + 12] >> 4) * 4;
  const size_t size = in.header + transport + one.gso_size;
  if (transport < (in.protocol == IPPROTO_TCP ? 20 : 8) || size > in.length) return {};
  Bytes segment(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
  if (in.family == Family::kIpv6) {
    put16(segment, 4, static_cast<uint32_t>(size - 40));
    return segment;
  }
  put16(segment, 2, static_cast<uint32_t>(size));
  put16(segment, 10, 0);
  put16(segment, 10, 0xffff - remainder(View(segment).first(in.header)));
  return segment;
}

// The new header without what depends on the length.
Bytes without_length(const Planned& planned, Family family) {
  Bytes head(planned.plan.head, planned.plan.head + planned.plan.put);
  put16(head, family == Family::kIpv4 ? 2 : 4, 0);
  if (family == Family::kIpv4) put16(head, 10, 0);
  return head;
}

void claim_segments(const PacketCase& one, const Dissection& in) {
  Planned train = plan_offloaded(one, one.packet.bytes, one.gso_size);
  const bool cuttable = in.protocol == IPPROTO_TCP || in.protocol == IPPROTO_UDP;
  if (train.reason == IPXLAT_REASON_SEGMENTATION) {
    claim(!cuttable || in.fragment, "TCP and UDP can be cut, unless they are fragments");
    return;
  }
  auto segment = first_segment(one, in);
  if (train.reason || !cuttable || !segment) return;
  Planned single = plan_offloaded(one, *segment, 0);
  claim(!single.reason, "a segment passes where its train does");
  claim(train.plan.put + train.plan.segment == single.plan.put + single.plan.keep,
        "a train knows how long a segment is on the wire");
  const Family to = other(in.family);
  claim(without_length(train, to) == without_length(single, to),
        "a train has the header of its first segment");
}

}  // namespace

void claim_offload(const PacketCase& one) {
  auto in = dissect(one.packet.family, one.packet.bytes);
  if (!in || in->length > one.packet.bytes.size()) return;
  claim_segments(one, *in);
  const bool checked = in->protocol == IPPROTO_TCP || in->protocol == IPPROTO_UDP;
  if (checked && !in->fragment && in->payload() >= reach(in->protocol)) claim_partial(one);
}

}  // namespace ipxlat::test
