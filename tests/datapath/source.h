// SPDX-License-Identifier: GPL-2.0-only
// A way by which packets reach a device.
#ifndef IPXLAT_TESTS_DATAPATH_SOURCE_H
#define IPXLAT_TESTS_DATAPATH_SOURCE_H

#include <string>

#include "tests/datapath/random.h"
#include "tests/packet/packet.h"

namespace ipxlat::test {

class Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;

  // What the summary calls it.
  virtual std::string name() const = 0;

  // Sends the packet, or, where the kernel makes the packets, something between the same ends. False if the
  // kernel refused it, as it may: interfaces come and go, and some lies it sees through.
  virtual bool inject(const Packet& packet, Random& random) = 0;
};

}  // namespace ipxlat::test

#endif
