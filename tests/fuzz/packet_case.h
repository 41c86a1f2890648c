// SPDX-License-Identifier: GPL-2.0-only
// What a fuzzer of packets makes of its input: a packet, and what it is sent into.
#ifndef IPXLAT_TESTS_FUZZ_PACKET_CASE_H
#define IPXLAT_TESTS_FUZZ_PACKET_CASE_H

#include <string>
#include <vector>

#include "lib/core_config.h"
#include "lib/translate.h"
#include "tests/fuzz/dissection.h"
#include "tests/packet/vector.h"

namespace ipxlat::test {

// The devices that packets are sent into.
struct Device {
  std::string name;  // of the set-up
  DeviceConfig config;
  CoreConfig core;
  std::vector<Host> hosts;  // whose addresses it can write in both families
};

// One for each set-up of tests/vectors/setups and of tests/fuzz/setups, ordered by name. SyntaxError,
// std::runtime_error.
std::vector<Device> read_devices();

// Puts right in a mutated packet what would have it dropped at once. Bits.
enum Repair : uint8_t {
  kLengths = 1,      // version, header length, length
  kEnds = 2,         // the addresses
  kQuotedEnds = 4,   // of the packet that an ICMP error quotes, the other way round
  kMessage = 8,      // the check of TCP, UDP, DCCP or ICMP
  kHeaderCheck = 16  // of IPv4
};

// The first bytes of the input; the rest is the packet. Any value of any byte means something.
struct Choices {
  uint8_t device = 0;    // which, modulo their number
  uint8_t settings = 0;  // bits 0, 1: udp-zero-checksum; 2 to 4: lowest-ipv6-mtu
  uint8_t links = 0;     // bits 0 to 2: MTU of the IPv4 link, 3 to 5: of the IPv6 link
  uint8_t repairs = 0;   // Repair
  uint8_t ends = 0;    // with Repair::kEnds: bits 0 to 3: the source among the hosts, 4 to 7: the destination
  uint8_t growth = 0;  // to what length the packet is made, if to any
  uint8_t segment[2]{0, 0};  // segmentation offload: payload of one segment, big endian
};

inline constexpr size_t kChoices = sizeof(Choices);

struct PacketCase {
  const Device* device;
  ipxlat_config core;   // the device's map, and the settings chosen
  DeviceConfig config;  // the same
  Links links;
  uint32_t gso_size = 0;
  Packet packet;
};

// Nothing if the input is too short. `devices` outlives the case.
std::optional<PacketCase> read_case(const std::vector<Device>& devices, Family family, View input);

// The value of a field of Choices that comes closest to a setting.
uint8_t choose_settings(const Settings& settings);
uint8_t choose_links(const Links& links);

// The case, and what becomes of it, for a person.
std::string describe(const PacketCase& packet_case);

}  // namespace ipxlat::test

#endif
