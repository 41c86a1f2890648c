// SPDX-License-Identifier: GPL-2.0-only
#include <algorithm>

#include "tests/datapath/mutation.h"
#include "tests/datapath/shape.h"

namespace ipxlat::test {
namespace {

constexpr size_t kHeaders = 120;  // where most of what is decided about a packet stands

// Mostly in the headers.
size_t place(const Bytes& packet, Random& random) {
  size_t most = random.percent(80) ? std::min(packet.size(), kHeaders) : packet.size();
  return random.below(most);
}

// Often where a header ends, or one byte beside it.
size_t cut(const Bytes& packet, Random& random) {
  std::optional<Shape> shape = shape_of(packet);
  if (!shape || random.one_in(3)) return random.below(packet.size() + 1);
  size_t at = shape->transport + random.below(30);
  return std::min(at - (random.one_in(3) ? 1 : 0), packet.size());
}

void flip_bits(Bytes& packet, const Bytes&, Random& random) {
  if (packet.empty()) return;
  for (uint32_t count = random.between(1, 4); count > 0; count--)
    packet[place(packet, random)] ^= static_cast<uint8_t>(1 << random.below(8));
}

void set_byte(Bytes& packet, const Bytes&, Random& random) {
  if (!packet.empty()) packet[place(packet, random)] = static_cast<uint8_t>(random.odd16());
}

void set_word(Bytes& packet, const Bytes&, Random& random) {
  if (packet.size() < 2) return;
  put16(packet, std::min(place(packet, random), packet.size() - 2) & ~size_t{1}, random.odd16());
}

// Total or payload length: near the truth, or anything.
void lie_about_length(Bytes& packet, const Bytes&, Random& random) {
  if (!shape_of(packet)) return;
  size_t at = packet[0] >> 4 == 4 ? 2 : 4;
  uint32_t near = get16(packet, at) + random.between(0, 16) - 8;
  put16(packet, at, random.one_in(2) ? near : random.odd16());
}

// Lengths in transport headers: of UDP, TCP's data offset, RFC 4884's in an ICMP error.
void lie_about_transport(Bytes& packet, const Bytes&, Random& random) {
  std::optional<Shape> shape = shape_of(packet);
  if (!shape || shape->transport + 14 > packet.size()) return;
  switch (shape->protocol) {
    case IPPROTO_TCP:
      packet[shape->transport + 12] = random.byte();
      break;
    case IPPROTO_ICMP:
    case IPPROTO_ICMPV6:
      packet[shape->transport + random.between(4, 7)] = static_cast<uint8_t>(random.odd16());
      break;
    default:
      put16(packet, shape->transport + 4, random.odd16());
  }
}

void truncate(Bytes& packet, const Bytes&, Random& random) {
  if (!packet.empty()) packet.resize(cut(packet, random));
}

void extend(Bytes& packet, const Bytes&, Random& random) {
  size_t more = random.one_in(4) ? random.below(3000) : random.below(64);
  if (random.one_in(40)) more = random.below(kPacketMax);
  packet.resize(std::min(packet.size() + more, kPacketMax), random.byte());
}

// The front of one packet, the rest of another.
void splice(Bytes& packet, const Bytes& other, Random& random) {
  if (packet.empty() || other.empty()) return;
  packet.resize(cut(packet, random));
  packet.insert(packet.end(), other.begin() + static_cast<long>(cut(other, random)), other.end());
  packet.resize(std::min(packet.size(), kPacketMax));
}

void remove_some(Bytes& packet, const Bytes&, Random& random) {
  if (packet.empty()) return;
  size_t at = cut(packet, random);
  size_t count = std::min<size_t>(random.between(1, 16), packet.size() - at);
  auto begin = packet.begin() + static_cast<long>(at);
  packet.erase(begin, begin + static_cast<long>(count));
}

void repeat_some(Bytes& packet, const Bytes&, Random& random) {
  if (packet.empty()) return;
  size_t at = cut(packet, random);
  size_t count = std::min<size_t>(random.between(1, 64), packet.size() - at);
  auto begin = packet.begin() + static_cast<long>(at);
  Bytes part(begin, begin + static_cast<long>(count));
  packet.insert(begin, part.begin(), part.end());
  packet.resize(std::min(packet.size(), kPacketMax));
}

void swap_addresses(Bytes& packet, const Bytes&, Random&) {
  if (!shape_of(packet)) return;
  bool is4 = packet[0] >> 4 == 4;
  auto source = packet.begin() + (is4 ? 12 : 8);
  std::swap_ranges(source, source + (is4 ? 4 : 16), source + (is4 ? 4 : 16));
}

}  // namespace

std::span<const Mutation> byte_mutations() {
  static constexpr Mutation kAll[] = {flip_bits,           set_byte,    set_word,      lie_about_length,
                                      lie_about_transport, truncate,    extend,        splice,
                                      remove_some,         repeat_some, swap_addresses};
  return kAll;
}

}  // namespace ipxlat::test
