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

std::string hex(const Bytes& bytes) {
  static const char* const kDigits = "0123456789abcdef";
  std::string text;
  for (size_t at = 0; at < bytes.size(); at++) {
    if (at && at % 4 == 0) text += at % 20 == 0 ? "  " : " ";
    text += kDigits[bytes[at] >> 4];
    text += kDigits[bytes[at] & 15];
  }
  return text;
}

}  // namespace ipxlat::test
