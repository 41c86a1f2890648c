#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: same_transport.py NEAR FAR CLIENT SERVER HOPS

NEAR and FAR are captures in front of and behind a pair of translators (4 to 6 to 4), on the client's and on the
server's side. Each datagram that the one sent has to reach the other in order, its bytes behind the IPv4 header
unchanged, and its header as RFC 7915 demands of two translations and HOPS forwarding steps (those apart whose time to
live ends on the way). Of an ICMP error this is asked of the packet that it quotes. Prints what there was; exit status 1
if something was different, or if the captures are no mix.
"""
import collections
import itertools
import socket
import struct
import sys

from ipv4 import capture, checksum, datagrams, header

ICMP, TCP, UDP = 1, 6, 17
ERRORS = {3, 11, 12}
LARGEST_WITHOUT_DF = 1260  # RFC 7915 5.1
SACK, TIMESTAMP = 5, 8
DOMAIN = 53


class Different(Exception):
    pass


def require(holds, what):
    if not holds:
        raise Different(what)


def compare_headers(sent, got, hops):
    first = sent.packets[0]
    length = 20 + len(sent.payload)
    for packet in got.packets:
        require(packet.tos == first.tos, "another type of service")
        require(packet.ttl == first.ttl - hops, f"time to live {packet.ttl} after {first.ttl}")
        require(packet.protocol == first.protocol, "another protocol")
    require(got.packets[0].fragment == (first.fragment or not first.dont_fragment and length > LARGEST_WITHOUT_DF),
            "fragments")
    if got.packets[0].fragment:
        require(not any(packet.dont_fragment for packet in got.packets), "a fragment with DF")
        require(got.packets[0].identification == first.identification, "another identification")
    else:
        require(got.packets[0].dont_fragment == (length > LARGEST_WITHOUT_DF), "DF")


def compare_errors(sent, got):
    require(sent[:2] == got[:2] and sent[4:8] == got[4:8], "another ICMP error")
    require(not checksum(got), "the checksum of an ICMP error")
    before, after = header(sent[8:])[0], header(got[8:])[0]
    ignored = {"identification": 0, "dont_fragment": False}
    require(before._replace(**ignored) == after._replace(**ignored), "another quoted packet")


def compare(sent, got, hops):
    compare_headers(sent, got, hops)
    if sent.packets[0].protocol == ICMP and sent.payload[0] in ERRORS:
        compare_errors(sent.payload, got.payload)
    else:
        require(sent.payload == got.payload, f"other bytes: {sent.payload[:60].hex()} ... {got.payload[:60].hex()}")


def tcp_options(segment):
    at, end = 20, (segment[12] >> 4) * 4
    while at < end and segment[at]:
        yield segment[at]
        at += 1 if segment[at] == 1 else segment[at + 1]


def kinds(datagram):
    """the words for what a mix has to have"""
    packet, payload = datagram.packets[0], datagram.payload
    if packet.fragment:
        yield "in fragments with DF" if packet.dont_fragment else "in fragments"
    if packet.protocol == TCP:
        options = set(tcp_options(payload))
        yield "TCP"
        if SACK in options:
            yield "TCP with SACK blocks"
        if TIMESTAMP in options:
            yield "TCP with timestamps"
    elif packet.protocol == UDP:
        yield "DNS" if DOMAIN in struct.unpack_from("!HH", payload) else "UDP"
        if len(payload) == 8:
            yield "UDP without data"
        if len(payload) == 65515:
            yield "UDP of 65507 bytes"
    elif packet.protocol == ICMP:
        yield "ICMP errors" if payload[0] in ERRORS else "ICMP echo"
    else:
        yield "another protocol"


WANTED = {"in fragments with DF", "in fragments", "TCP", "TCP with SACK blocks", "TCP with timestamps", "DNS", "UDP",
          "UDP without data", "UDP of 65507 bytes", "ICMP errors", "ICMP echo", "another protocol"}


def one_way(path, source, destination):
    packets = (packet for packet in capture(path) if (packet.source, packet.destination) == (source, destination))
    return list(datagrams(packets))


near, far = sys.argv[1:3]
client, server = (socket.inet_aton(address) for address in sys.argv[3:5])
hops = int(sys.argv[5])
seen = collections.Counter()
differences = []
for (here, source), (there, destination) in itertools.permutations([(near, client), (far, server)]):
    sent = [datagram for datagram in one_way(here, source, destination) if datagram.packets[0].ttl > hops]
    got = one_way(there, source, destination)
    for number, (before, after) in enumerate(zip(sent, got)):
        try:
            compare(before, after, hops)
        except Different as error:
            differences.append(f"datagram {number}, protocol {before.packets[0].protocol}: {error}")
    if len(sent) != len(got):
        differences.append(f"{len(sent)} datagrams were sent, {len(got)} arrived")
    seen.update(kind for datagram in sent for kind in kinds(datagram))
    seen["datagrams"] += len(sent)

for difference in differences[:10]:
    print("different:", difference)
print(", ".join(f"{count} {kind}" for kind, count in sorted(seen.items())))
missing = WANTED - set(seen)
if missing:
    print("there was no", ", ".join(sorted(missing)))
sys.exit(1 if differences or missing else 0)
