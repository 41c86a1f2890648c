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
constexpr std::array<size_t, 12> kGrown{1252, 1260, 1261, 1280, 1281,  1300,
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
  if (choice == 0 || choice > kGrown.size()) return;
  while (bytes.size() < kGrown[choice - 1]) bytes.push_back(static_cast<uint8_t>(bytes.size() * 5));
}

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

// `repairs`: Repair, or-ed. What is not there is not repaired.
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

}  // namespace

std::vector<Device> read_devices() {
  Setups setups = read_setups(IPXLAT_SOURCE_DIR "/tests/vectors/setups");
  setups.merge(read_setups(IPXLAT_SOURCE_DIR "/tests/fuzz/setups"));
  std::vector<Device> devices;
  for (const auto& [name, setup] : setups) {
    DeviceConfig config = setup.config({"set-up " + name, 0});
    Device device{name, config, CoreConfig(config), {}};
    for (const auto& [host_name, host] : setup.hosts)
      if (host.address4 && host.address6) device.hosts.push_back(host);
    if (device.hosts.size() < 2) throw std::runtime_error("set-up " + name + " needs two hosts");
    devices.push_back(std::move(device));
  }
  return devices;
}

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
