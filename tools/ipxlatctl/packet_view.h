// SPDX-License-Identifier: GPL-2.0-only
// A packet as it is told of: its headers, read by the core, as far as they can be.
#ifndef IPXLAT_TOOLS_IPXLATCTL_PACKET_VIEW_H
#define IPXLAT_TOOLS_IPXLATCTL_PACKET_VIEW_H

#include <optional>
#include <string>

#include "lib/translate.h"

namespace ipxlat::ctl {

struct PacketView {
  Family family = Family::kIpv4;
  Bytes bytes;
  bool readable = false;  // the members below are valid
  ipxlat_header header{};
  ipxlat_ends4 ends4{};  // of IPv4
  ipxlat_ends6 ends6{};  // of IPv6

  // Whether `count` bytes behind the network header are there, and begin with a transport header.
  bool has_transport(size_t count) const;
  uint8_t transport8(size_t at) const { return bytes.at(header.header_length + at); }
  uint16_t transport16(size_t at) const { return get16(bytes, header.header_length + at); }
  uint32_t transport32(size_t at) const { return uint32_t{transport16(at)} << 16 | transport16(at + 2); }

  bool is_icmp() const;
  bool is_icmp_error() const;
};

// One of at least one byte, whose first half is its version, 4 or 6.
PacketView view_packet(Bytes bytes);

// What an ICMP error quotes, if anything of it can be read.
std::optional<PacketView> view_quoted(const PacketView& error);

std::string name_of(Family family);
std::string protocol_title(uint8_t protocol);

// One line: who, what and how long.
std::string summary(const PacketView& packet);

// "    0x0000:  4500 0028 ..." with 16 bytes a line, as parse_packet() reads it.
std::string dump(const Bytes& bytes);

// "1 byte", "2 bytes"
std::string bytes_text(size_t count);

// At least `digits` digits, at most 16.
std::string hex(size_t value, int digits);

}  // namespace ipxlat::ctl

#endif
