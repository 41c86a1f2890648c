#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: control.py

What rtnetlink and generic netlink say of ipxlat devices, message by message, in a namespace without any. Prints KTAP.
"""
import os
import socket
import struct
import subprocess
import time

from kernel import (DEV_GET, DEV_SET, IFINDEX, IFNAME, LOWEST_IPV6_MTU, MAP_ADD, MAP_DEL, MAP_FLUSH, NETLINK_GENERIC,
                    NLM_F_ACK, NLM_F_DUMP, NLM_F_REQUEST, NLMSG_DONE, NLMSG_ERROR, REMOTE_PREFIX6, SOL_NETLINK,
                    STATS_GET, Kernel, attribute, attributes, entry, nest, u8, u32)
from results import Results
from transfer import Wrong

RTM_NEWLINK, RTM_GETLINK = 16, 18
NLM_F_CREATE, NLM_F_DUMP_INTR = 0x400, 0x10
IFLA_IFNAME, IFLA_LINKINFO, IFLA_INFO_KIND, IFLA_INFO_DATA = 3, 18, 1, 2
LINK_PREFIX6, LINK_LENGTH6, LINK_MAP_ENTRIES = 1, 2, 3  # enum ipxlat_attr_link
PREFIX = socket.inet_pton(socket.AF_INET6, "64:ff9b::")
NETLINK_EXT_ACK = 11
DEVICES = 120  # more than two parts of a dump have room for


def ip(*words, batch=None):
    subprocess.run(["ip", *words], input=batch, text=True, check=True)


class Route:
    """rtnetlink"""

    def __init__(self):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        self.socket.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
        self.socket.bind((0, 0))

    def ask(self, kind, flags, index, payload):
        body = struct.pack("=BxHiII", 0, 0, index, 0, 0) + payload
        self.socket.send(struct.pack("=IHHII", 16 + len(body), kind, NLM_F_REQUEST | flags, 1, 0) + body)
        return self.socket.recv(1 << 16)

    def new(self, name, data, flags=NLM_F_CREATE):
        """the error number and what the kernel sent with it"""
        info = attribute(IFLA_INFO_KIND, b"ipxlat\0") + data
        answer = self.ask(RTM_NEWLINK, flags | NLM_F_ACK, 0,
                          attribute(IFLA_IFNAME, name.encode() + b"\0") + nest(IFLA_LINKINFO, info))
        return -struct.unpack_from("=i", answer, 16)[0], answer[20:]

    def info(self, name):
        """the attributes of IFLA_INFO_DATA"""
        answer = self.ask(RTM_GETLINK, 0, socket.if_nametoindex(name), b"")
        return attributes(attributes(attributes(answer[32:])[IFLA_LINKINFO]).get(IFLA_INFO_DATA, b""))


def refuses_data(route, name, data):
    error, answer = route.new(name, nest(IFLA_INFO_DATA, data))
    if not error:
        raise Wrong("it was accepted")
    if b"is made without parameters" not in answer:
        raise Wrong(f"error {os.strerror(error)} comes without the sentence")


def link_info(route, kernel, name):
    expected = {LINK_MAP_ENTRIES: struct.pack("=I", 0)}
    if route.info(name) != expected:
        raise Wrong(f"unset: {route.info(name)}")
    kernel.send(DEV_SET, attribute(IFNAME, name.encode() + b"\0") + nest(
        REMOTE_PREFIX6, attribute(1, PREFIX) + u8(2, 96)) + entry(MAP_ADD, 1) + entry(MAP_ADD, 2))
    expected = {LINK_PREFIX6: PREFIX, LINK_LENGTH6: bytes([96]),
                LINK_MAP_ENTRIES: struct.pack("=I", 2)}
    if route.info(name) != expected:
        raise Wrong(f"set: {route.info(name)}")


class Dump:
    """All devices, in parts of 4096 bytes; after each that is read the kernel has the next one ready."""

    def __init__(self, family, command):
        self.family = family
        self.indexes, self.interrupted, self.parts, self.ended = [], False, 0, False
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
        self.socket.bind((0, 0))
        body = struct.pack("=BBH", command, 1, 0)
        self.socket.send(struct.pack("=IHHII", 20, family, NLM_F_REQUEST | NLM_F_DUMP, 1, 0) + body)

    def read_part(self):
        data = self.socket.recv(4096)
        self.parts += 1
        while data:
            size, kind, flags = struct.unpack_from("=IHH", data)
            self.interrupted |= bool(flags & NLM_F_DUMP_INTR)
            self.ended |= kind in (NLMSG_DONE, NLMSG_ERROR)
            if kind == self.family:
                self.indexes.append(struct.unpack("=I", attributes(data[20:size])[IFINDEX])[0])
            data = data[(size + 3) & ~3:]

    def read(self):
        while not self.ended:
            self.read_part()


def index_of(number):
    return socket.if_nametoindex(f"d{number}")


def undisturbed(family, command):
    expected = sorted(index_of(number) for number in range(DEVICES))
    dump = Dump(family, command)
    dump.read()
    if dump.indexes != expected:
        raise Wrong(f"{len(dump.indexes)} devices, or in disorder")
    if dump.interrupted or dump.parts < 4:
        raise Wrong(f"interrupted: {dump.interrupted}, in {dump.parts} parts")


def disturbed(family, command, disturbance):
    """the devices that are there all the time are told of once, and the reader learns of the disturbance"""
    dump = Dump(family, command)
    dump.read_part()
    before = {index_of(number) for number in range(DEVICES)}
    disturbance(dump.indexes[0])
    there = before & {index for index, name in socket.if_nameindex() if name.startswith("d")}
    dump.read()
    missed = there - set(dump.indexes)
    if missed or len(dump.indexes) != len(set(dump.indexes)):
        raise Wrong(f"missed {missed}, told {dump.indexes}")
    if not dump.interrupted:
        raise Wrong("without NLM_F_DUMP_INTR")


def goes_and_comes(index):
    name = socket.if_indextoname(index)
    ip("link", "del", name)
    ip("link", "add", name, "type", "ipxlat")


def seconds(kernel, name, change, repeat=1):
    best = None
    for _ in range(repeat):
        start = time.perf_counter()
        error = kernel.send(DEV_SET, attribute(IFNAME, name.encode() + b"\0") + change)
        best = min(best or 1e9, time.perf_counter() - start)
        if error:
            raise Wrong(os.strerror(error))
    return best


def cost_of_changes(kernel, name):
    """entries come in disorder, so that to sort them is work"""
    count = 100000
    everything = b"".join(entry(MAP_ADD, number * 70001 % 100003) for number in range(count))
    all_loaded = seconds(kernel, name, attribute(MAP_FLUSH) + everything)
    scalar = seconds(kernel, name, u32(LOWEST_IPV6_MTU, 1400), 5)
    one = min(seconds(kernel, name, entry(kind, 200000 + number)) for number in range(3) for kind in (MAP_ADD, MAP_DEL))
    figures = f"{count} entries loaded {all_loaded:.4f} s, one more or less {one:.4f} s, a scalar {scalar:.4f} s"
    if one > all_loaded / 5:
        raise Wrong(f"one entry costs as much as many: {figures}")
    if scalar > all_loaded / 100:
        raise Wrong(f"a scalar costs as much as entries: {figures}")
    return figures


def main():
    results, route = Results(), Route()
    ip("link", "add", "x0", "type", "ipxlat")
    for what, data in (("with", u32(1, 7)), ("with unknown", u32(99, 7)), ("with empty", b"")):
        results.tell(f"a device {what} link parameters is refused", lambda: refuses_data(route, "x1", data))
        results.tell(f"a device does not change {what} link parameters", lambda: refuses_data(route, "x0", data))
    kernel = Kernel()
    results.tell("a link tells its prefix and the number of its entries", lambda: link_info(route, kernel, "x0"))
    results.tell("what does not change of a map costs little", lambda: cost_of_changes(kernel, "x0"))
    ip("link", "del", "x0")

    ip("-batch", "-", batch="".join(f"link add d{number} type ipxlat\n" for number in range(DEVICES)))

    def changes(index):
        kernel.send(DEV_SET, u32(IFINDEX, index) + u32(LOWEST_IPV6_MTU, 1300))

    for command, what in ((DEV_GET, "settings"), (STATS_GET, "counters")):
        results.tell(f"a dump of {what} is in parts and in order", lambda: undisturbed(kernel.family, command))
        results.tell(f"a dump of {what} loses no device when one of those told of goes and comes",
                     lambda: disturbed(kernel.family, command, goes_and_comes))
        results.tell(f"a dump of {what} says that settings changed meanwhile",
                     lambda: disturbed(kernel.family, command, changes))
    results.end()


main()
