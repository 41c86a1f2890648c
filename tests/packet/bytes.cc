// SPDX-License-Identifier: GPL-2.0-only
#include "tests/packet/bytes.h"

namespace ipxlat::test {

uint16_t checksum(const Bytes& bytes) {
  uint32_t sum = 0;
  for (size_t at = 0; at < bytes.size(); at++) {
    sum += at % 2 ? bytes[at] : bytes[at] << 8;
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return static_cast<uint16_t>(~sum);
}

}  // namespace ipxlat::test
