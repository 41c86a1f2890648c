#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: raw6.py PROTOCOL|rst|unreachable DESTINATION6 [SOURCE6]

Sends one IPv6 packet: 32 bytes of zeros as PROTOCOL, a TCP reset of no connection, or an ICMPv6 error about no packet.
"""
import socket
import struct
import sys

what, destination = sys.argv[1:3]
source = sys.argv[3] if len(sys.argv) > 3 else "::"
if what == "rst":
    sock = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_TCP)
    sock.setsockopt(socket.IPPROTO_IPV6, 7, 16)  # IPV6_CHECKSUM, where it is in a TCP header
    payload = struct.pack("!HHIIBBHHH", 1234, 80, 1, 0, 5 << 4, 0x04, 0, 0, 0)
elif what == "unreachable":
    sock = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
    quoted = struct.pack("!IHBB", 6 << 28, 8, socket.IPPROTO_UDP, 64)
    quoted += socket.inet_pton(socket.AF_INET6, destination) + socket.inet_pton(socket.AF_INET6, source)
    payload = struct.pack("!BBHI", 1, 4, 0, 0) + quoted + struct.pack("!HHHH", 9, 9, 8, 0)
else:
    sock = socket.socket(socket.AF_INET6, socket.SOCK_RAW, int(what))
    payload = bytes(32)
sock.bind((source, 0))
sock.sendto(payload, (destination, 0))
