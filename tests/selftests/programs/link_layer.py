# SPDX-License-Identifier: GPL-2.0-only
"""Ethernet frames, and many of them at one moment."""
import fcntl
import socket
import struct

from namespace import inside
from watch import ETH_P_IP, ETH_P_IPV6

SIOCGIFHWADDR = 0x8927
SOL_PACKET, PACKET_VNET_HDR = 263, 15
NEEDS_CSUM = 1


def address(namespace, device):
    with inside(namespace), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        return fcntl.ioctl(sock, SIOCGIFHWADDR, struct.pack("40s", device.encode()))[18:24]


def frame(source, target, packet, tags=()):
    """source and target: link-layer addresses; tags: VLAN numbers, the outermost first"""
    header = target + source + b"".join(struct.pack("!HH", 0x8100, tag) for tag in tags)
    return header + struct.pack("!H", ETH_P_IPV6 if packet[0] >> 4 == 6 else ETH_P_IP) + packet


class Plug:
    """A qdisc that holds a device's packets and lets them go at one moment (sch_plug)."""
    NEW, DELETE = 36, 37  # RTM_NEWQDISC, RTM_DELQDISC
    BLOCK, RELEASE = 0, 2
    REQUEST, MAKE = 5, 0x500  # with an acknowledgement; NLM_F_CREATE | NLM_F_REPLACE

    def __init__(self, namespace, device):
        with inside(namespace):
            self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
            self.index = socket.if_nametoindex(device)
        self.ask(self.NEW, self.REQUEST | self.MAKE)
        self.act(self.RELEASE)

    def ask(self, kind, flags, options=b""):
        body = struct.pack("=BxxxiIII", 0, self.index, 1 << 16, 0xFFFFFFFF, 0) + struct.pack("=HH5s3x", 9, 1, b"plug")
        if options:
            body += struct.pack("=HH", 4 + len(options), 2) + options
        self.socket.send(struct.pack("=IHHII", 16 + len(body), kind, flags, 0, 0) + body)
        if error := struct.unpack_from("=i", self.socket.recv(4096), 16)[0]:
            raise OSError(-error, "qdisc plug")

    def act(self, action):
        self.ask(self.NEW, self.REQUEST, struct.pack("=iI", action, 0))

    def close(self):
        self.ask(self.DELETE, self.REQUEST)
        self.socket.close()


class Cable:
    """Sends frames from one end of a veth pair, so that the other end's GRO finds all of a burst in one turn."""

    def __init__(self, namespace, device):
        self.plug = Plug(namespace, device)
        with inside(namespace):
            self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            self.socket.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
            self.socket.bind((device, 0))

    def close(self):
        self.socket.close()
        self.plug.close()

    def send(self, frames, start=0, offset=0):
        """start: where the bytes begin whose checksum is still to come, and offset where it will be put behind that"""
        header = struct.pack("=BBHHHH", NEEDS_CSUM if start else 0, 0, 0, 0, start, offset)
        self.plug.act(Plug.BLOCK)
        for one in frames:
            self.socket.send(header + one)
        self.plug.act(Plug.RELEASE)
