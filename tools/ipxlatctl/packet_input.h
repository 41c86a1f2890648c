// SPDX-License-Identifier: GPL-2.0-only
// A packet that somebody wrote or captured, as hexadecimal digits.
#ifndef IPXLAT_TOOLS_IPXLATCTL_PACKET_INPUT_H
#define IPXLAT_TOOLS_IPXLATCTL_PACKET_INPUT_H

#include <iosfwd>

#include "lib/bytes.h"

namespace ipxlat::ctl {

// Reads digits in groups of whole bytes, with blanks or colons between. "0x0010:" is an offset, as dumps
// have it in front of a line, and must be the number of bytes before it. What comes out is not empty, begins
// with version 4 or 6, and is at most 65575 bytes long. std::invalid_argument: one sentence.
Bytes parse_packet(std::istream& text);

}  // namespace ipxlat::ctl

#endif
