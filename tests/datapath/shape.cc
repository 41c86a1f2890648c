// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/shape.h"

#include <algorithm>

namespace ipxlat::test {
namespace {

constexpr size_t kHeader4 = 20;
constexpr size_t kHeader6 = 40;
constexpr size_t kFragmentHeader = 8;

bool is_extension(uint8_t next) {
  return next == IPPROTO_HOPOPTS || next == IPPROTO_ROUTING || next == IPPROTO_DSTOPTS ||
         next == IPPROTO_FRAGMENT;
}

std::optional<Shape> shape4(const Bytes& packet) {
  if (packet.size() < kHeader4) return {};
  Shape shape;
  size_t header = (packet[0] & 0xfu) * 4;
  uint16_t fragment = get16(packet, 6);
  shape.transport = std::min(std::max(header, kHeader4), packet.size());
  shape.end = std::clamp<size_t>(get16(packet, 2), shape.transport, packet.size());
  shape.protocol = packet[9];
  shape.first = (fragment & 0x1fff) == 0;
  shape.whole = (fragment & 0x3fff) == 0;
  return shape;
}

std::optional<Shape> shape6(const Bytes& packet) {
  if (packet.size() < kHeader6) return {};
  Shape shape;
  shape.family = Family::kIpv6;
  shape.end = std::min(kHeader6 + get16(packet, 4), packet.size());
  shape.transport = kHeader6;
  shape.protocol = packet[6];
  while (is_extension(shape.protocol) && shape.transport + kFragmentHeader <= shape.end) {
    size_t length = (packet[shape.transport + 1] + size_t{1}) * 8;
    if (shape.protocol == IPPROTO_FRAGMENT) {
      uint16_t fragment = get16(packet, shape.transport + 2);
      shape.first = (fragment & 0xfff8) == 0;
      shape.whole = (fragment & 0xfff9) == 0;
      length = kFragmentHeader;
    }
    shape.protocol = packet[shape.transport];
    shape.transport = std::min(shape.transport + length, shape.end);
  }
  return shape;
}

// RFC 1071 over a part of the packet, not inverted.
uint16_t sum(const Bytes& packet, size_t begin, size_t end) {
  return static_cast<uint16_t>(
      ~checksum(Bytes(packet.begin() + static_cast<long>(begin), packet.begin() + static_cast<long>(end))));
}

uint16_t add(uint16_t a, uint16_t b) {
  uint32_t both = uint32_t{a} + b;
  return static_cast<uint16_t>((both & 0xffff) + (both >> 16));
}

bool has_pseudo_header(const Shape& shape) {
  return shape.protocol != IPPROTO_ICMP || shape.family == Family::kIpv6;
}

}  // namespace

std::optional<Shape> shape_of(const Bytes& packet) {
  if (packet.empty()) return {};
  if (packet[0] >> 4 == 4) return shape4(packet);
  if (packet[0] >> 4 == 6) return shape6(packet);
  return {};
}

uint16_t pseudo_sum(const Bytes& packet, const Shape& shape) {
  bool is4 = shape.family == Family::kIpv4;
  uint16_t addresses = is4 ? sum(packet, 12, 20) : sum(packet, 8, 40);
  auto length = static_cast<uint16_t>(shape.end - shape.transport);
  return add(add(addresses, shape.protocol), length);
}

void repair_length(Bytes& packet) {
  if (!shape_of(packet)) return;
  bool is4 = packet[0] >> 4 == 4;
  size_t length = is4 ? packet.size() : packet.size() - kHeader6;
  put16(packet, is4 ? 2 : 4, static_cast<uint32_t>(std::min<size_t>(length, 0xffff)));
}

void repair_checksums(Bytes& packet) {
  std::optional<Shape> shape = shape_of(packet);
  if (!shape) return;
  if (shape->family == Family::kIpv4) {
    put16(packet, 10, 0);
    put16(packet, 10, static_cast<uint16_t>(~sum(packet, 0, shape->transport)));
  }
  std::optional<size_t> offset = check_at(shape->protocol);
  if (!offset || !shape->whole || shape->transport + *offset + 2 > shape->end) return;
  size_t at = shape->transport + *offset;
  put16(packet, at, 0);
  uint16_t whole = sum(packet, shape->transport, shape->end);
  if (has_pseudo_header(*shape)) whole = add(whole, pseudo_sum(packet, *shape));
  auto check = static_cast<uint16_t>(~whole);
  if (check == 0 && shape->protocol == IPPROTO_UDP) check = 0xffff;
  put16(packet, at, check);
}

}  // namespace ipxlat::test
