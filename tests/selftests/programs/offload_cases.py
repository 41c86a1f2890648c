# SPDX-License-Identifier: GPL-2.0-only
"""Trains of kinds that a translator easily takes for something else, and what they have to be on the wire."""
import os

from offload_network import ALL, Offloads
from siit_network import MTU, SCTP, TCP, UDP, all_out, translated_whole
from transfer import Train, Wrong, stream
from watch import Watch

DATA = os.urandom(200000)
CHECKSUM = Offloads(checksum=True)


def prepare(network, ends=ALL, gate=ALL, gro=True, fraglist=False, forwarding=False):
    network.switch_offloads(ends, gate)
    network.switch(network.ends, rx_gro=gro)
    network.switch(network.sides, rx_gro=gro, rx_gro_list=fraglist, rx_udp_gro_forwarding=forwarding)


def forwarded_udp_gro(network, way, to_v6):
    """single datagrams, merged by the gateway's GRO, as many as fit into one packet's pages"""
    prepare(network, ends=CHECKSUM, forwarding=True)
    with network.watch() as watch, Train(way) as train:
        train.run(DATA[:8 * 1200], 1200)
        longest = translated_whole(watch.take_until(all_out), UDP, to_v6)
    if longest <= MTU:
        raise Wrong("the gateway has not merged the datagrams")


def fraglist(network, way, to_v6):
    prepare(network, ends=CHECKSUM, fraglist=True)
    ingress = "eth4" if to_v6 else "eth6"
    with network.watch() as watch, Watch(network.gate, ingress) as merged, Train(way) as train:
        stream(way, DATA)
        train.run(DATA[:47000], 1200)
        packets = watch.take_until(all_out)
        translated_whole(packets, TCP, to_v6)  # lists of TCP segments: since 6.10
        longest = translated_whole(packets, UDP, to_v6)
        if longest > MTU:
            raise Wrong(f"a list of datagrams reached the device, {longest} bytes")
        if max(packet.length for packet in merged.take() if not packet.sent and packet.protocol == UDP) <= MTU:
            raise Wrong("the gateway has not made lists")


def tcp_without_df(network, way):
    """every segment in fragments, and each with an identification of its own"""
    prepare(network)
    with network.without_df(), Watch(network.six, "eth0") as wire:
        stream(way, DATA)
        fragments = [packet for packet in wire.take() if not packet.sent and packet.fragment]
    places = [packet.fragment for packet in fragments]
    if len(fragments) < len(DATA) / MTU:
        raise Wrong(f"only {len(fragments)} fragments arrived")
    if len(set(places)) < len(places):
        raise Wrong(f"{len(places)} fragments have {len(set(places))} places in datagrams")


def udp_without_df(network, way, size):
    prepare(network)
    with Train(way, dont_fragment=False) as train:
        for _ in range(3):
            train.run(DATA[:40 * size], size)


def on_the_wire(network, way, size):
    """what four receives of two flows of trains, cut at the gateway's exit"""
    prepare(network, gate=CHECKSUM, gro=False)
    with Watch(network.four, "eth0") as wire, Train(way) as one, Train(way) as two:
        for train in (one, two, one, two):
            train.run(DATA[:30 * size], size)
        return [packet for packet in wire.take() if not packet.sent and packet.protocol == UDP]


def identifications(network, way):
    packets = on_the_wire(network, way, 1200)
    different = len({packet.identification for packet in packets})
    if any(packet.dont_fragment for packet in packets):
        raise Wrong("packets of 1228 bytes have DF")
    if len(packets) != 120 or different != 120:
        raise Wrong(f"{len(packets)} packets have {different} identifications")


def dont_fragment(network, way):
    packets = on_the_wire(network, way, 1400)
    if len(packets) != 120 or not all(packet.dont_fragment for packet in packets):
        raise Wrong(f"of {len(packets)} packets, {sum(packet.dont_fragment for packet in packets)} have DF")


def own_trains(network):
    """what leaves the device as the gateway's own output is seen on its link"""
    prepare(network)
    stream(network.own, DATA)  # the path MTU is known from now on
    with network.watch() as before, Watch(network.gate, "eth6") as after, Train(network.own) as train:
        stream(network.own, DATA)
        train.run(DATA[:47000], 1200)
        packets = [packet for packet in before.take() if packet.sent]

        def left(seen):
            return [packet._replace(sent=False) for packet in seen if packet.sent]

        packets += left(after.take_until(lambda seen: all_out(packets + left(seen))))
    if min(translated_whole(packets, protocol, to_v6=True) for protocol in (TCP, UDP)) <= MTU:
        raise Wrong("there were no trains")


def sctp(network, way):
    prepare(network)
    stream(way, DATA, SCTP)


def run(network, results):
    for name, way in network.ways.items():
        to_v6 = name == "4 to 6"
        results.tell(f"{name}: datagrams that the gateway's GRO has merged (rx-udp-gro-forwarding) stay merged",
                     lambda: forwarded_udp_gro(network, way, to_v6))
        results.tell(f"{name}: what the gateway has chained into lists (rx-gro-list) arrives",
                     lambda: fraglist(network, way, to_v6))
        for size in (1400, 1250):
            results.tell(f"{name}: UDP trains of {size} bytes a datagram without DF arrive",
                         lambda: udp_without_df(network, way, size))
        results.tell(f"{name}: an SCTP association carries its bytes", lambda: sctp(network, way))
    results.tell("trains of the gateway's own leave it whole", lambda: own_trains(network))
    results.tell("4 to 6: TCP trains without DF arrive in fragments, each segment with an identification of its own",
                 lambda: tcp_without_df(network, network.ways["4 to 6"]))
    results.tell("6 to 4: the datagrams of two flows of trains have no identification in common",
                 lambda: identifications(network, network.ways["6 to 4"]))
    results.tell("6 to 4: every datagram of a train that is longer than 1260 bytes has DF",
                 lambda: dont_fragment(network, network.ways["6 to 4"]))
