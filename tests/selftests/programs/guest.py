#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: guest.py NAMESPACE:DEVICE SOURCE DESTINATION START...

Sends datagrams into DEVICE, a tap device that it makes and brings up, as a virtual machine does. The virtio-net header of
each says that the check from START on is still to be computed, counted from the frame. In front of the Ethernet header
are 8 bytes that a program in XDP takes off: the kernel refuses a START below 20 as a guest names it, and knows nothing of
what becomes of the frame. The IP header begins at 22.
"""
import fcntl
import os
import struct
import subprocess
import sys

import packets
import xdp
from link_layer import NEEDS_CSUM, address, frame
from namespace import inside

TUNSETIFF, TUNSETOFFLOAD, TUN_F_CSUM = 0x400454CA, 0x400454D0, 1
IFF_TAP, IFF_NO_PI, IFF_VNET_HDR = 0x0002, 0x1000, 0x4000
CHECK_OF_UDP = 6
IN_FRONT = bytes(8)

place, source, destination, *starts = sys.argv[1:]
namespace, device = place.split(":")
with inside(namespace):
    guest = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(guest, TUNSETIFF, struct.pack("16sH22x", device.encode(), IFF_TAP | IFF_NO_PI | IFF_VNET_HDR))
    fcntl.ioctl(guest, TUNSETOFFLOAD, TUN_F_CSUM)
subprocess.run(["ip", "-n", namespace, "link", "set", device, "up"], check=True)
datagram = packets.udp(source, destination, 9, bytes(50))
packet = (packets.ip6 if ":" in source else packets.ip4)(source, destination, datagram)
sent = IN_FRONT + frame(b"\2\0\0\0\0\1", address(namespace, device), packet)
with xdp.cut_front(namespace, device, len(IN_FRONT)):
    for start in map(int, starts):
        os.write(guest, struct.pack("=BBHHHH", NEEDS_CSUM, 0, 0, 0, start, CHECK_OF_UDP) + sent)
