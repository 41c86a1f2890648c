// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/packet_case.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "kmod/core/reason.h"
#include "tests/packet/packet.h"

namespace ipxlat::test {
namespace {

constexpr std::array<uint32_t, 8> kLowest{1280, 1400, 1500, 1281, 2000, 4000, 9000, 65535};
constexpr std::array<uint32_t, 8> kMtus{1500, 1280, 1400, 576, 9000, 68, 65535, 1492};
// about the limits of sizes
constexpr std::array<size_t, 12> kLengths{1252, 1260, 1261, 1280, 1281,  1300,
                                          1480, 1500, 2500, 9000, 65535, 65575};

UdpZeroChecksum policy_of(uint8_t bits) {
  return bits < 3 ? static_cast<UdpZeroChecksum>(bits) : UdpZeroChecksum::kCompute;
}

uint32_t mtu6_of(uint8_t bits) { return std::max<uint32_t>(kMtus[bits], 1280); }

template <class Table>
uint8_t index_of(const Table& table, uint32_t value) {
  auto found = std::find(table.begin(), table.end(), value);
  return static_cast<uint8_t>(found == table.end() ? 0 : found - table.begin());
}

// Most inputs stay as long as they are.
void grow(Bytes& bytes, uint8_t choice) {
  if (choice == 0 || choice > kLengths.size()) return;
  while (bytes.size() < kLengths[choice - 1]) bytes.push_back(static_cast<uint8_t>(bytes.size() * 5));
}

}  // namespace

std::optional<PacketCase> read_case(const std::vector<Device>& devices, Family family, View input) {
  if (input.size() < kChoices) return {};
  Choices choices;
  std::memcpy(&choices, input.data(), kChoices);
  const Device& device = devices[choices.device % devices.size()];
  PacketCase out{&device, device.core.get(), device.config, {}, 0, {}};
  out.config.settings.udp_zero_checksum = policy_of(choices.settings & 3);
  out.config.settings.lowest_ipv6_mtu = kLowest[choices.settings >> 2 & 7];
  out.core.settings.udp_zero_checksum = static_cast<u32>(out.config.settings.udp_zero_checksum);
  out.core.settings.lowest_ipv6_mtu = out.config.settings.lowest_ipv6_mtu;
  out.links = {kMtus[choices.links & 7], mtu6_of(choices.links >> 3 & 7)};
  out.gso_size = static_cast<uint32_t>(choices.segment[0] << 8 | choices.segment[1]);
  out.packet.family = family;
  out.packet.bytes.assign(input.begin() + kChoices, input.end());
  grow(out.packet.bytes, choices.growth);
  repair(out.packet, choices.repairs, device.hosts[(choices.ends & 15) % device.hosts.size()],
         device.hosts[(choices.ends >> 4) % device.hosts.size()]);
  return out;
}

uint8_t choose_settings(const Settings& settings) {
  return static_cast<uint8_t>(static_cast<uint32_t>(settings.udp_zero_checksum) |
                              index_of(kLowest, settings.lowest_ipv6_mtu) << 2);
}

uint8_t choose_links(const Links& links) {
  return static_cast<uint8_t>(index_of(kMtus, links.mtu4) | index_of(kMtus, links.mtu6) << 3);
}

std::string describe(const PacketCase& packet_case) {
  std::string text = "set-up " + packet_case.device->name + "\n" + format_settings(packet_case.config);
  text += "mtu4 " + std::to_string(packet_case.links.mtu4) + "\nmtu6 " +
          std::to_string(packet_case.links.mtu6) + "\n";
  if (packet_case.gso_size) text += "segments of " + std::to_string(packet_case.gso_size) + " bytes\n";
  const Packet& in = packet_case.packet;
  text += std::string("in   ") + (in.family == Family::kIpv4 ? "raw4 " : "raw6 ") + hex(in.bytes);
  Translation verdict = translate(packet_case.core, packet_case.links, in.family, in.bytes);
  if (verdict.reason) return text + "\ndrop " + ipxlat_reason_name(verdict.reason);
  for (const Bytes& out : verdict.packets)
    text += std::string("\nout  ") + (in.family == Family::kIpv4 ? "raw6 " : "raw4 ") + hex(out);
  return text;
}

}  // namespace ipxlat::test
