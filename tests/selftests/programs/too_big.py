#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: too_big.py SUFFIX "4 to 6"|"6 to 4" MTU

In the network of siit_network.sh: sends an ICMP error, too big for MTU, about a datagram that came the other way, and
prints the MTU of what comes out of the device.
"""
import socket
import struct
import sys

from ipv4 import checksum
from packets import ip4, ip6, pseudo, udp
from siit_network import Network

ICMP, ICMP6 = socket.IPPROTO_ICMP, socket.IPPROTO_ICMPV6


def checked(message, above):
    return message[:2] + struct.pack("!H", checksum(above + message)) + message[4:]


def fragmentation_needed(source, target, mtu):
    """from source, about what target sent to it"""
    quoted = ip4(target, source, udp(target, source, 9, bytes(100)), flags=0x4000)
    return ip4(source, target, checked(struct.pack("!BBHHH", 3, 4, 0, 0, mtu) + quoted, b""), ICMP)


def packet_too_big(source, target, mtu):
    quoted = ip6(target, source, udp(target, source, 9, bytes(100)))
    message = struct.pack("!BBHI", 2, 0, 0, mtu) + quoted
    return ip6(source, target, checked(message, pseudo(source, target, ICMP6, len(message))), ICMP6)


def is_error(packet):
    """one that came out of the device"""
    return not packet.sent and (packet.protocol, packet.transport[0]) in ((ICMP, 3), (ICMP6, 2))


network, direction, mtu = Network(sys.argv[1]), sys.argv[2], int(sys.argv[3])
way = network.ways[direction]
make = fragmentation_needed if direction == "4 to 6" else packet_too_big
with network.watch() as watch, way.socket(socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
    raw.sendto(make(way.source, way.target, mtu), (way.target, 0))
    packets = watch.take_until(lambda packets: any(map(is_error, packets)))
for packet in filter(is_error, packets):
    print("mtu", struct.unpack_from("!4xI", packet.transport)[0])
