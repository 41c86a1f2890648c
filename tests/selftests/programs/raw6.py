#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: raw6.py PROTOCOL|rst DESTINATION6

Sends one IPv6 packet: 32 bytes of zeros as PROTOCOL, or a TCP reset of no connection.
"""
import socket
import struct
import sys

what, destination = sys.argv[1:3]
if what == "rst":
    sock = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_TCP)
    sock.setsockopt(socket.IPPROTO_IPV6, 7, 16)  # IPV6_CHECKSUM, where it is in a TCP header
    payload = struct.pack("!HHIIBBHHH", 1234, 80, 1, 0, 5 << 4, 0x04, 0, 0, 0)
else:
    sock = socket.socket(socket.AF_INET6, socket.SOCK_RAW, int(what))
    payload = bytes(32)
sock.sendto(payload, (destination, 0))
