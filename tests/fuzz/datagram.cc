// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/datagram.h"

#include <algorithm>

#include "kmod/core/addr.h"
#include "tests/fuzz/address_oracle.h"
#include "tests/fuzz/claim.h"

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

}  // namespace ipxlat::test
