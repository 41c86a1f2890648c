#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: peer.py udp|tcp PORT ADDRESS4 PEERPORT

Speaks first, from PORT to ADDRESS4 and PEERPORT, and says so; says, too, if that is refused. From then on it answers with
the address and the port that it hears from: over UDP every datagram, over TCP the one connection, whoever opens it.
"""
import socket
import sys

IP_RECVERR = 11
protocol, port = sys.argv[1], int(sys.argv[2])
peer = sys.argv[3], int(sys.argv[4])


def told(source):
    return f"{source[0]} {source[1]}".encode()


def say(text):
    print(text, flush=True)


def bound(kind):
    sock = socket.socket(socket.AF_INET, kind)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("", port))
    return sock


def udp():
    sock = bound(socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_IP, IP_RECVERR, 1)  # without a connection, too
    sock.sendto(b"first", peer)
    say("sent")
    while True:
        try:
            source = sock.recvfrom(100)[1]
            sock.sendto(told(source), source)
        except OSError as error:
            sock.recvmsg(0, 512, socket.MSG_ERRQUEUE)
            say(f"error: {error}")


def tcp():
    sock = bound(socket.SOCK_STREAM)
    sock.setblocking(False)
    sock.connect_ex(peer)
    say("sent")
    sock.settimeout(60)
    try:
        sock.sendall(told(peer))  # as soon as it is open
    except OSError as error:
        say(f"error: {error}")
        sock.close()
        sock = bound(socket.SOCK_STREAM)
        sock.listen()
        connection, source = sock.accept()
        connection.sendall(told(source))


udp() if protocol == "udp" else tcp()
