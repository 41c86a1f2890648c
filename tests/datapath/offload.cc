// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/offload.h"

#include "tests/datapath/shape.h"

namespace ipxlat::test {
namespace {

constexpr uint8_t kNeedsChecksum = 1;

// what kind of train
constexpr uint8_t kNone = 0;
constexpr uint8_t kTcp4 = 1;
constexpr uint8_t kUdpFragments = 3;
constexpr uint8_t kTcp6 = 4;
constexpr uint8_t kUdpSegments = 5;
constexpr uint8_t kWithEcn = 0x80;

void want_checksum(OffloadHeader& header, Bytes& packet, const Shape& shape, size_t link) {
  size_t offset = *check_at(shape.protocol);
  if (shape.transport + offset + 2 > packet.size()) return;
  header.flags = kNeedsChecksum;
  header.csum_start = static_cast<uint16_t>(link + shape.transport);
  header.csum_offset = static_cast<uint16_t>(offset);
  put16(packet, shape.transport + offset, pseudo_sum(packet, shape));
}

void want_segments(OffloadHeader& header, const Shape& shape, size_t link, Random& random) {
  size_t transport_header = 8;
  if (shape.protocol == IPPROTO_TCP) {
    header.gso_type = shape.family == Family::kIpv4 ? kTcp4 : kTcp6;
    if (random.one_in(8)) header.gso_type |= kWithEcn;
    transport_header = 20;
  } else if (shape.protocol == IPPROTO_UDP) {
    header.gso_type = random.one_in(4) ? kUdpFragments : kUdpSegments;
  } else {
    return;
  }
  header.gso_size =
      static_cast<uint16_t>(random.one_in(2) ? random.between(1, 64) : random.between(64, 1460));
  header.hdr_len = static_cast<uint16_t>(link + shape.transport + transport_header);
}

void lie(OffloadHeader& header, Random& random) {
  static constexpr uint8_t kTypes[] = {kNone, kTcp4, kTcp6, kUdpFragments, kUdpSegments, kTcp4 | kWithEcn};
  switch (random.below(6)) {
    case 0:
      header.flags = static_cast<uint8_t>(random.below(8));
      break;
    case 1:
      header.gso_type = random.one_in(4) ? random.byte() : random.of(kTypes);
      break;
    case 2:
      header.gso_size = random.odd16();
      break;
    case 3:
      header.hdr_len = random.odd16();
      break;
    case 4:
      header.csum_start = random.one_in(2) ? static_cast<uint16_t>(random.below(120)) : random.odd16();
      break;
    default:
      header.csum_offset = random.one_in(2) ? static_cast<uint16_t>(random.below(40)) : random.odd16();
  }
}

}  // namespace

OffloadHeader describe_offload(Bytes& packet, size_t link, Random& random) {
  OffloadHeader header{};
  if (random.one_in(3)) return header;
  std::optional<Shape> shape = shape_of(packet);
  if (shape && check_at(shape->protocol)) {
    want_checksum(header, packet, *shape, link);
    if (header.flags && random.percent(60)) want_segments(header, *shape, link, random);
  }
  if (random.one_in(3))
    for (uint32_t lies = random.between(1, 3); lies > 0; lies--) lie(header, random);
  return header;
}

}  // namespace ipxlat::test
