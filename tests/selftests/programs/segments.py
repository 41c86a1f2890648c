# SPDX-License-Identifier: GPL-2.0-only
"""A flow of TCP segments or UDP datagrams as a sender puts it on the wire, each packet by itself."""
import struct
from typing import NamedTuple

from ipv4 import checksum
from packets import ip4, ip6, pseudo
from siit_network import TCP, UDP

SIZE = {TCP: 1400, UDP: 1200}
HEADER = {TCP: 20, UDP: 8}
CHECK = {TCP: 16, UDP: 6}  # where the checksum is
PORT = 7007
DF = 0x4000
ACK, PSH, CWR = 0x10, 0x08, 0x80


class Flow(NamedTuple):
    protocol: int
    source: str
    target: str
    partial: bool = False  # the checksum is still to come
    same_id: bool = False  # every IPv4 packet has the identification 0
    first: int = 0  # TCP flags of the first segment

    @property
    def network_header(self):
        return 40 if ":" in self.source else 20

    def transport(self, at, data, last):
        if self.protocol == UDP:
            return struct.pack("!HHHH", PORT, PORT, HEADER[UDP] + len(data), 0) + data
        flags = ACK | (self.first if at == 0 else 0) | (PSH if last else 0)
        return struct.pack("!HHIIBBHHH", PORT, PORT, 1000 + at, 1, 5 << 4, flags, 65535, 0, 0) + data

    def checked(self, segment):
        over = pseudo(self.source, self.target, self.protocol, len(segment))
        check = checksum(over) ^ 0xFFFF if self.partial else checksum(over + segment) or 0xFFFF
        at = CHECK[self.protocol]
        return segment[:at] + struct.pack("!H", check) + segment[at + 2:]

    def packets(self, data):
        size = SIZE[self.protocol]
        for number, at in enumerate(range(0, len(data), size)):
            segment = self.checked(self.transport(at, data[at:at + size], at + size >= len(data)))
            if ":" in self.source:
                yield ip6(self.source, self.target, segment, self.protocol)
            else:
                yield ip4(self.source, self.target, segment, self.protocol, 0 if self.same_id else 100 + number, DF)


def payload(packet):
    return packet.transport[HEADER[packet.protocol]:]


def wrong_by(packet, source, target):
    """what the packet's checksum misses to be right, and to be the sum of the pseudo-header"""
    segment = packet.transport
    check, = struct.unpack_from("!H", segment, CHECK[packet.protocol])
    over = pseudo(source, target, packet.protocol, len(segment))
    return checksum(over + segment) % 0xFFFF, (check + checksum(over)) % 0xFFFF
