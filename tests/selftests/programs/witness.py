#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: witness.py DEVICE SOURCE4 DESTINATION4 PREFIX6,LOCAL6 PREFIX6,LOCAL6

Watches IPv6 packets arrive on DEVICE that were translated from SOURCE4 > DESTINATION4, until SIGINT.
In each, and in the packet that an ICMP error quotes, one end is SOURCE4 in a PREFIX6 and the other the
LOCAL6 that goes with it. Exits with 1 if one was mixed, or if either configuration was never seen in
datagrams or in errors.
"""
import ipaddress
import signal
import socket
import sys

device, source4 = sys.argv[1], ipaddress.IPv4Address(sys.argv[2])


def embed(prefix, address):
    network = ipaddress.IPv6Network(prefix)
    raw = bytearray(network.network_address.packed)
    at = network.prefixlen // 8
    for byte in address.packed:
        at += at == 8
        raw[at] = byte
        at += 1
    return bytes(raw)


pairs = []
for argument in sys.argv[4:6]:
    prefix, local = argument.split(",")
    pairs.append((embed(prefix, source4), ipaddress.IPv6Address(local).packed))

seen = {(which, kind): 0 for which in (0, 1) for kind in ("datagram", "error")}
mixed = []
running = True


def stop(*_):
    global running
    running = False


def judge(packet):
    """the configuration that the packet belongs to, or None"""
    ends = [(packet[8:24], packet[24:40])]
    error = packet[6] == 58
    if error:
        ends.append((packet[48 + 24:48 + 40], packet[48 + 8:48 + 24]))
    for which, pair in enumerate(pairs):
        if all(end == pair for end in ends):
            seen[which, "error" if error else "datagram"] += 1
            return which
    return None


signal.signal(signal.SIGINT, stop)
sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x86DD))
sock.bind((device, 0x86DD))
sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
sock.settimeout(0.2)
print("watching", flush=True)
while running:
    try:
        packet, address = sock.recvfrom(2048)
    except TimeoutError:
        continue
    outgoing = address[2] == socket.PACKET_OUTGOING
    wanted = packet[6] == 17 or (packet[6] == 58 and packet[40] == 1)
    if not outgoing and wanted and packet[24:40] != packet[8:24] and judge(packet) is None:
        mixed.append(packet[:88].hex())

print(f"saw {seen}, {len(mixed)} mixed")
for packet in mixed[:5]:
    print("mixed:", packet)
if all(seen.values()):
    print("saw both")
sys.exit(0 if all(seen.values()) and not mixed else 1)
