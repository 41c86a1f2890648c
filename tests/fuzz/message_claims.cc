// SPDX-License-Identifier: GPL-2.0-only
// RFC 7915 4.5, 5.5, and what it says of other protocols: nothing.
#include <algorithm>
#include <cstring>

#include "tests/fuzz/address_oracle.h"
#include "tests/fuzz/claim.h"
#include "tests/fuzz/packet_claims.h"

namespace ipxlat::test {
namespace {

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

}  // namespace

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

}  // namespace ipxlat::test
