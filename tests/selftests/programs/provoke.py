#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: provoke.py SOURCE "DESTINATION PORT [size BYTES] [nochecksum]"...

For each, sends a UDP datagram from SOURCE, with DF and whatever path MTU is known, as a packet of BYTES bytes (100
unless told), and prints the ICMP error that comes back to its socket:

    198.51.100.10 9 size 1500: type 3 code 4 mtu 1400 from 192.0.0.8

Each is tried five times.
"""
import select
import socket
import struct
import sys

SO_NO_CHECK = 11
IP_MTU_DISCOVER, IP_RECVERR, IP_PMTUDISC_PROBE = 10, 11, 3
IPV6_MTU_DISCOVER, IPV6_RECVERR = 23, 25



def opened(source, destination, port):
    if ":" in destination:
        sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_MTU_DISCOVER, IP_PMTUDISC_PROBE)
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
    else:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE)
        sock.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
    sock.bind((source, 0))
    sock.connect((destination, port))
    return sock


def told(sock):
    """the error that has come, as text"""
    _, ancillary, _, _ = sock.recvmsg(0, 512, socket.MSG_ERRQUEUE)
    error = ancillary[0][2]
    kind, code, info = struct.unpack_from("5xBBxI", error)
    offender = error[16 + 4:16 + 8] if sock.family == socket.AF_INET else error[16 + 8:16 + 24]
    return f"type {kind} code {code}{f' mtu {info}' if info else ''} from {socket.inet_ntop(sock.family, offender)}"


def provoked(sock, data):
    poll = select.poll()
    poll.register(sock, 0)
    for _ in range(5):
        try:
            sock.send(data)
        except OSError:  # the error is there before its details are asked for
            pass
        if poll.poll(2000):
            return told(sock)
    return "nothing came"


for request in sys.argv[2:]:
    destination, port, *words = request.split()
    size = int(words[words.index("size") + 1]) if "size" in words else 100
    with opened(sys.argv[1], destination, int(port)) as sock:
        if "nochecksum" in words:
            sock.setsockopt(socket.SOL_SOCKET, SO_NO_CHECK, 1)
        print(f"{request}: {provoked(sock, bytes(size - (48 if ':' in destination else 28)))}", flush=True)
