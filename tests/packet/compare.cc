// SPDX-License-Identifier: GPL-2.0-only
#include "tests/packet/compare.h"

#include <algorithm>

namespace ipxlat::test {
namespace {

// What was expected, with the identification that the device chose.
Bytes with_id(Bytes expected, const Bytes& actual) {
  if (expected.size() < 20 || actual.size() < 20) return expected;
  put16(expected, 4, get16(actual, 4));
  put16(expected, 10, 0);
  put16(expected, 10, checksum({expected.begin(), expected.begin() + 20}));
  return expected;
}

}  // namespace

std::string difference(const Packet& expected, const Bytes& actual) {
  Bytes bytes = expected.any_id ? with_id(expected.bytes, actual) : expected.bytes;
  if (bytes == actual) return {};
  size_t end = std::min(bytes.size(), actual.size());
  auto stop = bytes.begin() + static_cast<std::ptrdiff_t>(end);
  auto at = std::mismatch(bytes.begin(), stop, actual.begin()).first - bytes.begin();
  return "differs at byte " + std::to_string(at) + "\nexpected " + std::to_string(bytes.size()) +
         " bytes: " + hex(bytes) + "\nactual   " + std::to_string(actual.size()) + " bytes: " + hex(actual) +
         "\n";
}

std::string difference(const std::vector<Packet>& expected, const std::vector<Bytes>& actual) {
  if (expected.size() != actual.size())
    return std::to_string(actual.size()) + " packets came out instead of " + std::to_string(expected.size());
  for (size_t i = 0; i < expected.size(); i++)
    if (std::string text = difference(expected[i], actual[i]); !text.empty())
      return "packet " + std::to_string(i + 1) + " " + text;
  return {};
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
