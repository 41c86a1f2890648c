// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/dissection.h"

#include <algorithm>
#include <cstring>

namespace ipxlat::test {
namespace {

// a wider word, big endian
uint32_t wide(View bytes, size_t at) {
  return static_cast<uint32_t>(word(bytes, at)) << 16 | word(bytes, at + 2);
}

template <class Address>
Ends<Address> read_ends(View addresses) {
  Ends<Address> ends;
  std::memcpy(&ends.source, addresses.data(), sizeof(Address));
  std::memcpy(&ends.destination, addresses.data() + sizeof(Address), sizeof(Address));
  return ends;
}

// RFC 791 3.1
std::optional<Dissection> dissect4(View packet) {
  if (packet.size() < 20 || packet[0] >> 4 != 4) return {};
  Dissection out;
  out.header = (packet[0] & 15) * 4;
  out.length = word(packet, 2);
  if (out.header < 20 || out.header > packet.size() || out.length < out.header) return {};
  out.traffic_class = packet[1];
  out.id = word(packet, 4);
  out.dont_fragment = packet[6] & 0x40;
  out.more = packet[6] & 0x20;
  out.offset = (word(packet, 6) & 0x1fff) * 8;
  out.fragment = out.more || out.offset;
  out.hop_limit = packet[8];
  out.protocol = packet[9];
  out.addresses = packet.subspan(12, 8);
  out.ends4 = read_ends<in_addr>(out.addresses);
  return out;
}

// RFC 8200 4: hop-by-hop options, destination options, routing
bool is_extension(uint8_t next_header) { return next_header == 0 || next_header == 60 || next_header == 43; }

std::optional<Dissection> dissect6(View packet) {
  if (packet.size() < 40 || packet[0] >> 4 != 6) return {};
  Dissection out;
  out.family = Family::kIpv6;
  out.header = 40;
  out.length = 40 + word(packet, 4);
  out.traffic_class = static_cast<uint8_t>(word(packet, 0) >> 4);
  out.hop_limit = packet[7];
  out.protocol = packet[6];
  out.addresses = packet.subspan(8, 32);
  out.ends6 = read_ends<in6_addr>(out.addresses);
  const size_t end = std::min(packet.size(), out.length);
  while (is_extension(out.protocol)) {
    if (out.header + 8 > end) return {};
    out.protocol = packet[out.header];
    out.header += packet[out.header + 1] * 8 + 8;
    if (out.header > end) return {};
  }
  if (out.protocol != IPPROTO_FRAGMENT) return out;
  if (out.header + 8 > end) return {};
  out.fragment = true;
  out.protocol = packet[out.header];
  out.offset = word(packet, out.header + 2) & 0xfff8;
  out.more = packet[out.header + 3] & 1;
  out.id = wide(packet, out.header + 4);
  out.header += 8;
  return out;
}

// RFC 4884 4.1 to 4.5: ICMPv4 has a Length in its sixth byte, ICMPv6 in its fifth
void read_length(Family family, View message, ErrorMessage& out) {
  if (family == Family::kIpv4 && (out.type == 3 || out.type == 11 || out.type == 12)) {
    out.unit = 4;
    out.counted = message[5] * out.unit;
  } else if (family == Family::kIpv6 && (out.type == 1 || out.type == 3)) {
    out.unit = 8;
    out.counted = message[4] * out.unit;
  }
}

}  // namespace

std::optional<Dissection> dissect(Family family, View packet) {
  return family == Family::kIpv4 ? dissect4(packet) : dissect6(packet);
}

uint8_t counterpart(const Dissection& packet) {
  if (!packet.is_icmp()) return packet.protocol;
  if (packet.family == Family::kIpv4) return IPPROTO_ICMPV6;
  return IPPROTO_ICMP;
}

bool is_icmp_error(Family family, uint8_t type) {
  if (family == Family::kIpv6) return type < 128;
  return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

bool shifts_fragment(uint8_t protocol) {
  return is_extension(protocol) || protocol == IPPROTO_FRAGMENT || protocol == IPPROTO_AH ||
         protocol == 135 || protocol == 139 || protocol == 140;
}

uint32_t remainder(View bytes) {
  uint64_t sum = 0;
  for (size_t at = 0; at < bytes.size(); at++) sum += at % 2 ? bytes[at] : bytes[at] << 8;
  return sum % 0xffff;
}

size_t reach(uint8_t protocol) {
  auto at = check_at(protocol);
  return at ? *at + 2 : 0;
}

uint32_t balance(const Dissection& packet, View message) {
  // RFC 792 has no pseudo-header
  if (packet.protocol == IPPROTO_ICMP) return remainder(message);
  auto length = static_cast<uint32_t>(packet.payload());
  return (remainder(packet.addresses) + packet.protocol + (length >> 16) + (length & 0xffff) +
          remainder(message)) %
         0xffff;
}

std::optional<ErrorMessage> open_error(Family family, View message) {
  if (message.size() < 8) return {};
  ErrorMessage out;
  out.type = message[0];
  out.code = message[1];
  out.second = static_cast<uint32_t>(word(message, 4)) << 16 | word(message, 6);
  read_length(family, message, out);
  View body = message.subspan(8);
  const size_t least = family == Family::kIpv4 ? 20 : 40;
  const bool split = out.counted >= least && out.counted < body.size();
  out.original = split ? body.first(out.counted) : body;
  out.extension = body.subspan(out.original.size());
  auto inner = dissect(family, out.original);
  if (!inner) return {};
  out.inner = *inner;
  const size_t end = std::min(out.original.size(), out.inner.length);
  out.quoted = out.original.subspan(out.inner.header, end - out.inner.header);
  return out;
}

}  // namespace ipxlat::test
