# SPDX-License-Identifier: GPL-2.0-only
"""usage: router.py DEVICE [hops=LIMIT] [PREFIX/LENGTH=SECONDS|resolver=ADDRESS|hosts=PREFIX]...

A default router on DEVICE (RFC 4861) that advertises the prefixes of a NAT64 (RFC 8781), resolvers (RFC 8106) and /64s from
which hosts make addresses (RFC 4862) once, and then whenever it is asked, and says each time by whom it was. With another
hop limit than 255 nobody believes it."""
import signal
import socket
import struct
import sys

ADVERTISEMENT, SOLICITATION = 134, 133
LIFETIME = 1800  # seconds, as a default router
ALL_NODES, ALL_ROUTERS = "ff02::1", "ff02::2"
LENGTHS = (96, 64, 56, 48, 40, 32)


def option(text):
    prefix, seconds = text.split("=")
    if prefix == "resolver":
        return struct.pack("!BBHI", 25, 3, 0, LIFETIME) + socket.inet_pton(socket.AF_INET6, seconds)
    if prefix == "hosts":
        return struct.pack("!BBBBIII", 3, 4, 64, 0xC0, LIFETIME, LIFETIME, 0) + socket.inet_pton(socket.AF_INET6, seconds)
    address, length = prefix.split("/")
    word = int(seconds) // 8 << 3 | LENGTHS.index(int(length))
    return struct.pack("!BBH", 38, 2, word) + socket.inet_pton(socket.AF_INET6, address)[:12]


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
device = socket.if_nametoindex(sys.argv[1])
options = sys.argv[2:]
limit = int(options.pop(0).removeprefix("hops=")) if options and options[0].startswith("hops=") else 255
advertisement = struct.pack("!BBHBBHII", ADVERTISEMENT, 0, 0, 64, 0, LIFETIME, 0, 0) + b"".join(map(option, options))
sock = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, sys.argv[1].encode())
sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, device)
sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, limit)
sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVHOPLIMIT, 1)
group = socket.inet_pton(socket.AF_INET6, ALL_ROUTERS) + struct.pack("@I", device)
sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, group)
while True:
    sock.sendto(advertisement, (ALL_NODES, 0, 0, device))
    print("advertised", flush=True)
    asked = False
    while not asked:
        message, ancillary, _, source = sock.recvmsg(2048, 64)
        hops = [struct.unpack("@i", data)[0] for _, kind, data in ancillary if kind == socket.IPV6_HOPLIMIT]
        # RFC 4861 section 6.1.1
        asked = message[0] == SOLICITATION and message[1] == 0 and len(message) >= 8 and hops == [255]
    print(f"asked by {source[0]}: {message.hex()}", flush=True)
