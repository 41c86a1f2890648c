#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: notification.py SUFFIX

In the namespaces of notification.sh: where the kernel announces what has been changed. Prints KTAP.
"""
import contextlib
import os
import struct
import subprocess
import sys
import threading
import time

from kernel import (DEV_NTF, DEV_SET, IFNAME, LOWEST_IPV6_MTU, MAP_ADD, SOL_NETLINK, Kernel, attribute, attributes,
                    entry, u32)
from namespace import inside
from results import Results
from transfer import PATIENCE, Wrong

FIRST, SECOND = (f"{name}-{sys.argv[1]}" for name in ("first", "second"))
DEVICE = attribute(IFNAME, b"siit0\0")
NETLINK_ADD_MEMBERSHIP = 1
TRACING = "/sys/kernel/tracing"


class Namespace:
    """Requests from it, and what is announced in it."""

    def __init__(self, name):
        with inside(name):
            self.requests, self.announcements = Kernel(), Kernel()
        sock = self.announcements.socket
        sock.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, self.announcements.groups["config"])
        sock.setblocking(False)

    def change(self, settings):
        """OSError: the kernel refuses"""
        if error := self.requests.send(DEV_SET, DEVICE + settings):
            raise OSError(error, os.strerror(error))

    def announced(self):
        """since the last time: the MTUs that were told of"""
        mtus = []
        with contextlib.suppress(BlockingIOError):
            while True:
                message = self.announcements.socket.recv(1 << 16)
                if message[16] == DEV_NTF:
                    mtus += struct.unpack("=I", attributes(message[20:])[LOWEST_IPV6_MTU])
        return mtus


def expect(here, other, mtu):
    if (told := (here.announced(), other.announced())) != ([mtu], []):
        raise Wrong(f"MTUs announced where the device is: {told[0]}, and where it is not: {told[1]}")


def announces(here, other, mtu):
    here.change(u32(LOWEST_IPV6_MTU, mtu))
    expect(here, other, mtu)


def trace(file, text):
    """into a file of the tracing system, which has no end to seek"""
    descriptor = os.open(f"{TRACING}/{file}", os.O_WRONLY | os.O_APPEND)
    try:
        os.write(descriptor, text.encode() + b"\n")
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def watched_changes():
    """gives a function that waits until the kernel has found the device of a request, and changes it"""
    def wait():
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with open(f"{TRACING}/trace", encoding="ascii") as lines:
                if any("ipxlat_change:" in line for line in lines):
                    return
        raise Wrong("the kernel has not begun to change the device")

    with open(f"{TRACING}/trace", "w", encoding="ascii"):
        pass  # empty now
    trace("kprobe_events", "p:ipxlat_change ipxlat:ipxlat_config_change")
    try:
        trace("events/kprobes/ipxlat_change/enable", "1")
        yield wait
    finally:
        trace("events/kprobes/ipxlat_change/enable", "0")
        trace("kprobe_events", "-:ipxlat_change")


def moves_meanwhile(first, second):
    """a change that takes time"""
    change = u32(LOWEST_IPV6_MTU, 1400) + b"".join(entry(MAP_ADD, number * 70001 % 100003) for number in range(100000))
    changing = threading.Thread(target=first.change, args=(change,))
    with watched_changes() as wait, \
            subprocess.Popen(["ip", "-n", FIRST, "-batch", "-"], stdin=subprocess.PIPE, text=True) as ip:
        changing.start()
        wait()
        ip.communicate(f"link set siit0 netns {SECOND}\n")
        if not changing.is_alive():
            raise Wrong("the device was changed before it has moved")
        changing.join()
    if ip.returncode:
        raise Wrong("the device does not move")
    expect(second, first, 1400)


subprocess.run(["ip", "-n", FIRST, "link", "add", "siit0", "type", "ipxlat"], check=True)
here, there = Namespace(FIRST), Namespace(SECOND)
results = Results()
results.tell("a change is announced where the device is", lambda: announces(here, there, 1300))
results.tell("what was changed while the device moved is announced where it is then",
             lambda: moves_meanwhile(here, there))
results.tell("a later change is announced there, too", lambda: announces(there, here, 1500))
results.end()
