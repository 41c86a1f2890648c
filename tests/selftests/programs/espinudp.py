#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: espinudp.py [ADDRESS]

What a program of IKE does for ESP in UDP (RFC 3948): has UDP port 4500, from which the kernel takes ESP, and keeps it. With
an ADDRESS it first asks the same program there from which address and port it is seen, and prints them.
"""
import socket
import sys

SOL_UDP, UDP_ENCAP, UDP_ENCAP_ESPINUDP = 17, 100, 2
PORT = 4500
NON_ESP_MARKER = bytes(4)
PATIENCE = 20  # seconds

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
    sock.bind(("", PORT))
    sock.setsockopt(SOL_UDP, UDP_ENCAP, UDP_ENCAP_ESPINUDP)
    if len(sys.argv) > 1:
        sock.settimeout(1)
        for _ in range(PATIENCE):
            sock.sendto(NON_ESP_MARKER, (sys.argv[1], PORT))
            try:
                answer = sock.recv(100)
            except (TimeoutError, ConnectionRefusedError):
                continue
            print("seen from", answer.removeprefix(NON_ESP_MARKER).decode(), flush=True)
            break
    else:
        print("ready", flush=True)
    sock.settimeout(None)
    while True:
        data, peer = sock.recvfrom(100)
        if len(sys.argv) == 1 and data == NON_ESP_MARKER:
            sock.sendto(NON_ESP_MARKER + f"{peer[0]} {peer[1]}".encode(), peer)
