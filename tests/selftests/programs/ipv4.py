# SPDX-License-Identifier: GPL-2.0-only
"""IPv4 packets of a capture: reading, checksums, reassembly."""
import struct
from typing import NamedTuple

ETHERNET = 14
ETH_P_IP = 0x0800


def checksum(data):
    data = bytes(data) + bytes(len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Packet(NamedTuple):
    tos: int
    identification: int
    dont_fragment: bool
    more: bool
    offset: int
    ttl: int
    protocol: int
    source: bytes
    destination: bytes
    payload: bytes

    @property
    def fragment(self):
        return self.more or self.offset > 0


def header(data):
    """A Packet, whose payload may be cut as in an ICMP error, and its header's length"""
    first, tos, length, identification, flags, ttl, protocol, _, source, destination = \
        struct.unpack_from("!BBHHHBBH4s4s", data)
    size = (first & 15) * 4
    return Packet(tos, identification, bool(flags & 0x4000), bool(flags & 0x2000), (flags & 0x1FFF) * 8, ttl, protocol,
                  source, destination, data[size:length]), size


def capture(path):
    """the IPv4 packets in a file of tcpdump's from an Ethernet device; ValueError: a header's checksum is wrong"""
    with open(path, "rb") as file:
        data = file.read()
    at = 24
    while at + 16 <= len(data):
        length, = struct.unpack_from("=I", data, at + 8)
        frame = data[at + 16:at + 16 + length]
        at += 16 + length
        if struct.unpack_from("!H", frame, 12)[0] != ETH_P_IP:
            continue
        packet, size = header(frame[ETHERNET:])
        if checksum(frame[ETHERNET:ETHERNET + size]):
            raise ValueError(f"wrong header checksum: {frame[ETHERNET:ETHERNET + size].hex()}")
        yield packet


class Datagram(NamedTuple):
    packets: list  # its fragments as they came, or the one packet
    payload: bytes


def datagrams(packets):
    """whole datagrams in the order in which they become whole; ValueError: there are fragments left"""
    waiting = {}
    for packet in packets:
        if not packet.fragment:
            yield Datagram([packet], packet.payload)
            continue
        key = packet.source, packet.destination, packet.protocol, packet.identification
        pieces = waiting.setdefault(key, [])
        pieces.append(packet)
        whole = join(pieces)
        if whole is not None:
            yield Datagram(waiting.pop(key), whole)
    if waiting:
        raise ValueError(f"{len(waiting)} datagrams have not become whole")


def join(pieces):
    """the payload, or None while something is missing"""
    payload = b""
    for piece in sorted(pieces, key=lambda piece: piece.offset):
        if piece.offset != len(payload):
            return None
        payload += piece.payload
    return None if piece.more else payload
