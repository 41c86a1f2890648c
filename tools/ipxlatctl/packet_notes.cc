// SPDX-License-Identifier: GPL-2.0-only
// Why a translated packet looks as it does, told from the packet before and after.
#include <algorithm>

#include "kmod/core/csum.h"
#include "kmod/core/mtu.h"
#include "lib/address.h"
#include "lib/transport.h"
#include "tools/ipxlatctl/packet_explanation.h"

namespace ipxlat::ctl {
namespace {

struct Case {
  const ipxlat_config& config;
  const Links& links;
  const PacketView& in;
  const Translation& translation;
  PacketView out;  // the first that comes out

  bool to_v6() const { return in.family == Family::kIpv4; }
};

using Notes = std::vector<PacketNote>;

void note_left_out(const Case& one, Notes& notes) {
  const ipxlat_header& header = one.in.header;
  if (u32 options = header.header_length - IPXLAT_HEADER4; one.to_v6() && options)
    notes.push_back({"left_out", bytes_text(options) + " of IPv4 options"});
  u32 fixed = IPXLAT_HEADER6 + (header.fragment ? IPXLAT_FRAGMENT_HEADER : 0);
  if (!one.to_v6() && header.header_length > fixed)
    notes.push_back({"left_out", bytes_text(header.header_length - fixed) + " of extension headers"});
  if (one.in.bytes.size() > header.length)
    notes.push_back({"left_out", bytes_text(one.in.bytes.size() - header.length) + " behind the packet"});
}

// RFC 7915 4.1, 5.1
void note_size(const Case& one, Notes& notes) {
  const ipxlat_rewrite& plan = one.translation.plan;
  const auto& packets = one.translation.packets;
  std::string lowest = std::to_string(one.config.settings.lowest_ipv6_mtu) + " bytes (lowest-ipv6-mtu)";
  std::string length = std::to_string(plan.put + plan.segment);
  if (packets.size() > 1) {
    notes.push_back({"fragments", std::to_string(packets.size()) + " of at most " + lowest + ": it has " +
                                      length + ", and DF is clear"});
  } else if (one.to_v6() && packets[0].size() > one.config.settings.lowest_ipv6_mtu) {
    notes.push_back(
        {"fragments", "none, though " + length + " bytes are more than " + lowest + ": DF is set"});
  } else if (!one.to_v6()) {
    const char* why = plan.header.fragment           ? "clear: there was a Fragment header"
                      : one.out.header.dont_fragment ? "set: more than 1260 bytes"
                                                     : "clear: at most 1260 bytes";
    notes.push_back({"df", why});
  }
}

// what the ICMP message says in its second word
uint32_t mtu_of(const PacketView& error) {
  return error.family == Family::kIpv4 ? error.transport16(6) : error.transport32(4);
}

uint32_t pointer_of(const PacketView& error) {
  return error.family == Family::kIpv4 ? error.transport8(4) : error.transport32(4);
}

bool has_pointer(const PacketView& error) {
  return error.transport8(0) == (error.family == Family::kIpv4 ? 12 : 4);
}

void note_mtu(const Case& one, Notes& notes) {
  // what it would be if no link bounded it
  auto wide = translate(one.config, {65535, 65535}, one.in.family, one.in.bytes);
  uint32_t mtu = mtu_of(one.out);
  std::string text = std::to_string(mtu_of(one.in)) + " -> " + std::to_string(mtu);
  if (one.to_v6() && mtu_of(one.in) == 0) text += ", guessed from the length of the quoted packet";
  if (mtu_of(view_packet(wide.packets.at(0))) != mtu)
    text += ", bounded by the links' MTUs, IPv4 " + std::to_string(one.links.mtu4) + " and IPv6 " +
            std::to_string(one.links.mtu6);
  notes.push_back({"mtu", text});
}

void note_icmp(const Case& one, Notes& notes) {
  if (!one.in.is_icmp() || !one.out.has_transport(IPXLAT_ICMP_HEADER)) return;
  auto text = [](const PacketView& packet) {
    return protocol_title(packet.header.protocol) + " " + std::to_string(packet.transport8(0)) + "/" +
           std::to_string(packet.transport8(1));
  };
  notes.push_back({"icmp", text(one.in) + " -> " + text(one.out)});
  if (one.translation.plan.mtu_at) note_mtu(one, notes);
  if (has_pointer(one.out)) {
    std::string from = has_pointer(one.in) ? std::to_string(pointer_of(one.in)) + " -> " : "";
    notes.push_back({"pointer", from + std::to_string(pointer_of(one.out))});
  }
}

void note_quote(const Case& one, Notes& notes) {
  const ipxlat_rewrite& plan = one.translation.plan;
  auto quoted = view_quoted(one.in);
  if (!plan.icmp_error || !quoted) return;
  u32 there = std::min(plan.tail_at - plan.strip, quoted->header.length - quoted->header.header_length);
  if (plan.keep < there) notes.push_back({"quote", "cut by " + bytes_text(there - plan.keep)});
  if (plan.pad) notes.push_back({"quote", "padded by " + bytes_text(plan.pad)});
}

// RFC 4884, and RFC 6791 4
void note_extension(const Case& one, Notes& notes) {
  const ipxlat_rewrite& plan = one.translation.plan;
  if (!plan.icmp_error) return;
  u32 there = one.in.header.length - plan.tail_at;
  if (there && plan.tail) notes.push_back({"extension", bytes_text(there) + ", kept"});
  if (there && !plan.tail) notes.push_back({"extension", bytes_text(there) + ", left out: no place for it"});
  if (plan.append)
    notes.push_back({"extension", "added, with the IPv6 source " + to_string(one.in.ends6.source)});
}

// RFC 8200 8.1 and RFC 768, 9293: all that a pseudo-header has; both addresses stand next to each other
u64 pseudo_sum(const PacketView& packet, u32 length) {
  bool four = packet.family == Family::kIpv4;
  return ipxlat_sum_bytes(&packet.bytes.at(four ? 12 : 8), four ? 8 : 32) + ipxlat_sum32(htobe32(length)) +
         ipxlat_sum16(htobe16(packet.header.protocol));
}

// False, too, where it cannot be told from this packet alone.
bool is_wrong(const PacketView& packet) {
  const ipxlat_header& header = packet.header;
  bool told = header.protocol == IPPROTO_TCP || header.protocol == IPPROTO_UDP || packet.is_icmp();
  if (!told || header.more) return false;
  u32 length = header.length - header.header_length;
  if (header.protocol == IPPROTO_UDP && packet.transport16(4) != length) return false;
  u64 sum = ipxlat_sum_bytes(&packet.bytes.at(header.header_length), length);
  if (header.protocol != IPPROTO_ICMP) sum += pseudo_sum(packet, length);
  return ipxlat_sum_fold(sum) != 0xffff;
}

void note_checksum(const Case& one, Notes& notes) {
  uint8_t protocol = one.in.header.protocol;
  auto at = check_at(protocol);
  if (one.translation.plan.icmp_error || one.in.header.offset) return;
  if (!at) {
    notes.push_back({"checksum", protocol_title(protocol) + " has none that covers addresses"});
    return;
  }
  uint16_t from = one.in.transport16(*at);
  uint16_t to = one.out.transport16(*at);
  std::string text = protocol_title(protocol) + " 0x" + hex(from, 4) + " -> 0x" + hex(to, 4);
  if (one.translation.plan.udp_compute)
    text = "UDP had none, computed: 0x" + hex(to, 4);
  else if (protocol == IPPROTO_UDP && !from)
    text = "UDP has none, udp-zero-checksum forward";
  else if (is_wrong(one.in))
    text += ", wrong before and after";
  notes.push_back({"checksum", text});
}

void note_identification(const Case& one, Notes& notes) {
  if (one.translation.plan.wants_id)
    notes.push_back({"identification", "the device's choice, which zero stands for here"});
}

// What Linux does with a packet that is too long for the link it leaves by.
void note_next(const Case& one, Notes& notes) {
  const auto& packets = one.translation.packets;
  size_t longest = 0;
  for (const Bytes& packet : packets) longest = std::max(longest, packet.size());
  uint32_t mtu = one.to_v6() ? one.links.mtu6 : one.links.mtu4;
  if (longest <= mtu) return;
  std::string text = bytes_text(longest) + " are more than the link's MTU " + std::to_string(mtu) + ": ";
  if (one.to_v6())
    text += "Linux answers Packet Too Big, the sender is told an MTU of " +
            std::to_string(ipxlat_mtu_to4(mtu, packets.size() > 1 || one.in.header.fragment));
  else if (one.out.header.dont_fragment)
    text += "Linux answers that fragmentation is needed, the sender is told an MTU of " +
            std::to_string(ipxlat_mtu_to6(mtu, 0));
  else
    text += "Linux fragments it";
  notes.push_back({"next", text});
}

}  // namespace

std::vector<PacketNote> packet_notes(const ipxlat_config& config, const Links& links, const PacketView& in,
                                     const Translation& translation) {
  Notes notes;
  if (translation.packets.empty()) return notes;
  Case one{config, links, in, translation, view_packet(translation.packets.front())};
  for (auto note : {note_left_out, note_icmp, note_quote, note_extension, note_checksum, note_size,
                    note_identification, note_next})
    note(one, notes);
  return notes;
}

}  // namespace ipxlat::ctl
