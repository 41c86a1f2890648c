// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/packet_view.h"

#include <algorithm>
#include <cstdio>

#include "kmod/core/icmp.h"
#include "lib/address.h"

namespace ipxlat::ctl {
namespace {

PacketView view_as(Family family, Bytes bytes) {
  PacketView packet;
  packet.family = family;
  packet.bytes = std::move(bytes);
  auto length = static_cast<u32>(packet.bytes.size());
  // as a quoted packet: whatever is wrong with it is still worth telling
  ipxlat_view view{packet.bytes.data(), length, length, true};
  bool four = family == Family::kIpv4;
  if (four)
    ipxlat_header_read4(&view, &packet.header, &packet.ends4);
  else
    ipxlat_header_read6(&view, &packet.header, &packet.ends6);
  u32 least = four ? IPXLAT_HEADER4 : IPXLAT_HEADER6;
  packet.readable = packet.header.header_length >= least && packet.header.header_length <= length;
  return packet;
}

bool has_ports(uint8_t protocol) {
  return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_UDPLITE ||
         protocol == IPPROTO_DCCP || protocol == IPPROTO_SCTP;
}

std::string transport_text(const PacketView& packet) {
  std::string text = protocol_title(packet.header.protocol);
  if (packet.is_icmp() && packet.has_transport(2))
    return text + " " + std::to_string(packet.transport8(0)) + "/" + std::to_string(packet.transport8(1));
  if (has_ports(packet.header.protocol) && packet.has_transport(4))
    return text + " " + std::to_string(packet.transport16(0)) + " > " + std::to_string(packet.transport16(2));
  return text;
}

std::string length_text(const PacketView& packet) {
  std::string text = bytes_text(packet.header.length);
  if (packet.bytes.size() < packet.header.length)
    text += " of which " + std::to_string(packet.bytes.size()) + " are there";
  return text;
}

std::string fragment_text(const ipxlat_header& header) {
  u32 payload = header.length - std::min(header.length, header.header_length);
  return "fragment 0x" + hex(header.id, 1) + " from " + std::to_string(header.offset) + " to " +
         std::to_string(header.offset + payload) + (header.more ? ", more follow" : "");
}

}  // namespace

bool PacketView::has_transport(size_t count) const {
  return readable && !header.offset && header.header_length + count <= bytes.size();
}

bool PacketView::is_icmp() const {
  int icmp = family == Family::kIpv4 ? int{IPPROTO_ICMP} : int{IPPROTO_ICMPV6};
  return readable && header.protocol == icmp;
}

bool PacketView::is_icmp_error() const {
  if (!is_icmp() || !has_transport(IPXLAT_ICMP_HEADER)) return false;
  return family == Family::kIpv4 ? ipxlat_icmp4_is_error(transport8(0))
                                 : ipxlat_icmp6_is_error(transport8(0));
}

PacketView view_packet(Bytes bytes) {
  Family family = bytes.at(0) >> 4 == 4 ? Family::kIpv4 : Family::kIpv6;
  return view_as(family, std::move(bytes));
}

std::optional<PacketView> view_quoted(const PacketView& error) {
  if (!error.is_icmp_error()) return {};
  auto begin = error.bytes.begin() + error.header.header_length + IPXLAT_ICMP_HEADER;
  PacketView quoted = view_as(error.family, {begin, error.bytes.end()});
  if (!quoted.readable) return {};
  return quoted;
}

std::string name_of(Family family) { return family == Family::kIpv4 ? "IPv4" : "IPv6"; }

std::string protocol_title(uint8_t protocol) {
  switch (protocol) {
    case IPPROTO_ICMP:
      return "ICMP";
    case IPPROTO_TCP:
      return "TCP";
    case IPPROTO_UDP:
      return "UDP";
    case IPPROTO_DCCP:
      return "DCCP";
    case IPPROTO_GRE:
      return "GRE";
    case IPPROTO_ESP:
      return "ESP";
    case IPPROTO_AH:
      return "AH";
    case IPPROTO_ICMPV6:
      return "ICMPv6";
    case IPPROTO_SCTP:
      return "SCTP";
    case IPPROTO_UDPLITE:
      return "UDP-Lite";
    default:
      return "protocol " + std::to_string(protocol);
  }
}

std::string summary(const PacketView& packet) {
  std::string text = name_of(packet.family);
  if (!packet.readable) return text + ", " + bytes_text(packet.bytes.size());
  bool four = packet.family == Family::kIpv4;
  if (four)
    text +=
        " " + to_string(in_addr{packet.ends4.source}) + " > " + to_string(in_addr{packet.ends4.destination});
  else
    text += " " + to_string(packet.ends6.source) + " > " + to_string(packet.ends6.destination);
  text += (four ? " ttl " : " hop limit ") + std::to_string(packet.header.hop_limit);
  text += ", " + transport_text(packet) + ", " + length_text(packet);
  if (packet.header.dont_fragment) text += ", DF";
  if (packet.header.fragment) text += ", " + fragment_text(packet.header);
  return text;
}

std::string dump(const Bytes& bytes) {
  std::string text;
  for (size_t at = 0; at < bytes.size(); at++) {
    if (at % 16 == 0) text += (at ? "\n    0x" : "    0x") + hex(at, 4) + ": ";
    text += (at % 2 ? "" : " ") + hex(bytes[at], 2);
  }
  return text + "\n";
}

std::string bytes_text(size_t count) { return std::to_string(count) + (count == 1 ? " byte" : " bytes"); }

std::string hex(size_t value, int digits) {
  char text[2 * sizeof value + 1];
  std::snprintf(text, sizeof text, "%0*zx", digits, value);
  return text;
}

}  // namespace ipxlat::ctl
