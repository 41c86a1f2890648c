#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: keep_asking.py ADDRESS PORT

Sends a datagram five times a second from one port, for ever, and prints every answer.
"""
import select
import socket
import sys

sock = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
sock.connect((sys.argv[1], int(sys.argv[2])))
while True:
    try:
        sock.send(b"and now?")
        while select.select([sock], [], [], 0.2)[0]:
            print(sock.recv(100).decode(), flush=True)
    except OSError:
        continue  # an ICMP error about an earlier one
