// SPDX-License-Identifier: GPL-2.0-only
// usage: seed_corpus DIRECTORY
// Writes what the fuzzers start from, a directory for each: the test vectors' packets and settings in the
// form of their inputs.
#include <netinet/icmp6.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "lib/messages.h"
#include "lib/networks.h"
#include "tests/fuzz/map_requests.h"
#include "tests/fuzz/packet_case.h"
#include "tests/packet/vector.h"

namespace ipxlat::test {
namespace {

namespace fs = std::filesystem;

Bytes bytes_of(const auto& value) {
  const auto* begin = reinterpret_cast<const uint8_t*>(&value);
  return Bytes(begin, begin + sizeof value);
}

// A directory of inputs, numbered.
class Corpus {
 public:
  explicit Corpus(fs::path directory) : directory_(std::move(directory)) {
    fs::remove_all(directory_);
    fs::create_directories(directory_);
  }

  void add(View input) {
    std::ofstream file(directory_ / std::to_string(count_++), std::ios::binary);
    file.write(reinterpret_cast<const char*>(input.data()), static_cast<std::streamsize>(input.size()));
    if (!file.flush()) throw std::runtime_error("cannot write below " + directory_.string());
  }

  void add(const std::string& text) { add(View(reinterpret_cast<const uint8_t*>(text.data()), text.size())); }

  size_t count() const { return count_; }
  const fs::path& directory() const { return directory_; }

 private:
  fs::path directory_;
  size_t count_ = 0;
};

// libFuzzer makes its inputs no longer than the longest seed; Choices::growth gives long packets
constexpr size_t kLongest = 2000;

std::optional<uint8_t> device_of(const std::vector<Device>& devices, const DeviceConfig& config) {
  auto found = std::find_if(devices.begin(), devices.end(), [&](const Device& device) {
    return device.config.settings.remote_prefix6 == config.settings.remote_prefix6 &&
           device.config.map == config.map;
  });
  if (found == devices.end()) return {};
  return static_cast<uint8_t>(found - devices.begin());
}

void add_packet(Corpus& corpus, Choices choices, const Packet& packet) {
  if (packet.bytes.size() > kLongest) return;
  // as it is; repaired whatever becomes of it; and offloaded
  static constexpr std::pair<uint8_t, uint8_t> kVariants[] = {
      {0, 0}, {kLengths | kQuotedEnds | kMessage | kHeaderCheck, 0}, {kLengths | kHeaderCheck, 16}};
  for (const auto& [repairs, segment] : kVariants) {
    choices.repairs = repairs;
    choices.segment[1] = segment;
    Bytes input(kChoices);
    std::memcpy(input.data(), &choices, kChoices);
    append(input, packet.bytes);
    corpus.add(input);
  }
}

void write_packets(const fs::path& root, const std::vector<Vector>& vectors) {
  const std::vector<Device> devices = read_devices();
  Corpus to_v6(root / "fuzz_to_v6"), to_v4(root / "fuzz_to_v4");
  for (const Vector& vector : vectors) {
    auto device = device_of(devices, vector.config);
    if (!device) continue;
    Choices choices;
    choices.device = *device;
    choices.settings = choose_settings(vector.config.settings);
    choices.links = choose_links(vector.links);
    choices.ends = 0x10;
    std::vector<Packet> packets = vector.out;
    packets.push_back(vector.in);
    for (const Packet& packet : packets)
      add_packet(packet.family == Family::kIpv4 ? to_v6 : to_v4, choices, packet);
  }
}

// the answers of a kernel with such a device
void add_answers(Corpus& corpus, const DeviceConfig& config) {
  auto begin = [] {
    Message message(31, IPXLAT_CMD_DEV_GET, IPXLAT_GENL_VERSION);
    message.put_u32(IPXLAT_A_IFINDEX, 7);
    message.put_string(IPXLAT_A_IFNAME, "siit0");
    return message;
  };
  auto add = [&](const Message& message) {
    corpus.add(View(reinterpret_cast<const uint8_t*>(message.header()), message.size()));
  };

  Message device = begin();
  if (const auto& prefix = config.settings.remote_prefix6) {
    size_t nest = device.begin_nest(IPXLAT_A_REMOTE_PREFIX6);
    device.put(IPXLAT_A_PREFIX6_ADDRESS, bytes_of(prefix->address));
    device.put_u8(IPXLAT_A_PREFIX6_LENGTH, prefix->length);
    device.end_nest(nest);
  }
  device.put_flag(IPXLAT_A_CONFIGURED);
  device.put_u32(IPXLAT_A_LOWEST_IPV6_MTU, config.settings.lowest_ipv6_mtu);
  device.put(IPXLAT_A_ICMP_SOURCE4, bytes_of(config.settings.icmp_source4));
  device.put_u32(IPXLAT_A_UDP_ZERO_CHECKSUM, static_cast<uint32_t>(config.settings.udp_zero_checksum));
  device.put_u32(IPXLAT_A_MAP_ENTRIES, static_cast<uint32_t>(config.map.size()));
  add(device);

  Message map = begin();
  for (const MapEntry& entry : config.map) {
    size_t nest = map.begin_nest(IPXLAT_A_MAP_ENTRY);
    map.put(IPXLAT_A_MAP_ADDRESS4, bytes_of(entry.prefix4.address));
    map.put_u8(IPXLAT_A_MAP_LENGTH4, entry.prefix4.length);
    map.put(IPXLAT_A_MAP_ADDRESS6, bytes_of(entry.prefix6.address));
    map.put_u8(IPXLAT_A_MAP_LENGTH6, entry.prefix6.length);
    map.end_nest(nest);
  }
  add(map);

  Message stats = begin();
  const uint64_t packets = config.map.size();
  for (uint16_t direction : {IPXLAT_A_TRAFFIC_TO_V4, IPXLAT_A_TRAFFIC_TO_V6}) {
    size_t nest = stats.begin_nest(direction);
    for (uint16_t counter : {IPXLAT_A_TRAFFIC_PACKETS_IN, IPXLAT_A_TRAFFIC_BYTES_IN,
                             IPXLAT_A_TRAFFIC_PACKETS_OUT, IPXLAT_A_TRAFFIC_BYTES_OUT})
      stats.put(counter, bytes_of(packets));
    stats.end_nest(nest);
  }
  size_t nest = stats.begin_nest(IPXLAT_A_STATS_REASON);
  stats.put_u32(IPXLAT_A_STATS_ID, IPXLAT_REASON_BAD_HEADER);
  stats.put_string(IPXLAT_A_STATS_NAME, "bad_header");
  stats.put(IPXLAT_A_STATS_PACKETS, bytes_of(packets));
  stats.put(IPXLAT_A_STATS_TO_V4, bytes_of(packets));
  stats.end_nest(nest);
  add(stats);
}

// a remote prefix, and an address in it to look up
Bytes embed_in(const Prefix6& prefix) {
  Bytes bytes{static_cast<uint8_t>(MapStep::kRemote)};
  const auto* begin = prefix.address.s6_addr;
  bytes.insert(bytes.end(), begin, begin + 16);
  bytes.push_back(prefix.length);
  bytes.push_back(static_cast<uint8_t>(MapStep::kQuery));
  bytes.insert(bytes.end(), begin, begin + 16);
  return bytes;
}

void write_settings(const fs::path& root, const std::vector<Vector>& vectors) {
  Corpus settings(root / "fuzz_settings"), messages(root / "fuzz_messages"), maps(root / "fuzz_map");
  std::vector<DeviceConfig> seen;
  for (const Vector& vector : vectors) {
    const DeviceConfig& config = vector.config;
    if (std::find(seen.begin(), seen.end(), config) != seen.end()) continue;
    const std::string before = seen.empty() ? "" : format_settings(seen.back());
    seen.push_back(config);
    settings.add(before + '\0' + format_settings(config));
    std::string map;
    for (const MapEntry& entry : config.map) map += to_string(entry) + " # an entry\n";
    settings.add(map);
    add_answers(messages, config);
    Bytes input = encode(config.map);
    if (config.settings.remote_prefix6) append(input, embed_in(*config.settings.remote_prefix6));
    maps.add(input);
  }
  // what is refused, and the edges of what is not
  for (const char* odd : {"local-map none\nlocal-map none", "local-map none\nlocal-map 192.0.2.1 2001:db8::1",
                          "local-map 192.0.2.1 2001:db8::1\nlocal-map none", "icmp-source4 192.0.2",
                          "lowest-ipv6-mtu 1280\nlowest-ipv6-mtu 1280", "remote-prefix6",
                          "local-map 192.0.2.1", "remote-prefix6 64:ff9b::/96 96", "udp-zero-checksum pass",
                          "mtu 1280", "lowest-ipv6-mtu 4294967295", "remote-prefix6 ::/0"})
    settings.add(std::string(odd));
}

// With a PREF64 option that has each code of a length, and with both options.
void write_advertisements(const fs::path& root) {
  Corpus corpus(root / "fuzz_advertisement");
  Bytes advertisement(sizeof(nd_router_advert));
  advertisement[0] = ND_ROUTER_ADVERT;
  Bytes resolvers = {25, 3, 0, 0, 0, 0, 2, 88};
  append(resolvers, bytes_of(parse_address6("2001:db8::53")));
  corpus.add(resolvers);
  for (uint8_t code = 0; code < 8; code++) {
    const Bytes option = {38, 2, 2, static_cast<uint8_t>(0x58 | code), 0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0,
                          0,  0, 0};
    corpus.add(option);
    Bytes message = advertisement;
    append(message, option);
    corpus.add(message);
    append(message, resolvers);
    corpus.add(message);
  }
}

// Both addresses of the name behind a prefix of each length, and one that may have two.
void write_name_answers(const fs::path& root) {
  Corpus corpus(root / "fuzz_name_answer");
  for (const char* prefix : {"2001:db8::/32", "2001:db8::/40", "2001:db8::/48", "2001:db8::/56",
                             "2001:db8::/64", "64:ff9b::/96"}) {
    Bytes answer;
    for (const char* address : {"192.0.0.170/32", "192.0.0.171/32"})
      append(answer, bytes_of(embedded(parse_prefix6(prefix), parse_prefix4(address)).address));
    corpus.add(answer);
  }
  corpus.add(bytes_of(parse_address6("2001:db8:c000:aa:0:0:c000:aa")));
}

}  // namespace
}  // namespace ipxlat::test

int main(int count, char** words) {
  if (count != 2) {
    std::cerr << "usage: seed_corpus DIRECTORY\n";
    return 2;
  }
  try {
    const auto vectors = ipxlat::test::read_vectors(IPXLAT_SOURCE_DIR "/tests/vectors");
    ipxlat::test::write_packets(words[1], vectors);
    ipxlat::test::write_settings(words[1], vectors);
    ipxlat::test::write_advertisements(words[1]);
    ipxlat::test::write_name_answers(words[1]);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "seed_corpus: " << error.what() << "\n";
    return 1;
  }
}
