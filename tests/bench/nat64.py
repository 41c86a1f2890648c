# SPDX-License-Identifier: GPL-2.0-only
"""A NAT64 gateway, and what it costs its neighbours.

There: a client in source sends to a server behind sink, and the server answers once. Back: the client is behind sink, the
server is source, and its answers are counted. A flow that nobody answered is new with every packet, and a real one is not.
"""
import json
import os
import signal
import socket
import subprocess
import tempfile
import time

import ipxlat
import jool
import network
import pktgen
from namespace import inside
from packets import ip4, ip6, udp
from pktgen import Flow

PREFIX6 = "64:ff9b::"
SERVER4, POOL = "8.8.8.8", "192.0.2.7"
CLIENT6, POOL_BACK = "2001:db8:2::2", "203.0.113.7"
THERE = Flow(network.SOURCE6, PREFIX6 + SERVER4)
EACH_NEW = THERE._replace(ports=3 * pktgen.COUNT)
MANY_ADDRESSES = "100.64.1.0/24"  # of a pool
SINK4 = "8.8.8.4"  # sink itself, for TCP
PORT = 9  # the generator's, of both ends
ROOM = 1 << 18  # flows


class Tracking:
    """a host that tracks connections anyway and has rules for NAT, which no packet matches"""

    def __init__(self, *_):
        network.inside(network.GATE, "nft", "-f", "-", text="""
            table inet bench {
                chain in {
                    type filter hook input priority 0
                    ct state invalid drop
                }
                chain nat {
                    type nat hook postrouting priority srcnat
                }
            }""")
        make_room()


def make_room():
    network.command("sysctl", "-qw", f"net.netfilter.nf_conntrack_buckets={ROOM}", f"net.netfilter.nf_conntrack_max={ROOM}")


def ipxlatd(configuration):
    """makes what it says, and is gone: a gateway works without it"""
    ipxlat.load()
    with tempfile.TemporaryDirectory() as directory:
        with open(f"{directory}/bench.toml", "w", encoding="utf-8") as file:
            file.write(configuration)
        with open(f"{directory}/log", "w+", encoding="utf-8") as log, subprocess.Popen(
                ["ip", "netns", "exec", network.GATE, f"{ipxlat.tree}/build/userspace/ipxlatd", "--config", file.name],
                env={**os.environ, "RUNTIME_DIRECTORY": directory}, stderr=log) as daemon:
            deadline = time.monotonic() + 30
            while not on(f"{directory}/state.json") and daemon.poll() is None and time.monotonic() < deadline:
                time.sleep(0.01)
            daemon.send_signal(signal.SIGKILL)
            daemon.wait()
            log.seek(0)
            text = log.read()
            if " on: " not in text:
                raise RuntimeError(text)


def on(state):
    """whether the file says that all instances are"""
    try:
        with open(state, encoding="utf-8") as file:
            return all(unit["state"] == "on" for unit in json.load(file)["instances"])
    except FileNotFoundError:
        return False


def route():
    """to the servers behind sink, and to sink as one"""
    network.ip(network.SINK, f"""
        address add 192.0.2.3/24 dev eth0
        address add {SINK4}/32 dev lo
        route add {MANY_ADDRESSES} via 192.0.2.1
    """)
    network.ip(network.GATE, f"""
        route add {SERVER4} via 192.0.2.2
        route add {SINK4} via 192.0.2.3
    """)


def gateway(mode, flowtable, back, *_):
    """in gate; back: its uplink is where source is"""
    down, up, pool = ("out", "in", POOL_BACK) if back else ("in", "out", POOL)
    route()
    ipxlatd(f"""
        [nat64.bench]
        pref64 = "{PREFIX6}/96"
        downlinks = ["{down}"]
        uplinks = ["{up}"]
        {'allow-private = ["203.0.113.0/24"]' if back else ""}
        flowtable = {str(flowtable).lower()}
        {f'pool4 = ["{pool}/32"]' if mode == "pool" else ""}
    """)
    make_room()


def jool_gateway(pool4, *_):
    route()
    return jool.Nat64(pool4, f"{PREFIX6}/96")


def inject(packet):
    """from sink to gate"""
    kind = 0x86DD if packet[0] >> 4 == 6 else 0x0800
    frame = bytes.fromhex((network.MAC + "03" + network.MAC + "04").replace(":", "")) + kind.to_bytes(2, "big") + packet
    with inside(network.SINK), socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sock:
        sock.bind(("eth0", kind))
        sock.send(frame)


def packet(source, target):
    build = ip6 if ":" in source else ip4
    return build(source, target, udp(source, target, PORT, bytes(22)))


def forget():
    """what is tracked, where anything is"""
    network.inside(network.GATE, "conntrack", "-F")


def established(before, after, flow, _=None):
    """instructions a packet; sink sends a packet before the flow's first, if any, and one after it"""
    forget()
    for one in before:
        inject(one)
    pktgen.send(flow, 2)
    for one in after:
        inject(one)
    return pktgen.cost(flow)


def new(flow, _=None):
    """instructions a packet, each of a flow of its own"""
    forget()
    pktgen.send(flow, 1000)
    forget()
    return pktgen.send(flow, pktgen.COUNT) - pktgen.excess(flow)
