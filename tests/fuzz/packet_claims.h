// SPDX-License-Identifier: GPL-2.0-only
// What holds of any packet sent into a device, and of what becomes of it. Each function throws Refuted, or
// std::logic_error where the core breaks its contract.
#ifndef IPXLAT_TESTS_FUZZ_PACKET_CLAIMS_H
#define IPXLAT_TESTS_FUZZ_PACKET_CLAIMS_H

#include "tests/fuzz/datagram.h"
#include "tests/fuzz/packet_case.h"

namespace ipxlat::test {

// All of what follows.
void claim_packet(const PacketCase& one);

// The reason is true of the packet.
void claim_drop(const PacketCase& one, const Translation& verdict);

// The network header is the other family's form of the one that came in.
void claim_header(const PacketCase& one, const Dissection& in, const Datagram& out);

// A packet that is no ICMP error: its ends are written by the rules, its message is the same.
void claim_message(const PacketCase& one, const Dissection& in, const Datagram& out);

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

}  // namespace ipxlat::test

#endif
