// SPDX-License-Identifier: GPL-2.0-only
// What holds of any packet sent into a device, and of what becomes of it. Each function throws Refuted, or
// std::logic_error where the core breaks its contract.
#ifndef IPXLAT_TESTS_FUZZ_PACKET_CLAIMS_H
#define IPXLAT_TESTS_FUZZ_PACKET_CLAIMS_H

#include <vector>

#include "tests/fuzz/packet_case.h"

namespace ipxlat::test {

inline Family other(Family family) { return family == Family::kIpv4 ? Family::kIpv6 : Family::kIpv4; }

// What came out for one packet, put together again if it was fragmented.
struct Datagram {
  Dissection header;  // of the first packet, but for length and more, which are the whole's
  Bytes payload;
  size_t packets = 0;
  size_t longest = 0;  // of the packets, bytes
};

// Refuted where one of `packets` is malformed, or they are no fragments of one datagram. The packets
// outlive the result.
Datagram reassemble(Family family, const std::vector<Bytes>& packets);

// All of what follows.
void claim_packet(const PacketCase& one);

// The reason is true of the packet.
void claim_drop(const PacketCase& one, const Translation& verdict);

// An ICMP error: its ends, its check, its size, the packet that it quotes, its extension (RFC 4884).
void claim_error(const PacketCase& one, const Dissection& in, const Datagram& out);

// `in` and `out`, messages or what there is of them, differ in nothing but the check and an ICMP type,
// and the check is as right or as wrong as it was.
void claim_same_message(const Dissection& in, View in_bytes, const Dissection& out, View out_bytes);

// What came out gives the same again when it is sent there and back.
void claim_round_trip(const PacketCase& one, const Translation& there);

// A check left to the hardware, and segments in one packet, give what they would give if they had been
// finished before.
void claim_offload(const PacketCase& one);

// One input of a fuzzer of packets of `family`. Ends the program where a property does not hold.
void run_packet(Family family, View input);

}  // namespace ipxlat::test

#endif
