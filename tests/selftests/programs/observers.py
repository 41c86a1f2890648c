#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: observers.py SUFFIX

In the network of siit_network.sh: what packet sockets see on the device, and what becomes of frames that they send.
Prints KTAP.
"""
import os
import random
import socket
import struct
import sys

from ipv4 import checksum
from link_layer import address
from namespace import inside
from packets import ip4, ip6, pseudo, udp, without_hops
from results import Results
from siit_network import DEVICE, MTU, OTHER, UDP, Network
from transfer import Train, Wrong
from watch import ETH_P_ALL, ETH_P_IP, Watch

PORT = 7007
MINIMUM = 46  # what an Ethernet frame carries at least


def built(source, target, data):
    ip = ip6 if ":" in source else ip4
    return ip(source, target, udp(source, target, PORT, data))


def send(way, packets):
    family = socket.AF_INET6 if ":" in way.source else socket.AF_INET
    with inside(way.client), socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW) as sock:
        for packet in packets:
            sock.sendto(packet, (way.target, 0))


def ours(packets, sent):
    return [packet for packet in packets if packet.sent == sent and packet.protocol == UDP]


def held_packets(way):
    """a socket holds 200 packets, before and after translation, and reads them when all is over"""
    payloads = [os.urandom(random.randrange(1200)) for _ in range(200)]
    before = [built(way.source, way.target, data) for data in payloads]
    after = [built(OTHER[way.source], OTHER[way.target], data) for data in payloads]
    with network.watch(MTU) as watch:
        send(way, before)
        packets = watch.take_until(lambda seen: len(ours(seen, False)) == len(after))
    for sent, expected, what in ((True, before, "went into"), (False, after, "came out of")):
        seen = [without_hops(packet.head) for packet in ours(packets, sent)]
        if seen != [without_hops(packet) for packet in expected]:
            raise Wrong(f"other packets {what} the device")


def held_trains(way):
    """the same for trains whose checksum is still to come: it holds the sum of its own family's pseudo-header"""
    with network.watch() as watch, Train(way) as train:
        for _ in range(5):
            train.run(os.urandom(20000), 1200)
        packets = watch.take_until(lambda seen: len(ours(seen, False)) == 5)
    for sent, source, target in ((True, way.source, way.target), (False, OTHER[way.source], OTHER[way.target])):
        seen = ours(packets, sent)
        if len(seen) != 5 or min(packet.length for packet in seen) <= MTU:
            raise Wrong(f"no trains, but packets of {[packet.length for packet in seen]}")
        for packet in seen:
            length, check = struct.unpack_from("!HH", packet.transport, 4)
            if (check + checksum(pseudo(source, target, UDP, length))) % 0xFFFF:
                raise Wrong(f"the checksum is {check:#x}")


def raw_packets(way):
    """what a socket that wants link-layer headers gets begins with the IP header, as the device has none"""
    with inside(network.gate), socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL)) as sock:
        sock.bind((DEVICE, ETH_P_ALL))
        sock.settimeout(5)
        packet = built(way.source, way.target, b"ipxlat")
        send(way, [packet])
        seen = [sock.recv(2000), sock.recv(2000)]
    expected = [packet, built(OTHER[way.source], OTHER[way.target], b"ipxlat")]
    if [without_hops(packet) for packet in seen] != [without_hops(packet) for packet in expected]:
        raise Wrong(f"seen were {[packet.hex() for packet in seen]}")


def padded(namespace, device, port, where=b""):
    """a datagram of 5 bytes in a frame as long as Ethernet wants it"""
    data = udp("203.0.113.9", "198.51.100.10", port, b"12345")
    packet = ip4("203.0.113.9", "198.51.100.10", data)
    with Watch(network.six, "eth0") as arrived:
        with inside(namespace), socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM) as sock:
            sock.sendto(packet.ljust(MINIMUM, b"\xAA"), (device, ETH_P_IP, 0, 0, where))
        got = ours(arrived.take_until(lambda seen: ours(seen, False)), False)
    expected = ip6(OTHER["203.0.113.9"], OTHER["198.51.100.10"],
                   udp(OTHER["203.0.113.9"], OTHER["198.51.100.10"], port, b"12345"))
    if [without_hops(packet.head) for packet in got] != [without_hops(expected)]:
        raise Wrong(f"what arrived: {[packet.head.hex() for packet in got]}")


network = Network(sys.argv[1])
results = Results()
for name, way in network.ways.items():
    results.tell(f"{name}: a socket that holds packets sees them as they were sent, and as they come out",
                 lambda: held_packets(way))
    results.tell(f"{name}: a socket that holds trains sees the checksums of both families",
                 lambda: held_trains(way))
    results.tell(f"{name}: a socket that asks for link-layer headers gets the IP header first",
                 lambda: raw_packets(way))
results.tell("Ethernet padding behind a packet that was received is not translated",
             lambda: padded(network.four, "eth0", 9, address(network.gate, "eth4")))
results.tell("bytes behind a packet that a packet socket sends into the device are not translated",
             lambda: padded(network.gate, DEVICE, 9))
results.tell("Ethernet padding behind a packet that tc redirects into the device is not translated",
             lambda: padded(network.four, "eth0", PORT, address(network.gate, "eth4")))
results.end()
