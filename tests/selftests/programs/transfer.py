# SPDX-License-Identifier: GPL-2.0-only
"""Transfers between two network namespaces whose bytes are compared on arrival."""
import contextlib
import errno
import socket
import threading
import time
from typing import NamedTuple

from namespace import inside

PATIENCE = 20  # seconds; only a transfer that stands still takes so long
SO_RCVBUFFORCE = 33
SOL_UDP, UDP_SEGMENT = 17, 103
IP_MTU_DISCOVER, IP_PMTUDISC_DONT = 10, 0
IPPROTO_SCTP = 132


class Wrong(Exception):
    """what was sent has not arrived as it was sent"""


class Way(NamedTuple):
    """From a client in one namespace to a server in another, which has the address `target` for it."""
    client: str
    server: str
    source: str
    target: str
    address: str  # the server's own

    def socket(self, kind, protocol=0):
        """the client's, bound to its address"""
        with inside(self.client):
            return bound(self.source, kind, protocol)

    def listener(self, kind, protocol=0):
        with inside(self.server):
            return bound(self.address, kind, protocol)


def bound(address, kind, protocol):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, kind, protocol)
    sock.settimeout(PATIENCE)
    sock.bind((address, 0))
    return sock


def stream(way, data, protocol=socket.IPPROTO_TCP):
    """Sends the bytes over TCP or SCTP, and returns the seconds from the first to the last. Wrong, OSError."""
    with contextlib.ExitStack() as open_sockets:
        listener = open_sockets.enter_context(way.listener(socket.SOCK_STREAM, protocol))
        listener.listen()
        client = open_sockets.enter_context(way.socket(socket.SOCK_STREAM, protocol))
        client.connect((way.target, listener.getsockname()[1]))
        server = open_sockets.enter_context(listener.accept()[0])
        server.settimeout(PATIENCE)
        begin = time.monotonic()
        sender = threading.Thread(target=send, args=(client, data))
        sender.start()
        try:
            got = receive(server, len(data))
        finally:
            sender.join()
        seconds = time.monotonic() - begin
    if got != data:
        raise Wrong(f"{len(got)} of {len(data)} bytes arrived" if len(got) < len(data) else "other bytes arrived")
    return seconds


def send(sock, data):
    with contextlib.suppress(OSError):  # the receiver tells what is missing
        for at in range(0, len(data), 1 << 16):
            sock.sendall(data[at:at + (1 << 16)])
        sock.shutdown(socket.SHUT_WR)


def receive(sock, length):
    got = bytearray()
    with contextlib.suppress(TimeoutError):
        while piece := sock.recv(1 << 18):
            got += piece
            if len(got) > length:
                break
    return bytes(got)


class Train:
    """A UDP flow that sends datagrams in trains (UDP_SEGMENT), without DF if told so."""

    def __init__(self, way, dont_fragment=True):
        self.listener = way.listener(socket.SOCK_DGRAM)
        self.listener.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
        self.client = way.socket(socket.SOCK_DGRAM)
        if not dont_fragment:
            self.client.setsockopt(socket.SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT)
        self.client.connect((way.target, self.listener.getsockname()[1]))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()
        self.client.close()

    def run(self, data, size):
        """one train: the bytes in datagrams of `size`, the last one perhaps shorter. Wrong, OSError"""
        datagrams = [data[at:at + size] for at in range(0, len(data), size)]
        try:
            self.client.setsockopt(SOL_UDP, UDP_SEGMENT, size)
            self.client.send(data)
        except OSError as error:
            if error.errno != errno.EIO:  # 6.1: not on a device without checksum offload
                raise
            self.run_singly(datagrams)
            return
        self.compare(datagrams)

    def run_singly(self, datagrams):
        """the same, but the sender makes no train of them"""
        self.client.setsockopt(SOL_UDP, UDP_SEGMENT, 0)
        for datagram in datagrams:
            self.client.send(datagram)
        self.compare(datagrams)

    def compare(self, datagrams):
        got = []
        with contextlib.suppress(TimeoutError):
            while len(got) < len(datagrams):
                got.append(self.listener.recv(1 << 16))
        if len(got) < len(datagrams):
            raise Wrong(f"{len(got)} of {len(datagrams)} datagrams arrived")
        if got != datagrams:
            raise Wrong("other datagrams arrived" if sorted(got) != sorted(datagrams) else "datagrams changed places")
