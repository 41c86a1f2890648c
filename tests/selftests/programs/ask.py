#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: ask.py tcp|udp ADDRESS PORT [LOCALPORT]
       ask.py leave ADDRESS PORT
       ask.py bytes ADDRESS PORT COUNT
       ask.py twice ADDRESS PORT
       ask.py both ADDRESS4 ADDRESS6 PORT LOCALPORT

Prints what is answered, or the error. With "leave", a datagram asks, and nobody is there when the answer comes. With
"bytes", one datagram asks for an answer of so many bytes. With "twice", the TCP server mirrors a first word, and a second
one when there was a line on standard input. With "both", an IPv4 and an IPv6 connection are open from the same local port
at the same time, and each gets back what it sends. ASK_PATIENCE: seconds that each step may take, 20 unless set. ASK_MARK: the
mark of what is sent.
"""
import os
import socket
import sys


def opened(kind, address, port, local=None):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, kind)
    sock.settimeout(float(os.environ.get("ASK_PATIENCE", "20")))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, int(os.environ.get("ASK_MARK", "0")))
    if local:
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind(("", local))
    sock.connect((address, port))
    return sock


def both(address4, address6, port, local):
    socks = [opened(socket.SOCK_STREAM, address, int(port), int(local)) for address in (address4, address6)]
    for sock in socks:
        sock.sendall(str(sock.family).encode())
    return all(sock.recv(100) == str(sock.family).encode() for sock in socks)


try:
    if sys.argv[1] == "both":
        sys.exit(not both(*sys.argv[2:]))
    if sys.argv[1] == "bytes":
        sock = opened(socket.SOCK_DGRAM, sys.argv[2], int(sys.argv[3]))
        sock.send(sys.argv[4].encode())
        sys.exit(len(sock.recv(65536)) != int(sys.argv[4]))
    if sys.argv[1] == "twice":
        sock = opened(socket.SOCK_STREAM, sys.argv[2], int(sys.argv[3]))
        for word in (b"first", b"second"):
            sock.sendall(word)
            print("answered:", sock.recv(100).decode(), flush=True)
            sys.stdin.readline()
        sys.exit()
    if sys.argv[1] == "leave":
        opened(socket.SOCK_DGRAM, sys.argv[2], int(sys.argv[3])).send(b"who am I?")
        sys.exit()
    sock = opened(socket.SOCK_STREAM if sys.argv[1] == "tcp" else socket.SOCK_DGRAM, sys.argv[2], *map(int, sys.argv[3:]))
    if sys.argv[1] == "udp":
        sock.send(b"who am I?")
    print("answered:", sock.recv(100).decode())
except OSError as error:
    sys.exit(f"error: {error}")
