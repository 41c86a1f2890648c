// SPDX-License-Identifier: GPL-2.0-only
// A packet as a vector states it, written layer by layer:
//
//     ip4 198.51.100.2 > 192.0.2.33 ttl 64 df / udp 1000 > 2000 / data 20
//
// Lengths, protocol numbers and checksums are what they should be unless the text says otherwise. The
// words of each layer are in tests/vectors/README.md.
#ifndef IPXLAT_TESTS_PACKET_PACKET_H
#define IPXLAT_TESTS_PACKET_PACKET_H

#include <netinet/in.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/translate.h"
#include "tests/packet/words.h"

namespace ipxlat::test {

// A name that stands for an address in either family.
struct Host {
  std::optional<in_addr> address4;
  std::optional<in6_addr> address6;
};

using Hosts = std::map<std::string, Host>;

struct Packet {
  Family family = Family::kIpv4;
  Bytes bytes;
  bool any_id = false;  // IPv4: the text says nothing of the identification, which is zero in `bytes`
};

// Reads all words that are left. SyntaxError.
Packet build_packet(Words& words, const Hosts& hosts);

// Empty if `actual` is what is expected, else where it differs, with both packets in hexadecimal.
std::string difference(const Packet& expected, const Bytes& actual);
std::string difference(const std::vector<Packet>& expected, const std::vector<Bytes>& actual);

}  // namespace ipxlat::test

#endif
