# SPDX-License-Identifier: GPL-2.0-only
"""A CLAT: gate is a host here, no router, with its uplink to source or to sink. What is for its programs ends in its input
hook, what they send in sink. Whoever is behind the prefix is there itself, so that no NAT64 is counted."""
import json
import socket
from functools import partial

import nat64
import network
import own
import pktgen
import sites
import tcp
from namespace import inside
from pktgen import Flow

OWN6, HOST6 = "2001:db8:1::c1a7", "2001:db8:1::1"
SERVER4 = nat64.SERVER4
NATIVE = Flow(network.SOURCE6, HOST6)
REPLY = Flow(sites.internet(SERVER4), OWN6)
REPLY_SHARED = REPLY._replace(destination=HOST6)
SINK4 = nat64.SINK4  # sink itself, for TCP


def host(*_):
    """without a CLAT"""
    network.inside(network.GATE, "sysctl", "-qw", "net.ipv4.ip_forward=0", "net.ipv6.conf.all.forwarding=0")
    network.inside(network.GATE, "nft", "-f", "-", text=f"""
        table inet bench {{
            counter arrived {{ }}
            chain end {{
                type filter hook input priority 0
                udp dport {nat64.PORT} counter name arrived drop
            }}
        }}""")
    network.ip(network.SINK, f"address add {sites.internet(SINK4)}/128 dev lo")


def clat(uplink, address6, *_):
    """on it"""
    host()
    if not uses_tracking(address6) and network.loaded("nf_conntrack"):
        raise RuntimeError("something has loaded nf_conntrack, and the CLAT minds it: this has to be counted first")
    there = network.SOURCE6 if uplink == "in" else "2001:db8:2::2"
    network.ip(network.GATE, f"""
        route add {sites.PREFIX6} via {there}
        route add {sites.internet(SINK4)} via {network.SINK6}
    """)
    nat64.ipxlatd(f"""
        [clat.bench]
        device = "clat0"
        uplinks = ["{uplink}"]
        pref64 = "{sites.PREFIX6}"
        address6 = "{address6}"
        mode = "force"
    """)


def uses_tracking(address6):
    return address6 == "shared"


def arrived():
    listing = json.loads(network.inside(network.GATE, "nft", "-j", "list", "counter", "inet", "bench", "arrived"))
    return next(entry["counter"]["packets"] for entry in listing["nftables"] if "counter" in entry)


def receive(flow, count):
    pktgen.prepare(flow, count)
    before = arrived()
    pktgen.start()
    spent = pktgen.elapsed(count)
    network.expect(count, arrived() - before)
    return spent / count


def ask():
    """a program's packet to the server, which opens the flow"""
    with inside(network.GATE), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("", nat64.PORT))
        sock.sendto(bytes(22), (SERVER4, nat64.PORT))


def arriving(flow, _=None):
    """instructions a packet, from its making to the input hook"""
    receive(flow, 1000)
    return receive(flow, pktgen.COUNT)


def answering(flow, _=None):
    """the same of a flow that gate has begun"""
    ask()
    return arriving(flow)


sent = partial(own.cost, SERVER4)
native_sent = partial(own.cost, network.PLAIN6 + "1")


def tcp_cost(destination, reverse):
    return tcp.cost(destination, reverse, near=network.GATE)
