#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: icmp_fragments.py SOURCE DESTINATION CASE

Sends an ICMP message from SOURCE to DESTINATION in fragments of at most 1000 bytes, as CASE has it; those of "first" and
"others" are of one message, and the low bits of the identification of "ordered" are 0x1234. Of an echo request it prints "answered" as soon as the whole of it has come back, or "nothing" when an echo request that was sent behind it is answered
and it is not.
"""
import socket
import struct
import sys
import time

from ipv4 import checksum
from packets import ip4, ip6, pseudo, udp

ECHO_ID, PIECE, PATIENCE = 0x0BAD, 1000, 20
source, destination, case = sys.argv[1:]
is6 = ":" in source
FAMILY, PROTOCOL = (socket.AF_INET6, socket.IPPROTO_ICMPV6) if is6 else (socket.AF_INET, socket.IPPROTO_ICMP)
ECHO, REPLY, UNREACHABLE = (128, 129, 1) if is6 else (8, 0, 3)
DF, MF, FRAGMENT_HEADER = 0x4000, 0x2000, 44


def icmp(type_, word, body):
    data = struct.pack("!BBHI", type_, 0, 0, word) + body
    covered = pseudo(source, destination, PROTOCOL, len(data)) if is6 else b""
    return data[:2] + struct.pack("!H", checksum(covered + data)) + data[4:]


def echo(sequence, size):
    return icmp(ECHO, ECHO_ID << 16 | sequence, bytes(at * 7 & 0xFF for at in range(size)))


def error():
    """about a datagram of the other side's to port 9 here, of which there are 1400 bytes"""
    return icmp(UNREACHABLE, 0, (ip6 if is6 else ip4)(destination, source, udp(destination, source, 9, bytes(1400)))[:1400])


def fragment(data, at, end, flags=0):
    more = end < len(data)
    if is6:
        header = struct.pack("!BBHI", PROTOCOL, 0, at | more, identification)
        return ip6(source, destination, header + data[at:end], FRAGMENT_HEADER)
    return ip4(source, destination, data[at:end], PROTOCOL, identification & 0xFFFF, flags | MF * more, at)


def fragments(data, size=PIECE, flags=0):
    return [fragment(data, at, min(at + size, len(data)), flags) for at in range(0, len(data), size)]


def overlapping(data):
    return [fragment(data, 0, 1000), fragment(data, 992, 2000), fragment(data, 2000, len(data))]


whole = echo(1, 3000)
CASES = {
    "ordered": lambda: fragments(whole),
    "reversed": lambda: fragments(whole)[::-1],
    "doubled": lambda: [packet for packet in fragments(whole) for _ in range(2)],
    "overlapping": lambda: overlapping(whole),
    "with-df": lambda: fragments(whole, flags=DF),
    "small": lambda: fragments(echo(1, 100), 24),
    "first": lambda: fragments(whole)[:1],
    "others": lambda: fragments(whole)[1:],
    "error": lambda: fragments(error()),
}


# one for each message, since what was left of another one would be taken for a part
identification = 0xABCD1234 + 0x10 * ["ordered", "first", *CASES].index("first" if case == "others" else case)


def reply(receiver):
    """the ICMP message that has come"""
    packet = receiver.recv(65536)
    return packet if is6 else packet[(packet[0] & 15) * 4:]


with socket.socket(FAMILY, socket.SOCK_RAW, socket.IPPROTO_RAW) as sender, \
        socket.socket(FAMILY, socket.SOCK_RAW, PROTOCOL) as receiver:
    receiver.settimeout(PATIENCE)
    for one in CASES[case]():
        sender.sendto(one, (destination, 0))
    if case == "error":
        sys.exit()
    sent = [echo(1, 100) if case == "small" else whole, echo(2, 8)]
    sender.sendto((ip6 if is6 else ip4)(source, destination, sent[1], PROTOCOL), (destination, 0))
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        got = reply(receiver)
        if got[0] == REPLY and got[4:] == sent[0][4:]:
            print("answered")
            sys.exit()
        if got[0] == REPLY and got[4:] == sent[1][4:]:
            print("nothing")
            sys.exit()
sys.exit("nobody answers at all")
