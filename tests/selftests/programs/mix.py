#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: mix.py tcp|udp|fragments CLIENT SERVER ADDRESS4 ADDRESS4

Traffic between two hosts, of which the namespaces and the addresses are given; both ways, and compared on arrival.
  tcp        a stream of 200 kB each way
  udp        datagrams of many sizes from 0 to 65507 bytes, without DF
  fragments  datagrams that their sender has cut into fragments, with and without DF, in order and not; a datagram
             to a closed port, a packet of a protocol that nobody knows
"""
import os
import socket
import sys

from packets import ip4, udp
from transfer import Train, Way, stream

UDP_MAX = 65507
UNKNOWN = 253  # RFC 3692


def sizes():
    """all small ones, then larger and larger steps"""
    size = 0
    while size < UDP_MAX:
        yield size
        size += 1 + size // 8
    yield UDP_MAX


def tcp(way):
    stream(way, os.urandom(200000))


def datagrams(way):
    with Train(way, dont_fragment=False) as flow:
        for size in sizes():
            flow.run_singly([os.urandom(size)])


def fragments(way):
    ends = way.source, way.target
    with way.socket(socket.SOCK_RAW, socket.IPPROTO_RAW) as raw, way.listener(socket.SOCK_DGRAM) as listener:
        port = listener.getsockname()[1]
        for number, (flags, backwards) in enumerate(((0, False), (0, True), (0x4000, False), (0x4000, True)), 1):
            data = os.urandom(4000)
            whole = udp(*ends, port, data)
            pieces = [ip4(*ends, whole[at:at + 1000], identification=1000 + number, offset=at,
                          flags=flags | (0x2000 if at + 1000 < len(whole) else 0)) for at in range(0, len(whole), 1000)]
            for piece in reversed(pieces) if backwards else pieces:
                raw.sendto(piece, (way.target, 0))
            if listener.recv(UDP_MAX) != data:
                sys.exit("other bytes arrived")
        raw.sendto(ip4(*ends, udp(*ends, 9, os.urandom(500))), (way.target, 0))
        raw.sendto(ip4(*ends, os.urandom(100), UNKNOWN), (way.target, 0))


kind, client, server, address, target = sys.argv[1:]
for way in (Way(client, server, address, target, target), Way(server, client, target, address, address)):
    {"tcp": tcp, "udp": datagrams, "fragments": fragments}[kind](way)
