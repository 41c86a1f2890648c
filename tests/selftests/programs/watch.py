# SPDX-License-Identifier: GPL-2.0-only
"""What a device sends and receives, by a packet socket. Of an ipxlat device: before and after translation."""
import select
import socket
import struct
import time
from typing import NamedTuple

from namespace import inside

ETH_P_ALL, ETH_P_IP, ETH_P_IPV6 = 3, 0x0800, 0x86DD
SO_RCVBUFFORCE = 33
SOL_PACKET, PACKET_STATISTICS = 263, 6
PATIENCE = 20  # seconds


class Packet(NamedTuple):
    """An IPv4 or IPv6 packet: whether the device sent it (otherwise it received it), its length and its first bytes."""
    sent: bool
    length: int
    head: bytes

    @property
    def family(self):
        return self.head[0] >> 4

    @property
    def fragment(self):
        """the Fragment header, or None"""
        return self.head[40:48] if self.family == 6 and self.head[6] == 44 else None

    @property
    def protocol(self):
        if self.family == 4:
            return self.head[9]
        return self.fragment[0] if self.fragment else self.head[6]

    @property
    def transport(self):
        """the bytes behind the headers, as far as they were kept"""
        if self.family == 4:
            return self.head[(self.head[0] & 15) * 4:]
        return self.head[48 if self.fragment else 40:]

    @property
    def identification(self):
        """of an IPv4 packet, or of an IPv6 fragment"""
        if self.family == 4:
            return struct.unpack_from("!H", self.head, 4)[0]
        return struct.unpack_from("!I", self.fragment, 4)[0]

    @property
    def dont_fragment(self):
        return bool(self.head[6] & 0x40)


class Watch:
    """From its making on, the IPv4 and IPv6 packets of one device of a namespace, each up to `size` bytes."""

    def __init__(self, namespace, device, size=128):
        self.size = size
        with inside(namespace):
            self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 26)
        with inside(namespace):
            self.socket.bind((device, ETH_P_ALL))
        self.socket.setblocking(False)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def take(self):
        """the packets since the last time, in order; RuntimeError: some were lost"""
        packets = []
        buffer = bytearray(self.size)
        while True:
            try:
                length, address = self.socket.recvfrom_into(buffer, self.size, socket.MSG_TRUNC)
            except BlockingIOError:
                break
            if address[1] in (ETH_P_IP, ETH_P_IPV6):
                sent = address[2] == socket.PACKET_OUTGOING
                packets.append(Packet(sent, length, bytes(buffer[:min(length, self.size)])))
        lost = struct.unpack("II", self.socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))[1]
        if lost:
            raise RuntimeError(f"the packet socket lost {lost} packets")
        return packets

    def take_until(self, complete):
        """the same, as soon as complete(packets), or when it is in vain to wait any longer"""
        packets = self.take()
        end = time.monotonic() + PATIENCE
        while not complete(packets) and time.monotonic() < end:
            select.select([self.socket], [], [], max(0, end - time.monotonic()))
            packets += self.take()
        return packets
