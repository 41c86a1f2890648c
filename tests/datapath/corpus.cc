// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/corpus.h"

#include <algorithm>

#include "tests/datapath/arena.h"
#include "tests/packet/vector.h"

namespace ipxlat::test {
namespace {

bool is_for_nat64(const Packet& packet) {
  static constexpr uint8_t kPrefix[12] = {0x00, 0x64, 0xff, 0x9b};
  return packet.family == Family::kIpv6 && packet.bytes.size() >= 40 &&
         std::equal(std::begin(kPrefix), std::end(kPrefix), packet.bytes.begin() + 24);
}

}  // namespace

Corpus::Corpus(const std::string& directory) {
  nat_.config = nat_config();
  for (const Vector& vector : read_vectors(directory)) {
    auto group = std::find_if(groups_.begin(), groups_.end(),
                              [&](const Group& one) { return one.config == vector.config; });
    if (group == groups_.end()) group = groups_.insert(group, Group{vector.config, {}});
    std::vector<Packet> packets = vector.out;
    packets.push_back(vector.in);
    for (const Packet& packet : packets) {
      group->packets.push_back(packet);
      group_of_packet_.push_back(static_cast<size_t>(group - groups_.begin()));
      if (is_for_nat64(packet)) nat_.packets.push_back(packet);
    }
  }
  for (Group& group : groups_) add_gate_addresses(group.config);
}

const Corpus::Group& Corpus::any_group(Random& random) const { return groups_[random.of(group_of_packet_)]; }

const Packet& Corpus::any_packet(Random& random) const { return random.of(any_group(random).packets); }

}  // namespace ipxlat::test
