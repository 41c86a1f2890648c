#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: train.py SOURCE DESTINATION SIZE [COUNT]

Sends COUNT (1) UDP datagrams of SIZE bytes, which the network may fragment, to port 9 at once: as one train that is cut
on its way.
"""
import socket
import sys

SOL_UDP, UDP_SEGMENT = 17, 103
IP_MTU_DISCOVER, IPV6_MTU_DISCOVER, PMTUDISC_DONT = 10, 23, 0

source, destination, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
count = int(sys.argv[4]) if len(sys.argv) > 4 else 1
family = socket.AF_INET6 if ":" in source else socket.AF_INET
with socket.socket(family, socket.SOCK_DGRAM) as sock:
    sock.bind((source, 0))
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_MTU_DISCOVER, PMTUDISC_DONT)
    else:
        sock.setsockopt(socket.SOL_IP, IP_MTU_DISCOVER, PMTUDISC_DONT)
    if count > 1:
        sock.setsockopt(SOL_UDP, UDP_SEGMENT, size)
    sock.sendto(bytes(size * count), (destination, 9))
