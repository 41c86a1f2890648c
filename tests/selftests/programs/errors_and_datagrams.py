#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: errors_and_datagrams.py SOURCE4 DESTINATION4

Sends, for ever and in turn, a UDP datagram and an ICMP port unreachable that quotes a datagram of
the other direction, from SOURCE4 to DESTINATION4.
"""
import socket
import struct
import sys

source, destination = (socket.inet_aton(argument) for argument in sys.argv[1:3])


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def with_checksum(data, at):
    return data[:at] + struct.pack("!H", checksum(data)) + data[at + 2:]


udp = struct.pack("!HHHH", 9, 9, 8, 0)
udp = udp[:6] + struct.pack(
    "!H", checksum(destination + source + struct.pack("!HH", 17, 8) + udp))
quoted = with_checksum(
    struct.pack("!BBHHHBBH", 0x45, 0, 28, 1, 0, 60, 17, 0) + destination + source, 10) + udp
error = with_checksum(struct.pack("!BBHI", 3, 3, 0, 0) + quoted, 2)

datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
errors = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
target = sys.argv[2]
while True:
    for sock, data, port in ((datagrams, b"ipxlat", 9), (errors, error, 0)):
        try:
            sock.sendto(data, (target, port))
        except OSError:  # six answers that its port is closed
            pass
