#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: spray.py 4|6 SOURCE PREFIX COUNT

Sends small UDP datagrams from SOURCE for ever, in turn to COUNT networks: PREFIX.N.7 or PREFIX:N07, up
to 50 rounds a second. What cannot be sent at the moment is left out.
"""
import socket
import sys
import time

family, source, prefix, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
if family == "4":
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    targets = [f"{prefix}.{n}.7" for n in range(count)]
else:
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    targets = [f"{prefix}:{n:x}07" for n in range(count)]
sock.setsockopt(socket.SOL_IP, 15, 1)  # IP_FREEBIND
if family == "6":
    sock.setsockopt(socket.IPPROTO_IPV6, 78, 1)  # IPV6_FREEBIND
sock.bind((source, 0))
while True:
    for target in targets:
        try:
            sock.sendto(b"ipxlat" * 8, (target, 9))
        except OSError:
            pass
    time.sleep(0.02)  # leave the processor to what is tested
