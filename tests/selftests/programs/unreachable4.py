#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: unreachable4.py SOURCE4 PORT TARGET4 TARGETPORT [wrong]

Sends an ICMPv4 error, port unreachable, about a datagram that TARGET4 sent from TARGETPORT to SOURCE4 and PORT. With
"wrong", its checksum is.
"""
import socket
import struct
import sys

from ipv4 import checksum
from packets import ip4

source, port, target, target_port = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
quoted = ip4(target, source, struct.pack("!HHHH", target_port, port, 17, 0) + bytes(9))
message = struct.pack("!BBHI", 3, 3, 0, 0) + quoted
check = checksum(message) ^ (1 if "wrong" in sys.argv else 0)
with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as sock:
    sock.sendto(ip4(source, target, message[:2] + struct.pack("!H", check) + message[4:], socket.IPPROTO_ICMP), (target, 0))
