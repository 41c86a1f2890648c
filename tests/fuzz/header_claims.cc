// SPDX-License-Identifier: GPL-2.0-only
// RFC 7915 4.1, 5.1, 5.1.1
#include "tests/fuzz/claim.h"
#include "tests/fuzz/packet_claims.h"

namespace ipxlat::test {
namespace {

void claim_to_v6(const PacketCase& one, const Dissection& in, const Datagram& out) {
  const uint32_t lowest = one.config.settings.lowest_ipv6_mtu;
  claim(out.header.fragment == (in.fragment || out.packets > 1), "a Fragment header is for fragments alone");
  claim(!out.header.fragment || out.header.id == in.id, "a fragment keeps its sender's identification");
  claim(in.dont_fragment || out.longest <= lowest,
        "without DF nothing longer than lowest-ipv6-mtu comes out");
  const size_t unfragmented = (in.fragment ? 48 : 40) + out.payload.size();
  claim(out.packets == 1 || (!in.dont_fragment && unfragmented > lowest),
        "a packet is fragmented if it has no DF and is longer than lowest-ipv6-mtu");
}

void claim_to_v4(const Dissection& in, const Datagram& out) {
  claim(out.packets == 1, "one IPv6 packet is one IPv4 packet");
  claim(out.header.fragment == (in.more || in.offset != 0), "an IPv6 fragment is an IPv4 fragment");
  claim(out.header.dont_fragment == (!in.fragment && out.header.length > 1260),
        "DF is set above 1260 bytes, and never with a Fragment header");
  claim(!in.fragment || out.header.id == (in.id & 0xffff),
        "the identification is the low 16 bits of the Fragment header's");
}

}  // namespace

void claim_header(const PacketCase& one, const Dissection& in, const Datagram& out) {
  claim(out.header.traffic_class == in.traffic_class, "traffic class and type of service are the same");
  claim(out.header.hop_limit == in.hop_limit, "hop limit and time to live are the same");
  claim(out.header.protocol == counterpart(in), "the protocol is the other family's");
  claim(out.header.offset == in.offset && out.header.more == in.more,
        "the offset and the more flag are the same");
  if (in.family == Family::kIpv4)
    claim_to_v6(one, in, out);
  else
    claim_to_v4(in, out);
}

}  // namespace ipxlat::test
