// SPDX-License-Identifier: GPL-2.0-only
// What control planes that err might tell a device: changes of its settings, and requests to the generic
// netlink family that no program of ours would send, with unknown and repeated attributes, wrong lengths,
// nests cut short, dumps that nobody reads to the end.
#ifndef IPXLAT_TESTS_DATAPATH_NETLINK_NOISE_H
#define IPXLAT_TESTS_DATAPATH_NETLINK_NOISE_H

#include <string>

#include "lib/message.h"
#include "lib/settings.h"
#include "tests/datapath/file_descriptor.h"
#include "tests/datapath/random.h"
#include "tests/packet/bytes.h"

namespace ipxlat::test {

// A change of a device's settings: of some of them, to values that are allowed, or nearly so. `entries`: how
// many map entries to add, at most.
Change random_change(Random& random, uint32_t entries);

class NetlinkNoise {
 public:
  // In this thread's namespace, about the interface `device`. std::runtime_error: there is no such family.
  explicit NetlinkNoise(std::string device);

  // Sends one request and throws away what has been answered so far.
  void send(Random& random);

 private:
  Message request(Random& random) const;

  std::string device_;
  FileDescriptor socket_;
  uint16_t family_;
};

}  // namespace ipxlat::test

#endif
