// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/packet_claims.h"

#include <algorithm>
#include <cstring>

#include "kmod/core/addr.h"
#include "tests/fuzz/address_oracle.h"
#include "tests/fuzz/claim.h"
#include "tests/packet/plan.h"

namespace ipxlat::test {
namespace {

void claim_form4(const Bytes& packet, const Dissection& seen) {
  claim(seen.header == 20, "an IPv4 packet that comes out has no options");
  claim(!(packet[6] & 0x80), "the reserved flag of IPv4 is clear");
  claim(remainder(View(packet).first(20)) == 0, "the check of an IPv4 header that comes out is right");
  for (const in_addr& address : {seen.ends4.source, seen.ends4.destination}) {
    claim(!is_special(address), "no special IPv4 address comes out");
    claim(!ipxlat_addr4_check(address.s_addr, IPXLAT_REASON_BAD_SOURCE),
          "an IPv4 address that comes out passes the core's own check");
  }
}

void claim_form6(const Bytes& packet, const Dissection& seen) {
  claim(seen.header == (seen.fragment ? 48 : 40), "the only extension header that comes out is Fragment");
  claim((packet[1] & 15) == 0 && word(packet, 2) == 0, "the flow label is zero (RFC 7915 4.1)");
  claim(!seen.fragment || (packet[41] == 0 && (packet[43] & 6) == 0),
        "what is reserved in a Fragment header is zero");
  for (const in6_addr& address : {seen.ends6.source, seen.ends6.destination}) {
    claim(!is_special(address), "no special IPv6 address comes out");
    claim(!ipxlat_addr6_check(&address, IPXLAT_REASON_BAD_SOURCE),
          "an IPv6 address that comes out passes the core's own check");
  }
}

Dissection claim_form(Family family, const Bytes& packet) {
  auto seen = dissect(family, packet);
  claim(seen.has_value(), "the headers of what comes out are well-formed");
  claim(seen->length == packet.size(), "the length field of what comes out agrees with its bytes");
  if (family == Family::kIpv4)
    claim_form4(packet, *seen);
  else
    claim_form6(packet, *seen);
  return *seen;
}

// `next` continues what there is
void claim_next(const Datagram& whole, const Dissection& next) {
  const Dissection& first = whole.header;
  claim(first.more && whole.payload.size() % 8 == 0,
        "a fragment that is not the last says so and is a multiple of 8 bytes long");
  claim(next.offset == first.offset + whole.payload.size(), "fragments follow each other without a gap");
  claim(next.id == first.id && next.protocol == first.protocol, "fragments are of one datagram");
  claim(std::equal(first.addresses.begin(), first.addresses.end(), next.addresses.begin()),
        "fragments have the addresses of the first");
  claim(next.hop_limit == first.hop_limit && next.traffic_class == first.traffic_class,
        "fragments have the hop limit and the traffic class of the first");
}

// RFC 7915 4.1, 5.1, 5.1.1
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

// The network header is the other family's form of the one that came in.
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

// RFC 7915 4.5, 5.5, and what it says of other protocols: nothing.
template <class Address>
bool same(const Ends<Address>& a, const Ends<Address>& b) {
  return !std::memcmp(&a.source, &b.source, sizeof(Address)) &&
         !std::memcmp(&a.destination, &b.destination, sizeof(Address));
}

template <class From, class To>
void claim_ends(const AddressOracle& oracle, const Ends<From>& in, const Ends<To>& out) {
  auto expected = oracle.ends(in);
  claim(expected && same(*expected, out), "both ends are written by map and remote prefix");
  claim(oracle.has_local_end(in), "with a map, one end is in it");
  claim(!is_special(in.source) && !is_special(in.destination), "no end was special before");
}

// UDP over IPv4 without a check
void claim_unchecked(const PacketCase& one, const Dissection& in, View before, const Datagram& out) {
  View after(out.payload);
  auto policy = one.config.settings.udp_zero_checksum;
  claim(policy != UdpZeroChecksum::kDrop, "with the policy drop, no UDP without a check passes");
  if (policy == UdpZeroChecksum::kForward) {
    claim(std::equal(before.begin(), before.end(), after.begin(), after.end()),
          "with the policy forward, UDP without a check stays as it is");
    return;
  }
  claim(in.family == Family::kIpv4 && !in.fragment, "a check is computed for whole IPv4 packets");
  const size_t length = word(before, 4);
  claim(length >= 8 && length <= before.size(), "a UDP check is computed for a datagram that is all there");
  Dissection datagram = out.header;
  datagram.length = datagram.header + length;
  claim(balance(datagram, after.first(length)) == 0 && word(after, 6) != 0,
        "a UDP check that is computed is right");
  Bytes unchecked(out.payload);
  put16(unchecked, 6, 0);
  claim(std::equal(before.begin(), before.end(), unchecked.begin(), unchecked.end()),
        "computing a UDP check changes nothing else");
}

void claim_query_type(View in, View out, Family from) {
  const uint8_t echo[2] = {static_cast<uint8_t>(from == Family::kIpv4 ? 8 : 128),
                           static_cast<uint8_t>(from == Family::kIpv4 ? 0 : 129)};
  const uint8_t expected[2] = {static_cast<uint8_t>(from == Family::kIpv4 ? 128 : 8),
                               static_cast<uint8_t>(from == Family::kIpv4 ? 129 : 0)};
  claim((in[0] == echo[0] && out[0] == expected[0]) || (in[0] == echo[1] && out[0] == expected[1]),
        "of the ICMP queries, echo and its reply pass");
}

// A packet that is no ICMP error: its ends are written by the rules, its message is the same.
void claim_message(const PacketCase& one, const Dissection& in, const Datagram& out) {
  const AddressOracle oracle(one.config);
  if (in.family == Family::kIpv4)
    claim_ends(oracle, in.ends4, out.header.ends6);
  else
    claim_ends(oracle, in.ends6, out.header.ends4);
  View before = View(one.packet.bytes).subspan(in.header, in.payload());
  claim(in.offset || before.size() >= reach(in.protocol), "a transport header that comes out is all there");
  if (in.protocol == IPPROTO_UDP && !in.offset && word(before, 6) == 0)
    claim_unchecked(one, in, before, out);
  else
    claim_same_message(in, before, out.header, out.payload);
}

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

Datagram reassemble(Family family, const std::vector<Bytes>& packets) {
  claim(!packets.empty(), "what is translated comes out");
  Datagram whole;
  for (const Bytes& packet : packets) {
    Dissection seen = claim_form(family, packet);
    if (whole.packets++ == 0)
      whole.header = seen;
    else
      claim_next(whole, seen);
    whole.header.more = seen.more;
    whole.payload.insert(whole.payload.end(), packet.begin() + static_cast<std::ptrdiff_t>(seen.header),
                         packet.end());
    whole.longest = std::max(whole.longest, packet.size());
  }
  whole.header.length = whole.header.header + whole.payload.size();
  return whole;
}

void claim_same_message(const Dissection& in, View in_bytes, const Dissection& out, View out_bytes) {
  claim(in_bytes.size() == out_bytes.size(), "a message keeps its length");
  const bool checked = in.offset == 0 && reach(in.protocol) && in_bytes.size() >= reach(in.protocol);
  const size_t check = checked ? *check_at(in.protocol) : in_bytes.size();
  for (size_t at = 0; at < in_bytes.size(); at++)
    claim(in_bytes[at] == out_bytes[at] || at == check || at == check + 1 ||
              (checked && in.is_icmp() && at == 0),
          "nothing of a message changes but its check and its ICMP type");
  if (!checked) return;
  if (in.is_icmp()) claim_query_type(in_bytes, out_bytes, in.family);
  const bool neutral = !in.is_icmp() && remainder(in.addresses) == remainder(out.addresses);
  claim(!neutral || word(in_bytes, check) == word(out_bytes, check),
        "between addresses with the same sum a check stays as it is");
  if (in.protocol == IPPROTO_UDP) {
    claim((word(in_bytes, 6) == 0) == (word(out_bytes, 6) == 0),
          "a UDP check becomes none never, nor none one");
    if (word(in_bytes, 6) == 0) return;
  }
  claim(balance(in, in_bytes) == balance(out, out_bytes), "a check is as right, or as wrong, as it was");
}

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

void run_packet(Family family, View input) {
  static const std::vector<Device> kDevices = read_devices();
  auto one = read_case(kDevices, family, input);
  if (one) hold([&] { claim_packet(*one); }, [&] { return describe(*one); });
}

}  // namespace ipxlat::test
