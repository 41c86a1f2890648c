# SPDX-License-Identifier: GPL-2.0-only
"""Changing the settings of a device whose map is small or large, by ipxlatctl, whose own start is counted too."""
import os
import subprocess

import ipxlat
import network
from namespace import inside
from sites import LOCAL4, LOCAL6

NEW = str(LOCAL4 + (1 << 19)), str(LOCAL6 + (1 << 19))


def spent(*words):
    """instructions of the program and of the kernel for it; it may wait meanwhile, for a grace period"""
    with inside(network.GATE):
        program = subprocess.Popen([f"{ipxlat.tree}/build/userspace/ipxlatctl", *words])
    _, status, usage = os.wait4(program.pid, 0)
    if status:
        raise RuntimeError(f"ipxlatctl {' '.join(words)}: status {status}")
    return 1e9 * (usage.ru_utime + usage.ru_stime)


def one_added():
    for _ in range(2):  # the first has its pages to fetch
        cost = spent("map", "add", "siit0", *NEW)
        spent("map", "del", "siit0", *NEW)
    return cost


def scalar():
    spent("set", "siit0", "udp-zero-checksum", "forward")
    return spent("set", "siit0", "udp-zero-checksum", "compute")


def all_loaded():
    path = "/run/map"
    with open(path, "w", encoding="utf-8") as file:
        file.write(ipxlat.map_file(100000))
    return spent("map", "load", "siit0", path)
