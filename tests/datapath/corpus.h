// SPDX-License-Identifier: GPL-2.0-only
// The packets of the test vectors, by the configuration under which they mean something.
#ifndef IPXLAT_TESTS_DATAPATH_CORPUS_H
#define IPXLAT_TESTS_DATAPATH_CORPUS_H

#include <string>
#include <vector>

#include "lib/settings.h"
#include "tests/datapath/random.h"
#include "tests/packet/packet.h"

namespace ipxlat::test {

class Corpus {
 public:
  struct Group {
    DeviceConfig config;
    std::vector<Packet> packets;  // that come in, and those that came out of the device
  };

  // The vectors of a directory. std::runtime_error.
  explicit Corpus(const std::string& directory);

  // The more packets, the more often.
  const Group& any_group(Random& random) const;

  // Packets of all groups that a NAT64 takes: of IPv6, to a destination below 64:ff9b::/96.
  const Group& nat_group() const { return nat_; }

  const Packet& any_packet(Random& random) const;

 private:
  std::vector<Group> groups_;
  std::vector<size_t> group_of_packet_;
  Group nat_;
};

}  // namespace ipxlat::test

#endif
