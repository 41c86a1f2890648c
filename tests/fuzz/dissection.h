// SPDX-License-Identifier: GPL-2.0-only
// A packet taken apart after the RFCs, and not with the core's own code: what the core's work is held
// against. Lengths are bytes.
#ifndef IPXLAT_TESTS_FUZZ_DISSECTION_H
#define IPXLAT_TESTS_FUZZ_DISSECTION_H

#include <optional>
#include <span>

#include "lib/transport.h"
#include "tests/packet/packet.h"

namespace ipxlat::test {

using View = std::span<const uint8_t>;

template <class Address>
struct Ends {
  Address source{};
  Address destination{};
};

struct Dissection {
  Family family = Family::kIpv4;
  size_t header = 0;  // with options or extension headers
  size_t length = 0;  // of the packet by its own account
  uint8_t protocol = 0;
  uint8_t traffic_class = 0;
  uint8_t hop_limit = 0;
  bool fragment = false;  // MF or an offset; in IPv6 a Fragment header
  bool more = false;
  bool dont_fragment = false;
  uint32_t offset = 0;  // of the fragment
  uint32_t id = 0;
  Ends<in_addr> ends4;  // the one of the packet's family is set
  Ends<in6_addr> ends6;
  View addresses;  // both, as they lie in the packet

  // of its family
  bool is_icmp() const {
    return family == Family::kIpv4 ? protocol == IPPROTO_ICMP : protocol == IPPROTO_ICMPV6;
  }
  size_t payload() const { return length - header; }
};

// Nothing unless all of the network header is there and no longer than the packet says it is. The packet
// may go on behind its end or end early.
std::optional<Dissection> dissect(Family family, View packet);

// The other family's number for a protocol.
uint8_t counterpart(const Dissection& packet);

// RFC 792 and RFC 4443 2.1.
bool is_icmp_error(Family family, uint8_t type);

// AH and the headers that, behind a Fragment header, would make its offsets wrong (RFC 7915 5.1.1).
bool shifts_fragment(uint8_t protocol);

inline uint16_t word(View bytes, size_t at) { return static_cast<uint16_t>(bytes[at] << 8 | bytes[at + 1]); }

// The sum of the 16-bit words of `bytes`, an odd last byte padded, modulo 65535: what RFC 1071 adds up,
// with its two zeros being one.
uint32_t remainder(View bytes);

// How many bytes of a transport header translation reads and changes; 0 for a protocol without a check.
size_t reach(uint8_t protocol);

// The sum that is zero where the check of a whole transport message is right: `message` with its
// pseudo-header. Translation leaves it as it is, right or not.
uint32_t balance(const Dissection& packet, View message);

// An ICMP error taken apart: the packet that it quotes, and its extension (RFC 4884).
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
