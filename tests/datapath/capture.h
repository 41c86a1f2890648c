// SPDX-License-Identifier: GPL-2.0-only
// A packet socket on the device.
#ifndef IPXLAT_TESTS_DATAPATH_CAPTURE_H
#define IPXLAT_TESTS_DATAPATH_CAPTURE_H

#include <optional>

#include "tests/datapath/link.h"

namespace ipxlat::test {

class Capture {
 public:
  // What the device sends (it then holds a clone of what it translates), or what it receives.
  enum class Direction { kSent, kReceived };

  // std::system_error, here and below.
  Capture(const Link& link, Direction direction);

  // The next packet from its network header on, or none within `milliseconds`.
  std::optional<Bytes> next(int milliseconds);

 private:
  FileDescriptor socket_;
  Direction direction_;
  Bytes room_ = Bytes(1 << 17);  // for one packet
};

}  // namespace ipxlat::test

#endif
