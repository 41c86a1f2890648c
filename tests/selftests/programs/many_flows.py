#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: many_flows.py COUNT

Puts into the connection tracker of this network namespace the two flows of each of COUNT sessions, as a NAT64 gateway has
them that masquerades as 203.0.113.2 toward 203.0.113.9.
"""
import ipaddress
import os
import socket
import struct
import sys

NEW = 1 << 8  # IPCTNL_MSG_CT_NEW of NFNL_SUBSYS_CTNETLINK
CREATE = 0x1 | 0x400 | 0x200  # NLM_F_REQUEST, NLM_F_CREATE, NLM_F_EXCL
NESTED = 0x8000


def attribute(kind, payload):
    return struct.pack("=HH", 4 + len(payload), kind) + payload + bytes(-len(payload) % 4)


def tuple_of(kind, source, destination):
    first = 1 if len(source[0]) == 4 else 3  # CTA_IP_V4_SRC, CTA_IP_V6_SRC
    ip = attribute(first, source[0]) + attribute(first + 1, destination[0])
    ports = attribute(1, b"\x11") + attribute(2, struct.pack("!H", source[1])) + attribute(3, struct.pack("!H", destination[1]))
    return attribute(kind | NESTED, attribute(1 | NESTED, ip) + attribute(2 | NESTED, ports))


def flow(source, destination, seen):
    body = struct.pack("=BBH", socket.AF_INET if len(source[0]) == 4 else socket.AF_INET6, 0, 0)
    body += tuple_of(1, source, destination) + tuple_of(2, destination, seen)
    body += attribute(3, struct.pack("!I", 0xA)) + attribute(7, struct.pack("!I", 600))  # answered, confirmed; seconds
    return struct.pack("=IHHII", 16 + len(body), NEW, CREATE, 0, 0) + body


def below(prefix, four):
    return ipaddress.ip_address(prefix).packed[:12] + four


def session(number):
    port = 1024 + number % 60000
    inside = ipaddress.ip_address("198.18.0.1") + number // 60000
    remote_port = 10000 + number // 60000
    remote = ipaddress.ip_address("203.0.113.9").packed
    client = (ipaddress.ip_address("2001:db8:1::1000") + number).packed
    yield flow((client, port), (below("64:ff9b::", remote), remote_port), (below("64:ff9b:1:fffe::", inside.packed), port))
    yield flow((inside.packed, port), (remote, remote_port), (ipaddress.ip_address("203.0.113.2").packed, port))


kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
batch = []
for number in range(int(sys.argv[1])):
    batch += session(number)
    if len(batch) >= 200:
        kernel.send(b"".join(batch))
        batch = []
if batch:
    kernel.send(b"".join(batch))
# the kernel answers what it refuses, and nothing else
kernel.setblocking(False)
try:
    code = -struct.unpack_from("=i", kernel.recv(65536), 16)[0]
    sys.exit(f"refused: {os.strerror(code)}")
except BlockingIOError:
    pass
