// SPDX-License-Identifier: GPL-2.0-only
// An ICMP error taken apart: the packet that it quotes, and its extension (RFC 4884).
#ifndef IPXLAT_TESTS_FUZZ_ERROR_MESSAGE_H
#define IPXLAT_TESTS_FUZZ_ERROR_MESSAGE_H

#include "tests/fuzz/dissection.h"

namespace ipxlat::test {

struct ErrorMessage {
  uint8_t type = 0;
  uint8_t code = 0;
  uint32_t second = 0;  // the second word, host byte order
  size_t unit = 0;      // bytes that its Length counts; 0 if it has no Length
  size_t counted = 0;   // bytes, by its Length
  View original;        // the original datagram, with what it is padded with
  View extension;       // empty if there is none
  Dissection inner;     // of the quoted packet
  View quoted;          // what there is of the quoted packet behind its header
};

// `message` is from the ICMP header on. Nothing if the quoted packet has no whole header. A Length that
// leaves nothing for an extension, or too little for the quoted header, is as good as none.
std::optional<ErrorMessage> open_error(Family family, View message);

}  // namespace ipxlat::test

#endif
