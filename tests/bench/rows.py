# SPDX-License-Identifier: GPL-2.0-only
"""What is counted: each row by its name, with the translator that gate has meanwhile."""
from functools import partial
from socket import AF_INET
from typing import Any, Callable, NamedTuple

import change
import clat
import ipxlat
import jool
import nat64
import network
import own
import pktgen
import siit
import sites
import tayga
import tcp
from pktgen import Flow

LARGE = 100000


class Setup(NamedTuple):
    """a translator in gate, and what it is told"""
    translator: Any = None
    entries: int = 1
    lowest_mtu: int = 1280


class Row(NamedTuple):
    name: str
    measure: Callable  # makes the cost; of a Flow, the translator's finish() is given
    setup: Setup = Setup()
    flow: Flow | None = None
    unit: str = "packet"


PLAIN4 = Flow(network.SOURCE4, network.PLAIN4)
PLAIN6 = Flow(network.SOURCE6, network.PLAIN6)
TO6 = Flow(network.SOURCE4, str(sites.LOCAL4 + sites.ONE))
TO6_MANY = TO6._replace(destination=str(sites.LOCAL4), many=sites.MANY)
TO4 = Flow(str(sites.LOCAL6 + sites.ONE), sites.internet(network.PLAIN4))
TO4_MANY = TO4._replace(many=sites.MANY)


def flows(prefix, setup, named):
    """rows of one set-up"""
    return [Row(prefix + name, pktgen.cost, setup, flow) for name, flow in named.items()]


def translated(prefix, translator):
    """both ways through it"""
    return flows(prefix, Setup(translator), {
        "4to6": TO6, "6to4": TO4, "4to6-many": TO6_MANY, "6to4-many": TO4_MANY,
        "6to4-1400": TO4._replace(size=1400), "4to6-fragmented": TO6._replace(size=1400, pieces=2)})


def adjusted(prefix, translator):
    """through one that can be told an MTU and has room for a large map"""
    return [
        *flows(prefix, Setup(translator, lowest_mtu=1500), {"4to6-1400": TO6._replace(size=1400)}),
        *flows(prefix, Setup(translator, entries=LARGE), {
            "4to6-entries": TO6, "6to4-entries": TO4, "4to6-entries-many": TO6_MANY, "6to4-entries-many": TO4_MANY}),
    ]


def plain():
    cases = {"": {}, "-many": {"many": sites.MANY}, "-1400": {"size": 1400}}
    return [row for case, change in cases.items() for row in flows("", Setup(), {
        f"plain4{case}": PLAIN4._replace(**change), f"plain6{case}": PLAIN6._replace(**change)})]


def both_ways(name, setup, to, *family):
    """rows of TCP from source to sink, and back"""
    for way, reverse in (("", False), ("-back", True)):
        yield Row(name + way, partial(tcp.cost, to, reverse, *family), setup, unit="byte")


def tcp_rows():
    return [*both_ways("tcp-plain6", Setup(), network.SINK6),
            *both_ways("tcp-ipxlat", Setup(ipxlat.Device, lowest_mtu=1500), sites.SINK4)]


def flowtable_rows():
    for name, answer, flow in (("4to6", siit.ANSWER6, TO6), ("6to4", siit.ANSWER4, siit.TO4)):
        yield Row(f"flowtable-{name}", partial(nat64.established, [], [answer]), Setup(siit.gateway), flow)


def own_rows():
    return [Row("own-plain6", partial(own.cost, network.PLAIN6 + "1")),
            Row("own-4to6", partial(own.cost, TO6.destination), Setup(ipxlat.Device))]


def clat_rows():
    """first of a host without one. Of TCP the uplink leads to sink"""
    yield Row("host-plain6", clat.arriving, Setup(clat.host), clat.NATIVE)
    yield from host_tcp("host-tcp", clat.host, network.SINK6)
    for name, address6, measure, flow in (("clat", clat.OWN6, clat.arriving, clat.REPLY),
                                          ("clat-shared", "shared", clat.answering, clat.REPLY_SHARED)):
        into, out = (partial(clat.clat, uplink, address6) for uplink in ("in", "out"))
        yield Row(f"{name}-in", measure, Setup(into), flow)
        yield Row(f"{name}-plain6", clat.arriving, Setup(into), clat.NATIVE)
        yield Row(f"{name}-out", clat.sent, Setup(out))
        yield Row(f"{name}-out-plain6", clat.native_sent, Setup(out))
        yield from host_tcp(f"{name}-tcp", out, clat.SINK4)


def host_tcp(name, translator, to):
    for way, reverse in (("", False), ("-back", True)):
        yield Row(name + way, partial(clat.tcp_cost, to, reverse), Setup(translator), unit="byte")


def changes():
    one, large = Setup(ipxlat.Device), Setup(ipxlat.Device, entries=LARGE)
    return [Row(name, measure, setup, unit="change") for name, measure, setup in (
        ("add-entry", change.one_added, one), ("change-scalar", change.scalar, one),
        ("load-entries", change.all_loaded, one), ("add-entry-entries", change.one_added, large),
        ("change-scalar-entries", change.scalar, large))]


def through_gateway(name, setup, answers):
    """rows of what clients send: an established flow, new ones, TCP"""
    yield Row(name, partial(nat64.established, [], answers), setup, nat64.THERE)
    yield Row(f"{name}-new", nat64.new, setup, nat64.EACH_NEW)
    yield from both_ways(f"{name}-tcp", setup, nat64.PREFIX6 + nat64.SINK4, AF_INET)


def gateway_rows():
    """of each gateway: what clients send, what they get, and what is not the gateway's"""
    yield from neighbours("tracked-", Setup(nat64.Tracking))
    for mode, pool, pool_back in (("masquerade", "192.0.2.1", "203.0.113.1"), ("pool", nat64.POOL, nat64.POOL_BACK)):
        for way, flowtable in (("", True), ("-stack", False)):
            there, back = (Setup(partial(nat64.gateway, mode, flowtable, turned)) for turned in (False, True))
            name = f"nat64-{mode}{way}"
            yield from through_gateway(name, there, [nat64.packet(nat64.SERVER4, pool)])
            yield from neighbours(f"{name}-", there)
            opening = nat64.packet(nat64.CLIENT6, nat64.PREFIX6 + network.SOURCE4)
            yield Row(f"{name}-back", partial(nat64.established, [opening], [opening]), back,
                      Flow(network.SOURCE4, pool_back))


def jool_gateways():
    for name, pool4 in (("one", "192.0.2.1/32"), ("many", nat64.MANY_ADDRESSES)):
        yield from through_gateway(f"jool-nat64-{name}", Setup(partial(nat64.jool_gateway, pool4)), [])


def neighbours(prefix, setup):
    for name, flow in (("plain6", PLAIN6), ("plain4", PLAIN4)):
        answer = nat64.packet(flow.destination, flow.source)
        yield Row(prefix + name, partial(nat64.established, [], [answer]), setup, flow)


OWN = [*clat_rows(), *plain(), *translated("", ipxlat.Device), *adjusted("", ipxlat.Device),
       *flows("fwd-", Setup(ipxlat.ForwardedTo), {"4to6": TO6, "6to4": TO4}), *flowtable_rows(), *own_rows(),
       *tcp_rows(), *changes(), *gateway_rows()]
PEERS = [*translated("jool-", jool.Jool), *adjusted("jool-", jool.Jool), *translated("tayga-", tayga.Tayga),
         *jool_gateways()]
ROWS = {row.name: row for row in OWN + PEERS}
MAIN = ["clat-in", "clat-plain6", "clat-out", "clat-tcp", "clat-tcp-back", "clat-shared-in", "plain4", "plain6", "4to6", "6to4", "4to6-many", "6to4-1400", "4to6-fragmented", "4to6-entries", "6to4-entries",
        "fwd-4to6", "fwd-6to4", "flowtable-4to6", "flowtable-6to4", "own-4to6", "tcp-plain6", "tcp-ipxlat",
        "tcp-ipxlat-back", "nat64-masquerade", "nat64-masquerade-back", "nat64-masquerade-new", "nat64-masquerade-plain6",
        "nat64-masquerade-stack", "nat64-masquerade-stack-plain6", "nat64-pool", "nat64-pool-stack",
        "nat64-pool-stack-new"]
