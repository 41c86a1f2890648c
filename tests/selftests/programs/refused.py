#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: refused.py SOURCE DESTINATION MARKER CASE [COUNT]

Sends COUNT (1) packets of CASE from SOURCE to DESTINATION and prints a line for each ICMP error that
comes back: "TYPE/CODE from ADDRESS, word NUMBER, N bytes", N the whole IP packet. Then it asks MARKER,
the router in front, for an echo: what was to be answered has been answered when that comes, and
"nothing" is printed where there was none.
"""
import os
import socket
import struct
import sys
import time

source, destination, marker, case = sys.argv[1:5]
count = int(sys.argv[5]) if len(sys.argv) > 5 else 1
is6 = ":" in source
family = socket.AF_INET6 if is6 else socket.AF_INET
ends = socket.inet_pton(family, source) + socket.inet_pton(family, destination)
UDP, ICMP, ICMP6 = 17, 1, 58
ECHO, ECHO_REPLY = (128, 129) if is6 else (8, 0)
ERRORS = (1, 2, 3, 4) if is6 else (3, 4, 5, 11, 12)


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def covered(protocol, data):
    """data with its pseudo-header, where the protocol has one"""
    if protocol == ICMP:
        return data
    if is6:
        return ends + struct.pack("!II", len(data), protocol) + data
    return ends + struct.pack("!HH", protocol, len(data)) + data


def checked(protocol, data, at):
    check = checksum(covered(protocol, data))
    return data[:at] + struct.pack("!H", check) + data[at + 2:]


def udp(size, check=True):
    data = struct.pack("!HHHH", 9, 9, 8 + size, 0) + bytes(size)
    return checked(UDP, data, 6) if check else data


def icmp(type_, code, word, body=b""):
    data = struct.pack("!BBHI", type_, code, 0, word) + body
    return checked(ICMP6 if is6 else ICMP, data, 2)


def ip4(payload, protocol=UDP, options=b"", fragment=0):
    words = 5 + len(options) // 4
    header = struct.pack("!BBHHHBBH", 0x40 | words, 0, words * 4 + len(payload), 7,
                         fragment, 64, protocol, 0) + ends + options
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + payload


def ip6(payload, next_header=UDP):
    return struct.pack("!IHBB", 6 << 28, len(payload), next_header, 64) + ends + payload


def extension(next_header, rest):
    return struct.pack("!BB", next_header, (len(rest) + 2) // 8 - 1) + rest


def quoted():
    """a packet to SOURCE that never was: what an error from here is about"""
    turned = ends[len(ends) // 2:] + ends[:len(ends) // 2]
    whole = ip6(udp(8)) if is6 else ip4(udp(8))
    at = 8 if is6 else 12
    whole = whole[:at] + turned + whole[at + len(turned):]
    if not is6:
        whole = whole[:10] + b"\0\0" + whole[12:]
        whole = whole[:10] + struct.pack("!H", checksum(whole[:20])) + whole[12:]
    return whole


# its first two bits: discard, and answer
UNKNOWN_OPTION = b"\x9e\4\0\0\0\0"
PADDING = b"\1\4\0\0\0\0"
SEGMENT_LEFT = struct.pack("!BBI", 4, 1, 0) + bytes(16)
CASES = {
    4: {
        "udp": lambda: ip4(udp(8)),
        "long": lambda: ip4(udp(1400)),
        "unchecked": lambda: ip4(udp(8, check=False)),
        "source-route": lambda: ip4(udp(8), options=b"\x83\7\4" + ends[4:] + b"\0"),
        "echo": lambda: ip4(icmp(ECHO, 0, 1, bytes(8)), ICMP),
        "echo-fragment": lambda: ip4(icmp(ECHO, 0, 1, bytes(8)), ICMP, fragment=0x2000),
        "later-fragment": lambda: ip4(bytes(16), UDP, fragment=100),
        "error": lambda: ip4(icmp(3, 1, 0, quoted()), ICMP),
    },
    6: {
        "udp": lambda: ip6(udp(8)),
        "long": lambda: ip6(udp(1400)),
        "unchecked": lambda: ip6(udp(8, check=False)),
        "routing": lambda: ip6(extension(UDP, SEGMENT_LEFT) + udp(8), 43),
        "padded-routing": lambda: ip6(
            extension(43, PADDING) + extension(UDP, SEGMENT_LEFT) + udp(8), 60),
        "option": lambda: ip6(extension(UDP, UNKNOWN_OPTION) + udp(8), 0),
        "echo": lambda: ip6(icmp(ECHO, 0, 1, bytes(8)), ICMP6),
        "error": lambda: ip6(icmp(1, 0, 0, quoted()), ICMP6),
    },
}[6 if is6 else 4]

sender = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW)
receiver = socket.socket(family, socket.SOCK_RAW, ICMP6 if is6 else ICMP)
receiver.settimeout(20)
if is6:  # the kernel computes the check of ICMPv6 with the address that it chooses
    probe = struct.pack("!BBHI", ECHO, 0, 0, os.getpid() << 16 | 1)
else:
    probe = icmp(ECHO, 0, os.getpid() << 16 & 0xFFFFFFFF | 1)

for _ in range(count):
    sender.sendto(CASES[case](), (destination, 0))
receiver.sendto(probe, (marker, 0))

seen = 0
end = time.monotonic() + 20
while time.monotonic() < end:
    packet, address = receiver.recvfrom(65536)
    header = 0 if is6 else (packet[0] & 15) * 4
    message = packet[header:]
    if message[0] == ECHO_REPLY and message[4:8] == probe[4:8]:
        break
    if message[0] in ERRORS:
        seen += 1
        word = struct.unpack("!I", message[4:8])[0]
        size = len(packet) + (40 if is6 else 0)
        print(f"{message[0]}/{message[1]} from {address[0]}, word {word}, {size} bytes")
else:
    sys.exit(f"refused: {marker} does not answer")
if not seen:
    print("nothing")
