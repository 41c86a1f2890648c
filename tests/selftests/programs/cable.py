#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: cable.py tun|tap NAMESPACE:DEVICE NAMESPACE:DEVICE [NAMESPACE:DEVICE NAMESPACE:DEVICE]...

Makes pairs of tun or tap devices and carries packets between the two of each until it is ended, as the network of
virtual machines does: with virtio-net headers, so that partial checksums and trains of TCP and UDP segments stay as
they are. The devices take every offload that the kernel offers; ethtool switches them off and on.
"""
import fcntl
import os
import select
import struct
import sys

from namespace import inside

TUNSETIFF, TUNSETOFFLOAD = 0x400454CA, 0x400454D0
IFF = {"tun": 0x0001, "tap": 0x0002}
IFF_NAPI, IFF_NO_PI, IFF_VNET_HDR = 0x0010, 0x1000, 0x4000
TUN_F_CSUM, TUN_F_TSO4, TUN_F_TSO6, TUN_F_USO4, TUN_F_USO6 = 1, 2, 4, 0x20, 0x40  # USO: since 6.2


def attach(kind, place):
    namespace, device = place.split(":")
    with inside(namespace):
        descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    flags = IFF[kind] | IFF_NAPI | IFF_NO_PI | IFF_VNET_HDR
    fcntl.ioctl(descriptor, TUNSETIFF, struct.pack("16sH22x", device.encode(), flags))
    offloads = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6
    try:
        fcntl.ioctl(descriptor, TUNSETOFFLOAD, offloads | TUN_F_USO4 | TUN_F_USO6)
    except OSError:
        fcntl.ioctl(descriptor, TUNSETOFFLOAD, offloads)
    return descriptor


def carry(source, target):
    while True:
        try:
            packet = os.read(source, 1 << 17)
        except BlockingIOError:
            return
        try:
            os.write(target, packet)
        except OSError:  # that end is down
            pass


ends = [attach(sys.argv[1], place) for place in sys.argv[2:]]
other = {end: ends[i ^ 1] for i, end in enumerate(ends)}
poll = select.poll()
for end in ends:
    poll.register(end, select.POLLIN)
print("plugged in", flush=True)
while True:
    for end, _ in poll.poll():
        carry(end, other[end])
