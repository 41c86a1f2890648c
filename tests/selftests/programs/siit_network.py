# SPDX-License-Identifier: GPL-2.0-only
"""The network of siit_network.sh, for the programs that run in it."""
from transfer import Way, Wrong
from watch import Watch

TCP, UDP, SCTP = 6, 17, 132
MTU = 1500
DEVICE = "siit0"
# the ends of a packet as the other family writes them
OTHER = {"203.0.113.9": "2001:db8:46::cb00:7109", "198.51.100.10": "2001:db8:12::10"}
OTHER |= {six: four for four, six in OTHER.items()}


class Network:
    """The namespaces are called four-SUFFIX, gate-SUFFIX and six-SUFFIX. `ways` lead from host to host, `own` from the
    gateway to six."""

    def __init__(self, suffix):
        self.four, self.gate, self.six = (f"{name}-{suffix}" for name in ("four", "gate", "six"))
        to_v6 = Way(self.four, self.six, "203.0.113.9", "198.51.100.10", "2001:db8:12::10")
        to_v4 = Way(self.six, self.four, "2001:db8:12::10", "2001:db8:46::cb00:7109", "203.0.113.9")
        self.ways = {"4 to 6": to_v6, "6 to 4": to_v4}
        self.own = Way(self.gate, self.six, "203.0.113.1", "198.51.100.10", "2001:db8:12::10")

    def watch(self, size=128):
        return Watch(self.gate, DEVICE, size)


def all_out(packets):
    """whether as many TCP segments and UDP datagrams have come out of the device as went in"""
    sent = [packet.sent for packet in packets if packet.protocol in (TCP, UDP)]
    return sent.count(False) >= sent.count(True)


def translated_whole(packets, protocol, to_v6):
    """The longest packet of those that went into the device this way. Wrong: one of them has not come out as one."""
    before = 4 if to_v6 else 6
    grow = 20 if to_v6 else -20
    ours = [packet for packet in packets if packet.protocol == protocol]
    sent = [packet.length for packet in ours if packet.sent and packet.family == before]
    got = [packet.length for packet in ours if not packet.sent and packet.family != before]
    if not sent:
        raise Wrong("the device has seen nothing")
    if got != [length + grow for length in sent]:
        raise Wrong(f"into the device went packets of {sent}, out came {got}")
    return max(sent)
