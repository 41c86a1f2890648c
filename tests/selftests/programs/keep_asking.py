#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: keep_asking.py ADDRESS PORT [SECONDS]

Sends a datagram every SECONDS (0.2) from one port, for ever, and prints every answer.
"""
import select
import socket
import sys

pause = float(sys.argv[3]) if len(sys.argv) > 3 else 0.2
sock = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
sock.connect((sys.argv[1], int(sys.argv[2])))
while True:
    try:
        sock.send(b"and now?")
        while select.select([sock], [], [], pause)[0]:
            print(sock.recv(100).decode(), flush=True)
    except OSError:
        continue  # an ICMP error about an earlier one
