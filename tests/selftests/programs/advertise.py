# SPDX-License-Identifier: GPL-2.0-only
"""usage: advertise.py DEVICE MTU [LIFETIME]: a router advertisement (RFC 4861 4.2) that says nothing but the link's MTU,
and for how many seconds this is a default router (0, no, unless given), to all nodes on DEVICE"""
import socket
import struct
import sys

device, mtu = socket.if_nametoindex(sys.argv[1]), int(sys.argv[2])
lifetime = int(sys.argv[3]) if len(sys.argv) > 3 else 0
sender = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, device)
sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
# option 5 is the MTU
advertisement = struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, lifetime, 0, 0) + struct.pack("!BBHI", 5, 1, 0, mtu)
sender.sendto(advertisement, ("ff02::1", 0, 0, device))
