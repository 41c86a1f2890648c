#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: malformed.py DEVICE SEED COUNT

Sends malformed requests to the generic netlink family ipxlat, some made for their mistake and COUNT random ones. Each
that the kernel refuses leaves the device as it was. Prints KTAP.
"""
import os
import random
import socket
import struct
import sys

from kernel import (DEV_GET, DEV_NTF, DEV_SET, ICMP_SOURCE4, IFINDEX, IFNAME, LOWEST_IPV6_MTU, MAP_ADD, MAP_DEL,
                    MAP_ENTRIES, MAP_FLUSH, MAP_GET, NLM_F_ACK, NLM_F_DUMP, NLM_F_REQUEST, REMOTE_PREFIX6,
                    STATS_GET, UDP_ZERO_CHECKSUM, Kernel, attribute, nest, u8, u32)
from results import Results
from transfer import Wrong


def entry(kind, number, length4=32):
    return nest(kind, attribute(1, struct.pack("!I", 0xC0000200 + number)) + u8(2, length4) +
                attribute(3, socket.inet_pton(socket.AF_INET6, f"2001:db8:2::{number:x}")) + u8(4, 128))


def entries(count):
    return b"".join(entry(MAP_ADD, number) for number in range(count))


def prefix(address="64:ff9b::", length=96):
    return nest(REMOTE_PREFIX6, attribute(1, socket.inet_pton(socket.AF_INET6, address)) + u8(2, length))


class Target:
    """The device, and whether it is as it was."""

    def __init__(self, kernel, name):
        self.kernel, self.name = kernel, attribute(IFNAME, name.encode() + b"\0")
        self.reset()

    def reset(self):
        error = self.set(prefix() + u32(LOWEST_IPV6_MTU, 1400) + u32(UDP_ZERO_CHECKSUM, 0) +
                         attribute(ICMP_SOURCE4, bytes((192, 0, 2, 9))) + attribute(MAP_FLUSH) + entries(50))
        if error:
            raise Wrong(f"the device cannot be configured: {os.strerror(error)}")
        self.before = self.configuration()

    def configuration(self):
        return (self.kernel.ask(DEV_GET, self.name, NLM_F_REQUEST),
                [answer[20:] for answer in self.kernel.ask(MAP_GET, self.name, NLM_F_REQUEST | NLM_F_DUMP)])

    def set(self, attributes):
        return self.kernel.send(DEV_SET, self.name + attributes)

    def refuses(self, attributes):
        """and stays as it was"""
        if not self.set(attributes):
            raise Wrong("it was accepted")
        self.unchanged()

    def unchanged(self):
        if self.configuration() != self.before:
            raise Wrong("it has changed the device")


GOOD = u32(LOWEST_IPV6_MTU, 1500)  # each mistake comes with something that would be right
MISTAKES = {
    "an attribute that is not known": GOOD + u32(100, 1),
    "an attribute without a type": GOOD + u32(0, 1),
    "an attribute of answers alone": GOOD + u32(MAP_ENTRIES, 5),
    "a number of one byte less": attribute(LOWEST_IPV6_MTU, b"\xdc\x05\0"),
    "a number of four bytes more": attribute(LOWEST_IPV6_MTU, bytes(8)),
    "a number without bytes": attribute(LOWEST_IPV6_MTU),
    "an IPv4 address of 16 bytes": GOOD + attribute(ICMP_SOURCE4, bytes(16)),
    "a flag with a value": GOOD + u32(MAP_FLUSH, 1),
    "a name of 16 bytes": GOOD + attribute(IFNAME, b"sixteencharacte\0" + b"s"),
    "a name without an end": GOOD + attribute(IFNAME, b"x0"),
    "a prefix that is no nest": GOOD + nest(REMOTE_PREFIX6, bytes(20)),
    "a nest without its mark": GOOD + attribute(REMOTE_PREFIX6, prefix()[4:]),
    "a prefix without a length": GOOD + nest(REMOTE_PREFIX6, attribute(1, bytes(16))),
    "a prefix whose length has two bytes":
        GOOD + nest(REMOTE_PREFIX6, attribute(1, bytes(16)) + attribute(2, bytes(2))),
    "an attribute that is longer than the message": GOOD + attribute(ICMP_SOURCE4, bytes(4), length=400),
    "an attribute that is shorter than its header": GOOD + attribute(ICMP_SOURCE4, bytes(4), length=3),
    "a nest that is shorter than what it holds": GOOD + nest(MAP_ADD, entry(MAP_ADD, 99)[4:], 9),
    "a nest that ends within an attribute": GOOD + nest(MAP_ADD, entry(MAP_ADD, 99)[4:24]),
    "bytes behind the last attribute": GOOD + b"\1\2\3",
    "an entry twice": GOOD + entry(MAP_ADD, 99) + entry(MAP_ADD, 99),
    "an entry that is there already": GOOD + entry(MAP_ADD, 98) + entry(MAP_ADD, 7),
    "a removal of what is not there": GOOD + entry(MAP_DEL, 7) + entry(MAP_DEL, 70),
    "20,000 entries of which the last is wrong":
        GOOD + attribute(MAP_FLUSH) + entries(20000) + entry(MAP_ADD, 20001, 33),
    "50,000 empty entries": GOOD + nest(MAP_ADD) * 50000,
}
PIECES = [u32(LOWEST_IPV6_MTU, 1280), u32(UDP_ZERO_CHECKSUM, 1), attribute(ICMP_SOURCE4, bytes((192, 0, 2, 1))),
          prefix(), prefix("2001:db8::", 32), nest(REMOTE_PREFIX6), entry(MAP_ADD, 200), entry(MAP_ADD, 201),
          entry(MAP_DEL, 3), attribute(MAP_FLUSH), u32(IFINDEX, 1)]


def mutated(generator):
    """some good attributes, with mistakes put into their bytes"""
    message = bytearray(b"".join(generator.choices(PIECES, k=generator.randrange(1, 6))))
    for _ in range(generator.randrange(1, 4)):
        if not message:
            break
        at = generator.randrange(len(message))
        match generator.randrange(4):
            case 0:
                message[at] ^= 1 << generator.randrange(8)
            case 1:
                del message[at:at + generator.randrange(1, 9)]
            case 2:
                message[at:at] = generator.randbytes(generator.randrange(1, 9))
            case _:
                message[at] = generator.choice((0, 1, 3, 4, 127, 128, 255))
    return bytes(message)


def random_requests(kernel, target, seed, count):
    generator = random.Random(seed)
    refused = 0
    for number in range(count):
        attributes = mutated(generator) if number % 4 else generator.randbytes(generator.randrange(200))
        if target.set(attributes):
            refused += 1
            target.unchanged()
        else:
            target.reset()
    if not count // 10 < refused < count:
        raise Wrong(f"{refused} of {count} requests were refused")
    return f"{refused} of {count} requests were refused, seed {seed}"


def other_commands(kernel, target, seed, count):
    """every command with anything behind it; the kernel's answer is whatever it is"""
    generator = random.Random(seed)
    for _ in range(count):
        command = generator.choice((0, DEV_GET, DEV_NTF, MAP_GET, STATS_GET, STATS_GET + 1, 255))
        flags = NLM_F_REQUEST | generator.choice((NLM_F_ACK, NLM_F_ACK, NLM_F_ACK | NLM_F_DUMP))
        attributes = generator.choice((b"", mutated(generator), generator.randbytes(40)))
        kernel.send(command, generator.choice((target.name, b"")) + attributes, flags, generator.choice((0, 1, 255)))
    target.unchanged()


def last_counts(target):
    if target.set(u32(LOWEST_IPV6_MTU, 1300) + u32(LOWEST_IPV6_MTU, 1320) + GOOD):
        raise Wrong("it was refused")
    twice = target.configuration()
    target.set(GOOD)
    if target.configuration() != twice:
        raise Wrong("another than the last counts")
    target.reset()


kernel = Kernel()
target = Target(kernel, sys.argv[1])
seed, count = int(sys.argv[2]), int(sys.argv[3])
results = Results()
for mistake, attributes in MISTAKES.items():
    results.tell(f"{mistake}: refused, and nothing has changed", lambda: target.refuses(attributes))
results.tell("of a setting that is there three times the last counts", lambda: last_counts(target))
results.tell("random requests change nothing if they are refused", lambda: random_requests(kernel, target, seed, count))
results.tell("random requests to the other commands change nothing",
             lambda: other_commands(kernel, target, seed, count))
results.end()
