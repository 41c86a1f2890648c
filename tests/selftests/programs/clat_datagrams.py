#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: clat_datagrams.py SUFFIX ADDRESS KIND

In clat_network of daemon_network.sh, with a CLAT clat0 of that kind: datagrams that few programs send, over IPv4 between the
host and the server, which has that address; both ways, and compared on arrival. Prints KTAP.
"""
import contextlib
import os
import socket
import struct
import sys

from namespace import inside
from results import Results
from transfer import IP_MTU_DISCOVER, IP_PMTUDISC_DONT, SO_RCVBUFFORCE, SOL_UDP, UDP_SEGMENT, Wrong, bound
from watch import Watch

SO_NO_CHECK = 11
MTU = 1500
LARGEST = MTU - 40 - 8  # the data of a datagram that just fits, in IPv6
SUFFIX, ADDRESS, KIND = sys.argv[1:]
HOST, SERVER = f"host-{SUFFIX}", f"server-{SUFFIX}"


def starts(packet):
    """whether it has a UDP header: it is whole, or a first fragment"""
    if packet.protocol != socket.IPPROTO_UDP:
        return False
    if packet.family == 4:
        return not struct.unpack_from("!H", packet.head, 6)[0] & 0x1fff
    return not packet.fragment or not struct.unpack_from("!H", packet.fragment, 2)[0] & 0xfff8


def udp(packets, sent):
    return [packet for packet in packets if packet.sent == sent and starts(packet)]


class Flow:
    """A program of the host and one of the server that know each other's address; clat0 and eth0 of the host are watched."""

    def __enter__(self):
        self.all = contextlib.ExitStack()
        with inside(HOST):
            self.host = self.all.enter_context(bound("", socket.SOCK_DGRAM, 0))
        with inside(SERVER):
            self.server = self.all.enter_context(bound("", socket.SOCK_DGRAM, 0))
        for sock in (self.host, self.server):
            sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
        self.host.connect((ADDRESS, self.server.getsockname()[1]))
        self.host.send(b"first")
        self.server.connect(self.server.recvfrom(100)[1])
        self.clat0 = self.all.enter_context(Watch(HOST, "clat0"))
        self.eth0 = self.all.enter_context(Watch(HOST, "eth0"))
        return self

    def __exit__(self, *_):
        self.all.close()

    def ways(self):
        """sender, receiver, and whether the host's devices send it"""
        return (self.host, self.server, True), (self.server, self.host, False)


def arrive(receiver, datagrams):
    for number, datagram in enumerate(datagrams, 1):
        try:
            got = receiver.recv(1 << 16)
        except TimeoutError:
            raise Wrong(f"{number - 1} of {len(datagrams)} datagrams arrived") from None
        if got != datagram:
            raise Wrong(f"datagram {number} of {len(datagrams)} arrived as {len(got)} bytes, or as others")


def without_check(size):
    """IPv4 has none, IPv6 has one"""
    with Flow() as flow:
        for sender, receiver, sent in flow.ways():
            sender.setsockopt(socket.SOL_SOCKET, SO_NO_CHECK, 1)
            data = os.urandom(size)
            sender.send(data)
            arrive(receiver, [data])
            checks = {packet.transport[6:8] for packet in udp(flow.eth0.take(), sent)}
            if not checks or bytes(2) in checks:
                raise Wrong(f"over IPv6 the checks are {checks}")
            if sent and {packet.transport[6:8] for packet in udp(flow.clat0.take(), sent)} != {bytes(2)}:
                raise Wrong("over IPv4 there is a check")


def train(size, length, dont_fragment=True):
    """it stays one as long as it is the host's"""
    with Flow() as flow:
        for sender, receiver, sent in flow.ways():
            sender.setsockopt(SOL_UDP, UDP_SEGMENT, size)
            if not dont_fragment:
                sender.setsockopt(socket.SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT)
            data = os.urandom(length)
            sender.send(data)
            arrive(receiver, [data[at:at + size] for at in range(0, length, size)])
            for watch in (flow.clat0, flow.eth0):
                seen = [packet.length for packet in udp(watch.take(), sent)]
                if not seen or max(seen) <= MTU:
                    raise Wrong(f"it was cut: {seen}")


def large(size):
    with Flow() as flow:
        for sender, receiver, _ in flow.ways():
            data = os.urandom(size)
            sender.send(data)
            arrive(receiver, [data])


results = Results()
for number in (8000, 65507):
    results.tell(f"{KIND}: a datagram of {number} bytes arrives, both ways", lambda: large(number))
for number in (0, 1, LARGEST, 8000):
    results.tell(f"{KIND}: one of {number} bytes without a check arrives, with one over IPv6", lambda: without_check(number))
for segment, whole in ((LARGEST, 45 * LARGEST), (LARGEST, 40 * LARGEST + 7), (100, 6350)):
    results.tell(f"{KIND}: {whole} bytes sent as a train of datagrams of {segment} arrive as such, both ways",
                 lambda: train(segment, whole))
results.tell(f"{KIND}: so does a train that may be fragmented", lambda: train(LARGEST, 40 * LARGEST, dont_fragment=False))
results.end()
