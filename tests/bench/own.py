# SPDX-License-Identifier: GPL-2.0-only
"""gate's own packets: a program there that sends small UDP datagrams, many with one system call."""
import ctypes
import os
import socket
import time

import network
from namespace import inside

BATCH, BATCHES = 500, 40
libc = ctypes.CDLL(None, use_errno=True)


class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_char_p), ("length", ctypes.c_size_t)]


class Message(ctypes.Structure):
    """struct mmsghdr"""
    _fields_ = [("name", ctypes.c_void_p), ("name_length", ctypes.c_uint), ("vectors", ctypes.POINTER(Vector)),
                ("vector_count", ctypes.c_size_t), ("control", ctypes.c_void_p), ("control_length", ctypes.c_size_t),
                ("flags", ctypes.c_size_t), ("sent", ctypes.c_size_t)]


def send(port, batches):
    """instructions a packet. RuntimeError: not all arrived"""
    vector = Vector(bytes(22), 22)
    messages = (Message * BATCH)(*[Message(vectors=ctypes.pointer(vector), vector_count=1)] * BATCH)
    before, begin = network.arrived("eth0"), time.monotonic_ns()
    for _ in range(batches):
        sent = libc.sendmmsg(port.fileno(), messages, BATCH, 0)
        if sent != BATCH:
            raise RuntimeError(f"{sent} of {BATCH} packets were sent: {os.strerror(ctypes.get_errno())}")
    spent = time.monotonic_ns() - begin
    network.expect(batches * BATCH, network.arrived("eth0") - before)
    return spent / batches / BATCH


def cost(destination):
    """instructions a packet, from the system call to its end in sink"""
    with inside(network.GATE):
        port = socket.socket(socket.AF_INET6 if ":" in destination else socket.AF_INET, socket.SOCK_DGRAM)
    with port:
        port.connect((destination, 9))
        send(port, 2)
        return send(port, BATCHES)
