# SPDX-License-Identifier: GPL-2.0-only
"""The kernel's packet generator in source: UDP with a checksum that the link would compute. A packet is never shared with
the generator, so that none is copied on the way."""
import functools
import ipaddress
import re
import time
from typing import NamedTuple

import network
from namespace import inside

DIRECTORY = "/proc/net/pktgen"
OPTIONS = ["clone_skb 0", "delay 0", "flag UDPCSUM", "flag !SHARED"]
COUNT = 20000
FIRST_PORT = 1024


class Flow(NamedTuple):
    """packets from an address to one, or to each of so many that follow it (a power of two)"""
    source: str
    destination: str
    many: int = 1
    size: int = 64  # of the frame over IPv4; the same payload is 20 bytes more over IPv6
    pieces: int = 1  # packets that arrive for each
    ports: int = 1  # from each of so many in turn

    def options(self):
        ports = [f"udp_src_min {FIRST_PORT}", f"udp_src_max {FIRST_PORT + self.ports - 1}"] if self.ports > 1 else []
        return self.ends() + ports

    def ends(self):
        if ":" not in self.destination:
            ends = [f"src_min {self.source}", f"src_max {self.source}", f"dst_min {self.destination}"]
            return ends + [f"dst_max {last(self.destination, self.many)}", f"pkt_size {self.size}"]
        ends = [f"src6 {self.source}", f"dst6 {self.destination}"]
        if self.many > 1:
            ends += [f"dst6_min {self.destination}", f"dst6_max {last(self.destination, self.many)}"]
        return ends + [f"pkt_size {self.size + 20}"]


def last(address, count):
    return ipaddress.ip_address(address) + count - 1


def write(name, lines):
    with inside(network.SOURCE):
        for line in lines:
            with open(f"{DIRECTORY}/{name}", "w", encoding="utf-8") as file:
                file.write(line + "\n")


def prepare(flow, count, device="eth0"):
    mac = network.GATE_MAC if device == "eth0" else network.NOBODY_MAC
    write("kpktgend_0", ["rem_device_all", f"add_device {device}"])
    write(device, [f"count {count}", f"dst_mac {mac}", *OPTIONS, *flow.options()])


def start():
    write("pgctrl", ["start"])


def elapsed(count, device="eth0"):
    """nanoseconds, that is instructions, of the last run"""
    with inside(network.SOURCE), open(f"{DIRECTORY}/{device}", encoding="utf-8") as file:
        report = file.read()
    found = re.search(r"Result: OK: (\d+)\(.*, (\d+) \(", report)
    if not found or int(found[2]) != count:
        raise RuntimeError(f"pktgen sent something else than {count} packets:\n{report}")
    return int(found[1]) * 1000


def send(flow, count, device="eth0", finish=None):
    """instructions a packet; finish waits for the last one where packets are not ended as they are made. RuntimeError: not
    all arrived"""
    prepare(flow, count, device)
    expected = count * (flow.pieces if device == "eth0" else 1)
    before = network.arrived(device)
    begin = time.monotonic_ns()
    start()
    if finish:
        finish(before + expected)
        spent = time.monotonic_ns() - begin
    else:
        spent = elapsed(count, device)
    network.expect(expected, network.arrived(device) - before)
    return spent / count


@functools.cache
def alone(flow):
    """instructions a packet without gate"""
    send(flow, 1000, "eth1")
    return send(flow, COUNT, "eth1")


def excess(flow):
    """what making and ending it costs more than for one flow of small packets"""
    usual = flow._replace(many=1, size=64, pieces=1, ports=1)
    return 0 if flow == usual else alone(flow) - alone(usual)


def cost(flow, finish=None):
    """instructions a packet, from its making to its end in sink, as if every flow's making cost the same"""
    send(flow, 1000, finish=finish)
    return send(flow, COUNT, finish=finish) - excess(flow)
