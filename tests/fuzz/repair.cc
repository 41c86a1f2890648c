// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/repair.h"

#include <algorithm>
#include <cstring>

namespace ipxlat::test {
namespace {

void repair_lengths(Family family, Bytes& bytes) {
  const bool four = family == Family::kIpv4;
  if (bytes.size() < (four ? 20 : 40)) return;
  const size_t size = std::min<size_t>(bytes.size(), four ? 65535 : 65575);
  if (four) {
    size_t words = std::clamp<size_t>(bytes[0] & 15, 5, std::min<size_t>(bytes.size() / 4, 15));
    bytes[0] = static_cast<uint8_t>(0x40 | words);
    put16(bytes, 2, static_cast<uint32_t>(size));
  } else {
    bytes[0] = static_cast<uint8_t>(0x60 | (bytes[0] & 15));
    put16(bytes, 4, static_cast<uint32_t>(size - 40));
  }
}

// at the start of a packet, all of whose header is there
void put_ends(Family family, uint8_t* packet, const Host& source, const Host& destination) {
  if (family == Family::kIpv4) {
    std::memcpy(packet + 12, &*source.address4, 4);
    std::memcpy(packet + 16, &*destination.address4, 4);
  } else {
    std::memcpy(packet + 8, &*source.address6, 16);
    std::memcpy(packet + 24, &*destination.address6, 16);
  }
}

bool is_error(const Dissection& packet, const Bytes& bytes) {
  return packet.is_icmp() && packet.payload() > 8 && is_icmp_error(packet.family, bytes[packet.header]);
}

void repair_quoted(const Dissection& packet, Bytes& bytes, const Host& source, const Host& destination) {
  const size_t at = packet.header + 8;
  const bool four = packet.family == Family::kIpv4;
  if (bytes.size() < at + (four ? 20 : 40)) return;
  bytes[at] = static_cast<uint8_t>((four ? 0x40 : 0x60) | (bytes[at] & 15));
  if (four && (bytes[at] & 15) < 5) bytes[at] = 0x45;
  put_ends(packet.family, &bytes[at], destination, source);
}

void repair_message(const Dissection& packet, Bytes& bytes) {
  auto at = check_at(packet.protocol);
  if (packet.offset || packet.payload() < reach(packet.protocol) || !at) return;
  put16(bytes, packet.header + *at, 0);
  uint32_t sum = balance(packet, View(bytes).subspan(packet.header, packet.payload()));
  // none of the two zeros is sent as none (RFC 768)
  put16(bytes, packet.header + *at, packet.protocol == IPPROTO_UDP || sum ? 0xffff - sum : 0);
}

}  // namespace

void repair(Packet& packet, uint8_t repairs, const Host& source, const Host& destination) {
  if (repairs & kLengths) repair_lengths(packet.family, packet.bytes);
  const bool four = packet.family == Family::kIpv4;
  if (repairs & kEnds && packet.bytes.size() >= (four ? 20 : 40))
    put_ends(packet.family, packet.bytes.data(), source, destination);
  auto seen = dissect(packet.family, packet.bytes);
  if (!seen) return;
  if (seen->length <= packet.bytes.size()) {
    if (repairs & kQuotedEnds && is_error(*seen, packet.bytes))
      repair_quoted(*seen, packet.bytes, source, destination);
    if (repairs & kMessage) repair_message(*seen, packet.bytes);
  }
  if (repairs & kHeaderCheck && four) {
    put16(packet.bytes, 10, 0);
    put16(packet.bytes, 10, 0xffff - remainder(View(packet.bytes).first(seen->header)));
  }
}

}  // namespace ipxlat::test
