#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: mappings.py answer ADDRESS ADDRESS
       mappings.py ask SOURCE PORT DESTINATION...
       mappings.py another SOURCE PORT DESTINATION
       mappings.py between SOURCE PORT SOURCE PORT DESTINATION PREFIX
       mappings.py listen SOURCE PORT DESTINATION

"answer" tells by UDP, at the ports 3478 and 3479 of both addresses, who asked, from where it was asked, or if so wished from
the other port of the other address. "ask" prints what its source has become toward every destination and port, and fails
if that is not the same. "another" fails if an answer from elsewhere does not arrive. "between" lets the second source talk to
what the first one has become toward the destination, below the prefix. "listen" has a TCP connection to the destination's
port 80, and answers at the port it has it from with the address of whoever asks.
"""
import ipaddress
import itertools
import select
import socket
import sys

PORTS = (3478, 3479)


def opened(kind, source, port):
    sock = socket.socket(socket.AF_INET6 if ":" in source else socket.AF_INET, kind)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    sock.bind((source, int(port)))
    sock.settimeout(10)
    return sock


def datagrams(source, port):
    return opened(socket.SOCK_DGRAM, source, port)


def answer(*addresses):
    socks = {(a, p): datagrams(addresses[a], PORTS[p]) for a in (0, 1) for p in (0, 1)}
    print("ready", flush=True)
    while True:
        for (a, p), sock in socks.items():
            if not select.select([sock], [], [], 0.01)[0]:
                continue
            word, asker = sock.recvfrom(100)
            by = socks[1 - a, 1 - p] if word == b"another" else sock
            by.sendto(f"{asker[0]} {asker[1]}".encode(), asker)


def mapping(sock, destination, port=PORTS[0]):
    sock.sendto(b"who am I?", (destination, port))
    return sock.recv(100).decode()


def ask(source, port, *destinations):
    sock = datagrams(source, port)
    found = [mapping(sock, *to) for to in itertools.product(destinations, PORTS)]
    print("\n".join(found))
    return len(set(found)) == 1


def another(source, port, destination):
    sock = datagrams(source, port)
    sock.sendto(b"another", (destination, PORTS[0]))
    word, by = sock.recvfrom(100)
    print(word.decode(), "by", by[0], by[1])
    return by[1] == PORTS[1] and by[0] != str(ipaddress.ip_address(destination))


def below(prefix, text):
    address, port = text.split()
    return str(ipaddress.ip_address(int(ipaddress.ip_address(prefix)) + int(ipaddress.ip_address(address)))), int(port)


def between(source1, port1, source2, port2, destination, prefix):
    one, two = datagrams(source1, port1), datagrams(source2, port2)
    outside = [below(prefix, mapping(sock, destination)) for sock in (one, two)]
    two.sendto(b"hello", outside[0])
    word, by = one.recvfrom(100)
    print(word.decode(), "by", by[:2], "for", outside)
    if by[:2] != outside[1]:
        return False
    one.sendto(b"hello yourself", by)
    word, by = two.recvfrom(100)
    print(word.decode(), "by", by[:2])
    return by[:2] == outside[0]


def listen(source, port, destination):
    connection = opened(socket.SOCK_STREAM, source, port)
    connection.connect((destination, 80))
    listener = opened(socket.SOCK_STREAM, source, port)
    listener.settimeout(None)
    listener.listen()
    print("ready", flush=True)
    while True:
        sock, by = listener.accept()
        sock.sendall(by[0].encode())
        sock.close()


sys.exit(not globals()[sys.argv[1]](*sys.argv[2:]))
