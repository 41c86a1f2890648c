// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/mutator.h"

#include <algorithm>

#include "tests/datapath/shape.h"

namespace ipxlat::test {
namespace {

constexpr size_t kPacketMax = 65535;

// One change, such as a sender that errs, lies or attacks would make. Takes any bytes, even none, and leaves
// at most kPacketMax. `other` is another packet, to take parts of.
using Mutation = void (*)(Bytes& packet, const Bytes& other, Random& random);

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

// source and destination of the network header
void swap_ends(Bytes& packet) {
  bool is4 = packet[0] >> 4 == 4;
  auto source = packet.begin() + (is4 ? 12 : 8);
  std::swap_ranges(source, source + (is4 ? 4 : 16), source + (is4 ? 4 : 16));
}

void swap_addresses(Bytes& packet, const Bytes&, Random&) {
  if (shape_of(packet)) swap_ends(packet);
}

constexpr uint8_t kOption4[] = {0, 1, 7, 0x44, 0x82, 0x83, 0x88, 0x89, 0x94};  // RFC 791, RFC 2113
constexpr uint8_t kExtensions[] = {IPPROTO_HOPOPTS, IPPROTO_ROUTING, IPPROTO_DSTOPTS, IPPROTO_FRAGMENT};

void insert(Bytes& packet, size_t at, const Bytes& part) {
  packet.insert(packet.begin() + static_cast<long>(at), part.begin(), part.end());
  packet.resize(std::min(packet.size(), kPacketMax));
}

// Options up to the 40 bytes that there is room for; their lengths are right, short, or point anywhere.
void insert_options4(Bytes& packet, Random& random) {
  size_t header = (packet[0] & 0xfu) * 4;
  if (header < 20 || header >= 60 || header > packet.size()) return;
  Bytes options(random.between(1, static_cast<uint32_t>(60 - header) / 4) * size_t{4});
  for (size_t at = 0; at + 1 < options.size();) {
    size_t length = random.between(2, static_cast<uint32_t>(std::min<size_t>(options.size() - at, 12)));
    options[at] = random.of(kOption4);
    options[at + 1] = random.percent(80) ? static_cast<uint8_t>(length) : random.byte();
    if (length > 2) options[at + 2] = random.one_in(2) ? 4 : random.byte();
    at += length;
  }
  insert(packet, header, options);
  packet[0] = static_cast<uint8_t>(0x40 | ((header + options.size()) / 4));
}

// A header in front of what the IPv6 header announces.
void insert_extension6(Bytes& packet, Random& random) {
  uint8_t kind = random.of(kExtensions);
  uint32_t units = random.one_in(8) ? random.below(256) : random.below(4);
  if (kind == IPPROTO_FRAGMENT) units = 0;
  Bytes header((units + size_t{1}) * 8);
  header[0] = packet[6];
  header[1] = static_cast<uint8_t>(random.percent(90) ? units : random.byte());
  if (kind == IPPROTO_FRAGMENT) {
    header[1] = 0;
    put16(header, 2, random.one_in(2) ? 0 : random.odd16());
    put32(header, 4, static_cast<uint32_t>(random.next()));
  } else if (kind == IPPROTO_ROUTING) {
    header[2] = random.byte();
    header[3] = random.one_in(2) ? 0 : random.byte();
  } else {  // PadN over the whole, or whatever
    header[2] = 1;
    header[3] = random.percent(80) ? static_cast<uint8_t>(header.size() - 4) : random.byte();
  }
  packet[6] = kind;
  insert(packet, 40, header);
}

void insert_headers(Bytes& packet, const Bytes&, Random& random) {
  for (uint32_t count = random.one_in(3) ? random.between(1, 9) : 1; count > 0; count--) {
    if (!shape_of(packet)) return;
    if (packet[0] >> 4 == 4)
      insert_options4(packet, random);
    else
      insert_extension6(packet, random);
  }
  repair_length(packet);
}

Bytes network_header(Family family, const Bytes& from, uint8_t protocol) {
  bool is4 = family == Family::kIpv4;
  Bytes header(from.begin(), from.begin() + (is4 ? 20 : 40));
  if (is4) {
    header[0] = 0x45;
    put16(header, 6, 0);
    header[8] = 64;
    header[9] = protocol;
  } else {
    header[6] = protocol;
    header[7] = 64;
  }
  return header;
}

// RFC 4884: an extension structure of one object, behind the quoted packet padded to a multiple of `unit`.
void append_extension(Bytes& message, size_t unit, size_t length_at, Random& random) {
  size_t quoted = message.size() - 8;
  size_t padded = std::max<size_t>(128, (quoted + unit - 1) / unit * unit);
  message.resize(8 + padded);
  message[length_at] = static_cast<uint8_t>(random.percent(80) ? padded / unit : random.byte());
  Bytes extension(4 + 8);
  extension[0] = 0x20;
  put16(extension, 4, random.percent(80) ? 8 : random.odd16());
  extension[6] = static_cast<uint8_t>(random.between(1, 3));
  put32(extension, 8, static_cast<uint32_t>(random.next()));
  put16(extension, 2, random.percent(80) ? checksum(extension) : random.odd16());
  append(message, extension);
}

// The packet, sent back by a router in an ICMP error; sometimes an error about an error.
void quote(Bytes& packet, const Bytes&, Random& random) {
  static constexpr uint8_t kTypes4[] = {3, 4, 5, 11, 12};
  static constexpr uint8_t kTypes6[] = {1, 2, 3, 4, 137};
  std::optional<Shape> shape = shape_of(packet);
  if (!shape) return;
  bool is4 = shape->family == Family::kIpv4;
  Bytes error = network_header(shape->family, packet, is4 ? uint8_t{IPPROTO_ICMP} : uint8_t{IPPROTO_ICMPV6});
  swap_ends(error);

  Bytes message(8);
  message[0] = is4 ? random.of(kTypes4) : random.of(kTypes6);
  message[1] = static_cast<uint8_t>(random.below(16));
  put16(message, 6, random.odd16());
  size_t most = random.one_in(3) ? random.below(packet.size() + 1) : 1232;
  message.insert(message.end(), packet.begin(),
                 packet.begin() + static_cast<long>(std::min(most, packet.size())));
  if (random.one_in(4)) append_extension(message, is4 ? 4 : 8, is4 ? 5 : 4, random);
  append(error, message);
  error.resize(std::min(error.size(), kPacketMax));
  packet = std::move(error);
  repair_length(packet);
}

// Of the bytes as they are, in whichever header they may be.
constexpr Mutation kOfBytes[] = {flip_bits,           set_byte,    set_word,      lie_about_length,
                                 lie_about_transport, truncate,    extend,        splice,
                                 remove_some,         repeat_some, swap_addresses};

// Of headers: options, extension headers, a packet quoted by an ICMP error.
constexpr Mutation kOfHeaders[] = {insert_headers, quote};

}  // namespace

Packet mutate(const Packet& seed, const Packet& other, Random& random) {
  Packet packet = seed;
  if (random.one_in(8)) return packet;  // so that every seed is also seen as it should be
  for (uint32_t count = random.one_in(3) ? random.between(2, 5) : 1; count > 0; count--) {
    Mutation change = random.percent(75) ? random.of(kOfBytes) : random.of(kOfHeaders);
    change(packet.bytes, other.bytes, random);
  }
  // of a packet without a byte the stack itself warns, when tc or nftables hand it on
  if (packet.bytes.empty()) packet.bytes.push_back(random.byte());
  if (random.one_in(2)) repair_length(packet.bytes);
  if (random.percent(75)) repair_checksums(packet.bytes);
  return packet;
}

}  // namespace ipxlat::test
