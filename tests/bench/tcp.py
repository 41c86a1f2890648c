# SPDX-License-Identifier: GPL-2.0-only
"""TCP between source and sink, GRO and TSO on, both ends in this program: those of others wait, and look at the clock, in
another way in each version."""
import socket
import time

import network
import sites
from namespace import inside

BLOCK, BLOCKS, TURNS, ROOM = 256 << 10, 100, 4, 4 << 20
SO_SNDBUFFORCE, SO_RCVBUFFORCE = 32, 33


def prepare():
    network.ip(network.SINK, f"address replace {sites.SINK6}/128 dev lo")
    network.ip(network.GATE, f"route replace {sites.SINK6} via {network.SINK6}")
    for namespace, device in ((network.SOURCE, "eth0"), (network.GATE, "in"), (network.GATE, "out"), (network.SINK, "eth0")):
        network.inside(namespace, "ethtool", "-K", device, "gro", "on")


def connect(destination, family, namespace):
    """(the end in the namespace, sink's end), with room for what is on its way"""
    with inside(network.SINK):
        listener = socket.create_server(("", 9), family=family)
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, ROOM)
        with inside(namespace):
            near = socket.create_connection((str(destination), 9))
        far = listener.accept()[0]
    for end in near, far:
        end.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, ROOM)
        end.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, ROOM)
    return near, far


def transfer(sender, receiver, blocks):
    """nanoseconds; a block is received before the next is sent, so that the two ends keep step in the same way each time"""
    data, room = bytes(BLOCK), bytearray(BLOCK)
    begin = time.monotonic_ns()
    for _ in range(blocks):
        sender.sendall(data)
        if receiver.recv_into(room, BLOCK, socket.MSG_WAITALL) != BLOCK:
            raise RuntimeError("a block is not whole")
    return time.monotonic_ns() - begin


def cost(destination, reverse=False, family=socket.AF_INET6, near=network.SOURCE):
    """instructions a byte, of both ends and gate together, in the cheapest turn: what a kernel does now and then beside it
    makes the others dearer; reverse: sink sends; family: what arrives at sink; near: where
    the other end is"""
    prepare()
    ends = connect(destination, family, near)
    sender, receiver = reversed(ends) if reverse else ends
    with sender, receiver:
        transfer(sender, receiver, BLOCKS)
        return min(transfer(sender, receiver, BLOCKS) for _ in range(TURNS)) / (BLOCKS * BLOCK)
