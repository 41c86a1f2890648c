// SPDX-License-Identifier: GPL-2.0-only
// There and back again, from IPv4, which has less to say: what an IPv6 packet has besides is lost on its
// first way.
#include <algorithm>
#include <cstring>

#include "tests/fuzz/claim.h"
#include "tests/fuzz/dissection.h"
#include "tests/fuzz/packet_claims.h"
#include "tests/packet/plan.h"

namespace ipxlat::test {
namespace {

struct Trip {
  const PacketCase& one;
  Bytes start;               // IPv4
  Dissection in;             // of it
  std::vector<Bytes> there;  // IPv6
  std::vector<Bytes> back;   // IPv4 again
};

bool is_error(const Trip& trip) {
  return trip.in.is_icmp() && !trip.in.offset && is_icmp_error(Family::kIpv4, trip.start.at(trip.in.header));
}

View message(const Trip& trip) { return View(trip.start).subspan(trip.in.header, trip.in.payload()); }

// What is not to come back.
bool may_be_dropped(const Trip& trip, ipxlat_reason reason) {
  if (!is_error(trip)) {
    const bool fragment = trip.in.fragment || trip.there.size() > 1;
    switch (reason) {
      case IPXLAT_REASON_ICMP_FRAGMENT:
        return fragment && trip.in.is_icmp();
      case IPXLAT_REASON_EXTENSION_AFTER_FRAGMENT:
        return fragment && shifts_fragment(trip.in.protocol);
      default:
        return false;
    }
  }
  auto error = open_error(Family::kIpv4, message(trip));
  claim(error.has_value(), "an error that passes quotes a packet with a whole header");
  // too short for a type and a check, so that the type stays the other family's
  if (reason == IPXLAT_REASON_ICMP_NESTED_ERROR) return error->inner.is_icmp() && error->quoted.size() < 4;
  return reason == IPXLAT_REASON_ICMP_QUOTE && error->inner.fragment &&
         shifts_fragment(error->inner.protocol);
}

// Equal but for the check at `check`, which may have the other zero.
void claim_equal(View in, View out, size_t check) {
  claim(in.size() == out.size(), "a message comes back as long as it was");
  const bool whole = check + 2 <= in.size();
  for (size_t at = 0; at < in.size(); at++)
    claim(in[at] == out[at] || (whole && at >= check && at < check + 2), "a message comes back as it was");
  claim(!whole || word(in, check) % 0xffff == word(out, check) % 0xffff, "a check comes back as it was");
}

void claim_same_header(const Dissection& in, const Dissection& out) {
  claim(in.traffic_class == out.traffic_class && in.hop_limit == out.hop_limit && in.protocol == out.protocol,
        "type of service, time to live and protocol come back");
  claim(!std::memcmp(&in.ends4, &out.ends4, sizeof in.ends4), "the addresses come back");
  claim(in.offset == out.offset && in.more == out.more, "offset and more flag come back");
  claim(!in.fragment || in.id == out.id, "the identification of a fragment comes back");
}

void claim_message_back(const Trip& trip) {
  Datagram out = reassemble(Family::kIpv4, trip.back);
  claim_same_header(trip.in, out.header);
  claim(trip.there.size() == 1 || out.header.id == trip.in.id,
        "fragments have the identification of the whole");
  View in = message(trip);
  const bool checked = !trip.in.offset && reach(trip.in.protocol) && in.size() >= reach(trip.in.protocol);
  const size_t check = checked ? *check_at(trip.in.protocol) : in.size();
  if (checked && trip.in.protocol == IPPROTO_UDP && word(in, check) == 0)
    put16(out.payload, check, 0);  // it had none, and may have got one
  claim_equal(in, out.payload, check);
}

constexpr size_t kHeader4 = 20;
constexpr size_t kLongest4 = 576;
constexpr size_t kUnit4 = 4;

void claim_error_back(const Trip& trip) {
  Datagram out = reassemble(Family::kIpv4, trip.back);
  Datagram six = reassemble(Family::kIpv6, trip.there);
  auto in = open_error(Family::kIpv4, message(trip));
  auto between = open_error(Family::kIpv6, six.payload);
  auto back = open_error(Family::kIpv4, out.payload);
  claim(in && between && back, "an error comes back with what it quotes");
  claim(trip.in.ends4.destination.s_addr == out.header.ends4.destination.s_addr,
        "an error's destination comes back");
  claim_same_header(in->inner, back->inner);
  // the source that has no other form takes room, and the way back ends at 576 bytes (RFC 1812 4.3.2.3) or a
  // unit before
  const bool full = back->counted == 255 * back->unit || kHeader4 + out.payload.size() > kLongest4 - kUnit4;
  claim(full || back->quoted.size() >= std::min(in->quoted.size(), between->quoted.size()),
        "what was quoted on the way comes back");
  // what was cut on the way may have been padded on the way back
  const size_t common = std::min({in->quoted.size(), between->quoted.size(), back->quoted.size()});
  const size_t check = check_at(in->inner.protocol).value_or(common);
  // half a check may be made whole by what it is padded with, and then be changed
  const bool half = !in->inner.offset && common < reach(in->inner.protocol) && common > check;
  const size_t length = half ? check : common;
  const bool checked = !in->inner.offset && common >= reach(in->inner.protocol);
  claim_equal(in->quoted.first(length), back->quoted.first(length), checked ? check : length);
}

}  // namespace

void claim_round_trip(const PacketCase& one, const Translation& there) {
  const bool four = one.packet.family == Family::kIpv4;
  Trip trip{one, four ? one.packet.bytes : there.packets.at(0), {}, there.packets, {}};
  auto in = dissect(Family::kIpv4, trip.start);
  claim(in.has_value(), "IPv4 that is translated is well-formed");
  trip.in = *in;
  if (!four) {
    Translation again = translate(one.core, one.links, {Family::kIpv4, trip.start}, Readable::kAll);
    // icmp-source4, which speaks for a router without an address, need not have an IPv6 form
    if (is_error(trip) && again.reason &&
        trip.in.ends4.source.s_addr == one.config.settings.icmp_source4.s_addr)
      return;
    claim(!again.reason, "what was translated to IPv4 can be translated to IPv6");
    trip.there = again.packets;
  }
  for (const Bytes& packet : trip.there) {
    Translation back = translate(one.core, one.links, {Family::kIpv6, packet}, Readable::kAll);
    if (back.reason && may_be_dropped(trip, back.reason)) return;
    claim(!back.reason, "what was translated to IPv6 can be translated to IPv4");
    trip.back.insert(trip.back.end(), back.packets.begin(), back.packets.end());
  }
  if (is_error(trip))
    claim_error_back(trip);
  else
    claim_message_back(trip);
}

}  // namespace ipxlat::test
