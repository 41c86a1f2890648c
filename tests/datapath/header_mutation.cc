// SPDX-License-Identifier: GPL-2.0-only
#include <algorithm>

#include "tests/datapath/mutation.h"
#include "tests/datapath/shape.h"

namespace ipxlat::test {
namespace {

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
  auto source = error.begin() + (is4 ? 12 : 8);
  std::swap_ranges(source, source + (is4 ? 4 : 16), source + (is4 ? 4 : 16));

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

}  // namespace

std::span<const Mutation> header_mutations() {
  static constexpr Mutation kAll[] = {insert_headers, quote};
  return kAll;
}

}  // namespace ipxlat::test
