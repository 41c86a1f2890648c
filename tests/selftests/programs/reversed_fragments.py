#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: reversed_fragments.py SOURCE6 DESTINATION6 PORT

Sends a UDP datagram of 2000 bytes in two fragments, the last one first, from and to PORT, and prints what is answered.
"""
import socket
import struct
import sys

from packets import ip6, udp

FRAGMENT, CUT, MORE, IDENTIFICATION = 44, 1000, 1, 7
source, destination, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
whole = udp(source, destination, port, bytes(2000))


def fragment(data, offset, more):
    return ip6(source, destination, struct.pack("!BBHI", socket.IPPROTO_UDP, 0, offset | more, IDENTIFICATION) + data, FRAGMENT)


with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock, \
        socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
    sock.bind((source, port))
    sock.settimeout(20)
    raw.sendto(fragment(whole[CUT:], CUT, 0), (destination, 0))
    raw.sendto(fragment(whole[:CUT], 0, MORE), (destination, 0))
    print("answered:", sock.recv(100).decode())
