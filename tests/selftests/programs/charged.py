#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: charged.py DESTINATION COUNT

Sends COUNT UDP datagrams to port 9, and says so if memory is still charged to the socket; waits until none is.
"""
import fcntl
import socket
import struct
import sys
import time

SIOCOUTQ = 0x5411

family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET


def charged(sock):
    return struct.unpack("i", fcntl.ioctl(sock, SIOCOUTQ, bytes(4)))[0]


with socket.socket(family, socket.SOCK_DGRAM) as sock:
    for _ in range(int(sys.argv[2])):
        sock.sendto(b"ipxlat", (sys.argv[1], 9))
    if charged(sock):
        print("charged", flush=True)
    while charged(sock):
        time.sleep(0.05)
    print("nothing", flush=True)
