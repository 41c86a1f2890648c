# SPDX-License-Identifier: GPL-2.0-only
"""TCP and UDP trains both ways through the device with each combination of offloads on and off: the same bytes arrive,
and a train that reaches the device leaves it as one."""
import os
from typing import NamedTuple

from offload_network import ALL, NONE, Offloads
from siit_network import MTU, TCP, UDP, all_out, translated_whole
from transfer import Train, Wrong, stream

DATA = os.urandom(48000)


class Combination(NamedTuple):
    ends: Offloads
    gate: Offloads
    device: Offloads
    gro: bool

    def __str__(self):
        text = f"hosts offload {self.ends}, gateway {self.gate}, GRO {'on' if self.gro else 'off'}"
        return text if self.device == ALL else text + f", the device itself offloads {self.device}"


def combinations(uso):
    full = Offloads(True, True, uso)
    each = [NONE, Offloads(True), Offloads(True, True)] + ([Offloads(True, False, True), full] if uso else [])
    mixed = [(full, NONE, ALL), (NONE, full, ALL), (full, full, NONE)]
    for gro in (False, True):
        for ends, gate, device in [(one, one, ALL) for one in each] + mixed:
            yield Combination(ends, gate, device, gro)


def trains(combination, protocol, medium):
    """whether the device sees trains: True, False, or None where that depends on the moment"""
    if protocol == UDP:
        return combination.ends.uso and combination.device.uso
    if not combination.device.tso:
        return False
    if combination.ends.tso or not combination.gro:
        return combination.ends.tso
    return True if combination.ends.checksum and medium.startswith("veth") else None


def transfer(network, combination, medium):
    for name, way in network.ways.items():
        with network.watch() as watch:
            for protocol in (TCP, UDP):
                if protocol == TCP:
                    stream(way, DATA)
                else:
                    with Train(way) as train:
                        train.run(DATA[:23000], 1200)
                longest = translated_whole(watch.take_until(all_out), protocol, name == "4 to 6")
                expected = trains(combination, protocol, medium)
                if expected is not None and (longest > MTU) != expected:
                    raise Wrong(f"{name}, protocol {protocol}: the longest packet in the device had {longest} bytes")


def run(network, medium, results):
    if "within" in medium:
        network.switch(network.ends + network.sides, tx_vlan_hw_insert=False)
    for combination in combinations(network.has_uso):
        network.switch_offloads(combination.ends, combination.gate, combination.device)
        network.switch(network.sides, rx_gro=combination.gro)
        results.tell(f"{medium}: {combination}", lambda: transfer(network, combination, medium))
