#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: trains.py SUFFIX

In the network of siit_network.sh: what the gateway's GRO merges into a train goes into the device as one, comes out as
one, and its segments are right when the gateway's exit cuts it. Prints KTAP.
"""
import contextlib
import os
import sys

from link_layer import Cable, address, frame
from offload_network import ALL, NONE, Offloads, OffloadNetwork
from results import Results
from segments import CHECK, CWR, HEADER, SIZE, Flow, payload, wrong_by
from siit_network import OTHER, TCP, UDP, translated_whole
from transfer import Wrong, stream
from watch import Watch
from xdp import let_pass

COUNT = {TCP: 45, UDP: 50}
PAGES = 17  # of a packet; what is longer has a list behind it
STREAMS = 10  # until one has such a train: how much arrives at once is up to how busy the machine is
ETHERNET = 14


class Line:
    """From the host that sends through the gateway to the one that receives."""

    def __init__(self, network, way, to_v6):
        self.network, self.way, self.to_v6 = network, way, to_v6
        self.entry = "eth4" if to_v6 else "eth6"
        self.cable = Cable(way.client, "eth0")
        self.ends = address(way.client, "eth0"), address(network.gate, self.entry)

    def flow(self, protocol, **kind):
        return Flow(protocol, self.way.source, self.way.target, **kind)

    def send(self, flow, data):
        frames = [frame(*self.ends, packet) for packet in flow.packets(data)]
        start = ETHERNET + flow.network_header if flow.partial else 0
        self.cable.send(frames, start, CHECK[flow.protocol])

    def run(self, flow, data):
        """Sends the bytes in a burst of segments, and returns the packets that arrive. Wrong: other bytes did, or the
        gateway has not taken one train through the device."""
        def ours(seen):
            return [packet for packet in seen if not packet.sent and packet.protocol == flow.protocol]

        def bytes_of(seen):
            return b"".join(payload(packet) for packet in ours(seen))

        with Watch(self.network.gate, self.entry) as merged, self.network.watch() as device, \
                Watch(self.way.server, "eth0", 1 << 17) as end:
            self.send(flow, data)
            arrived = end.take_until(lambda seen: len(bytes_of(seen)) >= len(data))
            header = flow.network_header + HEADER[flow.protocol]
            train = [header + len(data)]
            lengths = [packet.length for packet in ours(merged.take())]
            # GRO of newer kernels keeps a segment with CWR apart
            if flow.first == CWR and len(lengths) == 2:
                train = [header + SIZE[TCP], header + len(data) - SIZE[TCP]]
            if lengths != train:
                raise Wrong(f"the gateway has not merged the segments into one train, but into packets of {lengths}")
            inside = device.take()
        family = 4 if self.to_v6 else 6  # the receiver's answers go the other way
        sent = [packet for packet in inside if packet.sent and packet.family == family]
        if (lengths := [packet.length for packet in sent]) != train:
            raise Wrong(f"a train of {train} went into the device as packets of {lengths}")
        translated_whole(inside, flow.protocol, self.to_v6)
        if bytes_of(arrived) != data:
            raise Wrong("other bytes arrived")
        return ours(arrived)

    def verify(self, flow, arrived, whole):
        """the checksums: right, or in a train that is still whole the sum of its pseudo-header"""
        for packet in arrived:
            if wrong_by(packet, OTHER[flow.source], OTHER[flow.target])[whole]:
                raise Wrong(f"a packet of {packet.length} bytes has a wrong checksum: {packet.head[:60].hex()}")


def trains(line, protocol):
    data = os.urandom(COUNT[protocol] * SIZE[protocol])
    for partial in (False, True):
        flow = line.flow(protocol, partial=partial)
        for whole in (True, False):
            line.network.switch_offloads(ALL, ALL if whole else NONE)
            arrived = line.run(flow, data)
            line.verify(flow, arrived, whole)
            if len(arrived) != (1 if whole else COUNT[protocol]):
                raise Wrong(f"{len(arrived)} packets arrived")
            if not line.to_v6 and not whole and len({packet.identification for packet in arrived}) < len(arrived):
                raise Wrong("packets have an identification in common")


def same_identification(line):
    """as other translators send it"""
    data = os.urandom(COUNT[TCP] * SIZE[TCP])
    line.network.switch_offloads(ALL, ALL)
    line.run(line.flow(TCP, same_id=True), data)


def congestion(line):
    """RFC 3168: the window is said to be reduced once"""
    data = os.urandom(COUNT[TCP] * SIZE[TCP])
    line.network.switch_offloads(ALL, NONE)
    arrived = line.run(line.flow(TCP, first=CWR), data)
    flags = [bool(packet.transport[13] & CWR) for packet in arrived]
    if flags != [True] + [False] * (len(flags) - 1):
        raise Wrong(f"CWR is in segments {[number for number, flag in enumerate(flags) if flag]}")


def stream_of_pages(line):
    """a TCP connection, whose segments have all their bytes in pages: what the gateway has merged, and what the device
    has seen"""
    line.network.switch_offloads(Offloads(checksum=True), ALL)
    for _ in range(STREAMS):
        with Watch(line.network.gate, line.entry) as merged, line.network.watch() as device:
            stream(line.way, os.urandom(3000000))
            packets = [packet.length for packet in merged.take() if not packet.sent and packet.protocol == TCP]
            inside = device.take()
        if max(packets) > (PAGES + 1) * SIZE[TCP] + 100:
            return packets, inside
    raise Wrong(f"the longest train of the gateway had {max(packets)} bytes")


def pages_pass_whole(line):
    packets, inside = stream_of_pages(line)
    before = 4 if line.to_v6 else 6
    sent = [packet.length for packet in inside if packet.sent and packet.family == before]
    if sent != packets:
        raise Wrong(f"{len(packets)} packets of up to {max(packets)} bytes went into the device as {len(sent)} of up "
                    f"to {max(sent)}")
    translated_whole(inside, TCP, line.to_v6)


def pages_in_fragments(line):
    with line.network.without_df():
        _, inside = stream_of_pages(line)
    if not any(packet.fragment for packet in inside if not packet.sent and packet.family == 6):
        raise Wrong("no fragment has come out of the device")


network = OffloadNetwork(sys.argv[1])
network.switch(network.sides, rx_gro=True, rx_udp_gro_forwarding=True)
network.switch(network.ends, rx_gro=False)
results = Results()
for name, way in network.ways.items():
    line = Line(network, way, name == "4 to 6")
    for kind, prepare in (("chained one by one", contextlib.nullcontext),
                          ("of a driver's pages", lambda: let_pass(network.gate, line.entry))):
        with prepare():
            for protocol, what in ((TCP, "45 TCP segments"), (UDP, "50 UDP datagrams")):
                results.tell(f"{name}: a train of {what}, {kind}, passes whole, its segments are right",
                             lambda: trains(line, protocol))
            results.tell(f"{name}: a train of segments, {kind}, says CWR once", lambda: congestion(line))
            if line.to_v6:
                results.tell(f"{name}: a train of segments of one identification, {kind}, passes whole",
                             lambda: same_identification(line))
    results.tell(f"{name}: a connection's trains of more than {PAGES} pages pass whole",
                 lambda: pages_pass_whole(line))
    if line.to_v6:
        results.tell(f"{name}: a connection's trains of more than {PAGES} pages, without DF, arrive in fragments",
                     lambda: pages_in_fragments(line))
    line.cable.close()
results.end()
