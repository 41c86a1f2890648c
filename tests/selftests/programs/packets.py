# SPDX-License-Identifier: GPL-2.0-only
"""Packets as bytes, for programs that send them by raw and packet sockets. Addresses are text, of either family."""
import socket
import struct

from ipv4 import checksum


def raw(address):
    return socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)


def pseudo(source, target, protocol, length):
    """the pseudo-header that goes into a transport checksum (RFC 9293 3.1, RFC 8200 8.1)"""
    if ":" in source:
        return raw(source) + raw(target) + struct.pack("!IHBB", length, 0, 0, protocol)
    return raw(source) + raw(target) + struct.pack("!BBH", 0, protocol, length)


def udp(source, target, port, data, target_port=None):
    """from and to the same port, unless there are two"""
    length = 8 + len(data)
    header = struct.pack("!HHHH", port, target_port or port, length, 0)
    check = checksum(pseudo(source, target, socket.IPPROTO_UDP, length) + header + data) or 0xFFFF
    return header[:6] + struct.pack("!H", check) + data


def ip4(source, target, payload, protocol=socket.IPPROTO_UDP, identification=0, flags=0, offset=0, options=b""):
    """flags as in the header: 0x4000 DF, 0x2000 more fragments; whole words of options"""
    length = 20 + len(options)
    header = struct.pack("!BBHHHBBH4s4s", 0x40 | length // 4, 0, length + len(payload), identification,
                         flags | offset // 8, 64, protocol, 0, raw(source), raw(target)) + options
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + payload


def ip6(source, target, payload, protocol=socket.IPPROTO_UDP):
    return struct.pack("!IHBB16s16s", 6 << 28, len(payload), protocol, 64, raw(source), raw(target)) + payload


def without_hops(packet):
    """what forwarding changes is zero, time to live and header checksum, or hop limit; and what senders and translators
    choose, the identification"""
    packet = bytearray(packet)
    if packet[0] >> 4 == 6:
        packet[7] = 0
    else:
        packet[4:6] = packet[10:12] = bytes(2)
        packet[8] = 0
    return bytes(packet)
