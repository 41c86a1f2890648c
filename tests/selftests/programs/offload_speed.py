# SPDX-License-Identifier: GPL-2.0-only
"""No combination of offloads is slower than none at all.

A translator that mistakes trains for packets is slower by factors of 10 to 600. A virtual machine without KVM, on a
machine with other work, is slower by a factor of 2 for seconds at a time. So everything is measured in turn, up to
ROUNDS times, and the best of each counts: what is slow by itself is slow each time.
"""
import os
import time

from offload_network import ALL, NONE, Offloads
from transfer import Train, Wrong, stream

ROUNDS = 6
ENOUGH = 0.5  # of the speed without offloads
DATA = os.urandom(1500000)
CHECKSUM = Offloads(checksum=True)
COMBINATIONS = {  # hosts, gateway, GRO
    "nothing": (NONE, NONE, False),
    "everything": (ALL, ALL, True),
    "hosts that send trains, a gateway that has to cut them": (ALL, NONE, False),
    "hosts that send no trains, a gateway that merges them": (CHECKSUM, ALL, True),
    "a gateway that merges and has to cut again": (CHECKSUM, NONE, True),
}


def tcp(way):
    return len(DATA) / stream(way, DATA)


def udp(way):
    with Train(way) as train:
        begin = time.monotonic()
        for _ in range(12):
            train.run(DATA[:60 * 1000], 1000)
        return 12 * 60 * 1000 / (time.monotonic() - begin)


def prepare(network, ends, gate, gro):
    network.switch_offloads(ends, gate)
    network.switch(network.ends, rx_gro=gro)
    network.switch(network.sides, rx_gro=gro, rx_gro_list=False, rx_udp_gro_forwarding=gro)


def measure(network, way, transfer, best):
    """another round; a transfer that stands still has no speed"""
    for name, combination in COMBINATIONS.items():
        prepare(network, *combination)
        try:
            speed = transfer(way)
        except (Wrong, OSError):
            speed = 0
        best[name] = max(best.get(name, 0), speed)


def compare(network, way, transfer):
    best = {}
    for _ in range(ROUNDS):
        measure(network, way, transfer, best)
        slow = [name for name, speed in best.items() if speed < ENOUGH * best["nothing"]]
        if not slow and best["nothing"]:
            break
    figures = ", ".join(f"{name} {speed * 8e-6:.0f}" for name, speed in best.items())
    if slow or not best["nothing"]:
        raise Wrong(f"Mbit/s: {figures}")
    return f"Mbit/s: {figures}"


def run(network, results):
    for direction, way in network.ways.items():
        for kind, transfer in (("TCP", tcp), ("UDP", udp)):
            results.tell(f"{direction}: {kind} is not slower with any combination of offloads than with none",
                         lambda: compare(network, way, transfer))
    with network.without_df():
        results.tell("4 to 6: TCP without DF is not slower with any combination of offloads than with none",
                     lambda: compare(network, network.ways["4 to 6"], tcp))
