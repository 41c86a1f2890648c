// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/packet_input.h"

#include <charconv>
#include <istream>
#include <stdexcept>
#include <string>

namespace ipxlat::ctl {
namespace {

// a header and a payload length in 16 bits
constexpr size_t kLongest = 40 + 65535;

template <class T>
bool parse_hex(std::string_view text, T& out) {
  auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), out, 16);
  return error == std::errc() && stop == text.data() + text.size();
}

void check_offset(const std::string& word, size_t bytes) {
  size_t offset = 0;
  if (!parse_hex(std::string_view(word).substr(2, word.size() - 3), offset))
    throw std::invalid_argument("'" + word + "' is not an offset (allowed: as in 0x0010:)");
  if (offset != bytes)
    throw std::invalid_argument("the offset '" + word + "' stands behind " + std::to_string(bytes) +
                                " bytes (allowed: all lines of one packet, in order)");
}

void append_group(std::string_view group, Bytes& packet) {
  const std::string quoted = "'" + std::string(group) + "'";
  for (size_t at = 0; at < group.size(); at += 2) {
    uint8_t byte = 0;
    if (!parse_hex(group.substr(at, 2), byte))
      throw std::invalid_argument(quoted + " is not hexadecimal (allowed: 0 to 9 and a to f)");
    packet.push_back(byte);
  }
  if (group.size() % 2)
    throw std::invalid_argument(quoted + " has an odd number of digits (allowed: two for each byte)");
}

void append_word(std::string_view word, Bytes& packet) {
  while (!word.empty()) {
    size_t end = std::min(word.find(':'), word.size());
    append_group(word.substr(0, end), packet);
    word.remove_prefix(std::min(end + 1, word.size()));
  }
}

void check_version(const Bytes& packet) {
  if (packet.empty()) throw std::invalid_argument("the packet is empty (allowed: hexadecimal digits)");
  int version = packet.front() >> 4;
  if (version != 4 && version != 6)
    throw std::invalid_argument("the packet has IP version " + std::to_string(version) +
                                " (allowed: 4 or 6, with no link-layer header in front)");
}

}  // namespace

Bytes parse_packet(std::istream& text) {
  Bytes packet;
  for (std::string word; text >> word;) {
    if (word.starts_with("0x") && word.ends_with(':'))
      check_offset(word, packet.size());
    else
      append_word(word, packet);
    if (packet.size() > kLongest)
      throw std::invalid_argument("the packet is too long (allowed: at most " + std::to_string(kLongest) +
                                  " bytes)");
  }
  check_version(packet);
  return packet;
}

}  // namespace ipxlat::ctl
