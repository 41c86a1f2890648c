# SPDX-License-Identifier: GPL-2.0-only
"""The generic netlink family ipxlat, byte by byte."""
import socket
import struct

NETLINK_GENERIC, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME = 16, 16, 3, 1, 2
CTRL_ATTR_MCAST_GROUPS, CTRL_ATTR_MCAST_GRP_NAME, CTRL_ATTR_MCAST_GRP_ID = 7, 1, 2
NLMSG_ERROR, NLMSG_DONE = 2, 3
SO_SNDBUFFORCE, SOL_NETLINK, NETLINK_CAP_ACK = 32, 270, 10
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP = 1, 4, 0x300
NLA_F_NESTED = 0x8000
DEV_GET, DEV_SET, DEV_NTF, MAP_GET, STATS_GET = range(1, 6)  # include/uapi/linux/ipxlat.h, and below
IFINDEX, IFNAME, CONFIGURED, REMOTE_PREFIX6, LOWEST_IPV6_MTU, ICMP_SOURCE4, UDP_ZERO_CHECKSUM, MAP_ENTRIES, MAP_FLUSH, \
    MAP_DEL, MAP_ADD, MAP_ENTRY, STATS_REASON, PAD = range(1, 15)


def attribute(kind, payload=b"", length=None):
    """`length` to lie"""
    size = 4 + len(payload) if length is None else length
    return struct.pack("=HH", size, kind) + payload + bytes(-len(payload) % 4)


def nest(kind, payload=b"", length=None):
    return attribute(kind | NLA_F_NESTED, payload, length)


def u8(kind, value):
    return attribute(kind, struct.pack("=B", value))


def u32(kind, value):
    return attribute(kind, struct.pack("=I", value))


def entry(kind, number):
    """of the map; no two numbers have an address in common"""
    return nest(kind, attribute(1, struct.pack("!I", 0x0A000000 + number)) + u8(2, 32) +
                attribute(3, struct.pack("!QQ", 0x20010DB8 << 32, number << 8 | 1)) + u8(4, 128))


def attributes(data):
    """numbers and payloads"""
    found = {}
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        found[kind & 0x3FFF] = data[4:length]
        data = data[(length + 3) & ~3:]
    return found


class Kernel:
    """The family, and requests to it."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, 1 << 25)
        self.socket.setsockopt(SOL_NETLINK, NETLINK_CAP_ACK, 1)
        self.socket.bind((0, 0))
        self.socket.settimeout(10)
        self.family = GENL_ID_CTRL
        answer = self.ask(CTRL_CMD_GETFAMILY, attribute(CTRL_ATTR_FAMILY_NAME, b"ipxlat\0"), NLM_F_REQUEST)
        family = attributes(answer[0][20:])
        self.family = struct.unpack("=H", family[CTRL_ATTR_FAMILY_ID])[0]
        groups = [attributes(group) for group in attributes(family[CTRL_ATTR_MCAST_GROUPS]).values()]
        self.groups = {group[CTRL_ATTR_MCAST_GRP_NAME].decode("ascii").rstrip("\0"):
                       struct.unpack("=I", group[CTRL_ATTR_MCAST_GRP_ID])[0] for group in groups}

    def send(self, command, payload, flags=NLM_F_REQUEST | NLM_F_ACK, version=1):
        """the error number, 0 if there is none"""
        for answer in self.ask(command, payload, flags, version):
            if struct.unpack_from("=4xH", answer)[0] == NLMSG_ERROR:
                return -struct.unpack_from("=i", answer, 16)[0]
        return 0

    def ask(self, command, payload, flags, version=1):
        body = struct.pack("=BBH", command, version, 0) + payload
        self.socket.send(struct.pack("=IHHII", 16 + len(body), self.family, flags, 1, 0) + body)
        return self.answers(flags)

    def answers(self, flags):
        """all of them: up to an acknowledgement, an error or the end of a dump"""
        got = []
        while True:
            data = self.socket.recv(1 << 17)
            while data:
                size, kind = struct.unpack_from("=IH", data)
                got.append(data[:size])
                data = data[(size + 3) & ~3:]
                if kind in (NLMSG_ERROR, NLMSG_DONE) or not flags & (NLM_F_ACK | NLM_F_DUMP):
                    return got
