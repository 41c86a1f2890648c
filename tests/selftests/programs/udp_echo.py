#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: udp_echo.py serve ADDRESS PORT | ask ADDRESS PORT SIZE

serve: sends every datagram back. ask: sends one of SIZE bytes and succeeds when the same bytes come
back, trying five times. Both let the network fragment what is too large.
"""
import os
import socket
import sys

mode, address, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
family = socket.AF_INET6 if ":" in address else socket.AF_INET
sock = socket.socket(family, socket.SOCK_DGRAM)
if family == socket.AF_INET:
    sock.setsockopt(socket.IPPROTO_IP, 10, 0)  # IP_MTU_DISCOVER, IP_PMTUDISC_DONT
if mode == "serve":
    sock.bind((address, port))
    print("serving", flush=True)
    while True:
        data, peer = sock.recvfrom(65536)
        sock.sendto(data, peer)

data = os.urandom(int(sys.argv[4]))
sock.connect((address, port))
sock.settimeout(3)
for _ in range(5):
    try:
        sock.send(data)
        if sock.recv(65536) == data:
            sys.exit(0)
        sys.exit("other bytes came back")
    except (TimeoutError, OSError) as error:
        print(error)
sys.exit("no answer")
