// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/error_message.h"

#include <algorithm>

namespace ipxlat::test {
namespace {

// RFC 4884 4.1 to 4.5: ICMPv4 has a Length in its sixth byte, ICMPv6 in its fifth
void read_length(Family family, View message, ErrorMessage& out) {
  if (family == Family::kIpv4 && (out.type == 3 || out.type == 11 || out.type == 12)) {
    out.unit = 4;
    out.counted = message[5] * out.unit;
  } else if (family == Family::kIpv6 && (out.type == 1 || out.type == 3)) {
    out.unit = 8;
    out.counted = message[4] * out.unit;
  }
}

}  // namespace

std::optional<ErrorMessage> open_error(Family family, View message) {
  if (message.size() < 8) return {};
  ErrorMessage out;
  out.type = message[0];
  out.code = message[1];
  out.second = static_cast<uint32_t>(word(message, 4)) << 16 | word(message, 6);
  read_length(family, message, out);
  View body = message.subspan(8);
  const size_t least = family == Family::kIpv4 ? 20 : 40;
  const bool split = out.counted >= least && out.counted < body.size();
  out.original = split ? body.first(out.counted) : body;
  out.extension = body.subspan(out.original.size());
  auto inner = dissect(family, out.original);
  if (!inner) return {};
  out.inner = *inner;
  const size_t end = std::min(out.original.size(), out.inner.length);
  out.quoted = out.original.subspan(out.inner.header, end - out.inner.header);
  return out;
}

}  // namespace ipxlat::test
