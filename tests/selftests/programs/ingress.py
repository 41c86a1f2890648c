#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: ingress.py SUFFIX KIND

In the network of ingress.sh: what hosts send into the device by hooks of the KIND is translated, or dropped with a
reason. Prints KTAP.
"""
import contextlib
import json
import os
import socket
import subprocess
import sys

from link_layer import Cable, address, frame
from namespace import inside
from offload_network import ALL, OffloadNetwork
from packets import ip4, ip6, raw, udp, without_hops
from results import Results
from segments import SIZE, Flow, payload
from siit_network import DEVICE, OTHER, TCP, UDP
from transfer import SO_RCVBUFFORCE, Wrong
from watch import Watch
from xdp import redirect

COUNT = 50
LINK_LAYER = 14  # bytes of a header


def not_ip():
    """how many packets the device has dropped as such"""
    with inside(network.gate):
        answer = subprocess.run(["ipxlatctl", "stats", DEVICE, "-a", "--json"], check=True, capture_output=True).stdout
    return sum(row["packets"] for row in json.loads(answer)[0]["reasons"] if row["name"] == "not_ip")


def sent_bytes():
    with inside(network.gate), open("/proc/thread-self/net/dev") as devices:
        return next(int(line.split()[9]) for line in devices if line.split()[0] == f"{DEVICE}:")


def built(source, target, port, data):
    ip = ip6 if ":" in source else ip4
    return ip(source, target, udp(source, target, port, data))


class Line:
    """From the host that sends, by the hooks, to a socket of the one that receives."""

    def __init__(self, way, entry):
        self.way, self.entry = way, entry
        self.cable = Cable(way.client, "eth0")
        self.ends = address(way.client, "eth0"), address(network.gate, entry)
        self.listener = way.listener(socket.SOCK_DGRAM)
        self.listener.settimeout(20)
        self.listener.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
        self.port = self.listener.getsockname()[1]

    def datagram(self, data):
        return built(self.way.source, self.way.target, self.port, data)

    def send(self, *packets, tags=()):
        self.cable.send([frame(*self.ends, packet, tags) for packet in packets])

    def receive(self, data):
        if (got := self.listener.recv(1 << 16)) != data:
            raise Wrong(f"another datagram arrived, {got!r}")

    def close(self):
        self.cable.close()
        self.listener.close()


def translated(line):
    data = os.urandom(700)
    packet = line.datagram(data)
    before = sent_bytes()
    with Watch(line.way.server, "eth0", 2000) as end:
        line.send(*[packet] * COUNT)
        for _ in range(COUNT):
            line.receive(data)
        packets = [without_hops(seen.head) for seen in end.take() if not seen.sent and seen.protocol == UDP]
    if packets != [without_hops(built(OTHER[line.way.source], OTHER[line.way.target], line.port, data))] * COUNT:
        raise Wrong(f"what arrived: {[packet.hex() for packet in packets]}")
    counted = (sent_bytes() - before) // COUNT
    if not len(packet) <= counted < len(packet) + LINK_LAYER:  # a neighbour's question more is no matter
        raise Wrong(f"a packet of {len(packet)} bytes counts as {counted}")


def refused(line):
    """a packet that the device refuses, and how: a source route (RFC 7915 4.1: source route failed) or routing header
    (5.1: erroneous header field) that is not at its end"""
    source, target = line.way.source, line.way.target
    datagram = udp(source, target, line.port, b"by another way")
    if ":" not in source:
        loose = bytes([131, 7, 4]) + raw("192.0.2.1") + bytes(1)
        return ip4(source, target, datagram, options=loose), (socket.IPPROTO_ICMP, bytes([3, 5]))
    routing = bytes([socket.IPPROTO_UDP, 0, 253, 1, 0, 0, 0, 0])
    return ip6(source, target, routing + datagram, socket.IPPROTO_ROUTING), (socket.IPPROTO_ICMPV6, bytes([4, 0]))


def answered(line):
    """whom the device refuses a packet hears of it, with the packet inside"""
    packet, expected = refused(line)

    def answers(packets):
        return [seen for seen in packets if not seen.sent and (seen.protocol, seen.transport[:2]) == expected]

    with Watch(line.way.client, "eth0", 2000) as own:
        line.send(packet)
        quoted = [without_hops(seen.transport[8:]) for seen in answers(own.take_until(answers))]
    if quoted != [without_hops(packet)]:
        raise Wrong(f"the answers quote {[quote.hex() for quote in quoted]}")


def segments(line):
    flow = Flow(TCP, line.way.source, line.way.target)
    return flow, os.urandom(20 * SIZE[TCP])


def arrived(line, data, end):
    """the packets of the senders that have come before the datagram"""
    line.receive(data)
    return [packet for packet in end.take() if not packet.sent and packet.protocol in (TCP, UDP)]


def train(line):
    flow, data = segments(line)
    with Watch(line.way.server, "eth0", 1 << 17) as end:
        line.send(*flow.packets(data))
        line.send(line.datagram(b"behind it"))
        packets = arrived(line, b"behind it", end)
    if b"".join(payload(packet) for packet in packets if packet.protocol == TCP) != data:
        raise Wrong(f"packets of {[packet.length for packet in packets]} bytes arrived")


def tagged(line):
    """what is sent behind them arrives, and they do not"""
    flow, data = segments(line)
    before = not_ip()
    with Watch(line.way.server, "eth0") as end:
        for tags in ((5,), (5, 6)):
            line.send(line.datagram(b"tagged"), *flow.packets(data), tags=tags)
        line.send(line.datagram(b"not tagged"))
        packets = arrived(line, b"not tagged", end)
    if len(packets) != 1:
        raise Wrong(f"{len(packets)} packets arrived")
    if "egress" not in kind and (count := not_ip() - before) < 4:  # at least two datagrams and two trains
        raise Wrong(f"{count} packets were dropped as not_ip")


network, kind = OffloadNetwork(sys.argv[1]), sys.argv[2]
network.switch(network.sides, rx_gro=True)
network.switch_offloads(ALL, ALL)
results = Results()
for name, way in network.ways.items():
    line = Line(way, "eth4" if name == "4 to 6" else "eth6")
    with redirect(network.gate, line.entry, DEVICE) if kind.startswith("XDP") else contextlib.nullcontext():
        results.tell(f"{kind}, {name}: a datagram is translated, and counted without a link-layer header",
                     lambda: translated(line))
        if "egress" not in kind:  # where packets have a route, as everywhere else
            results.tell(f"{kind}, {name}: a packet that the device refuses is answered", lambda: answered(line))
        results.tell(f"{kind}, {name}: the segments of a train arrive", lambda: train(line))
        results.tell(f"{kind}, {name}: what has a VLAN tag, or two, is dropped", lambda: tagged(line))
    line.close()
results.end()
