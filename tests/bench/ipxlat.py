# SPDX-License-Identifier: GPL-2.0-only
"""The device of this project in gate, as the tree that is measured has built it."""
import os

import network
import sites

tree = os.getcwd()


def ctl(*words, text=None):
    return network.inside(network.GATE, f"{tree}/build/userspace/ipxlatctl", *words, text=text)


def load():
    network.load(f"{tree}/build/kmod/{os.uname().release}/ipxlat.ko")


def map_file(count):
    return "".join(f"{v4} {v6}\n" for v4, v6 in sites.entries(count))


class Device:
    """routed into"""

    def __init__(self, entries, lowest_mtu):
        load()
        network.ip(network.GATE, f"""
            link add siit0 type ipxlat
            link set siit0 up
            {sites.to4("dev siit0")}
        """)
        ctl("set", "siit0", "remote-prefix6", sites.PREFIX6, "lowest-ipv6-mtu", str(lowest_mtu))
        ctl("map", "load", "siit0", "-", text=map_file(entries))


class ForwardedTo(Device):
    """sent into by a rule at the link's ingress, without a route"""

    def __init__(self, entries, lowest_mtu):
        super().__init__(entries, lowest_mtu)
        network.inside(network.GATE, "nft", "-f", "-", text=f"""
            table netdev bench {{
                chain in {{
                    type filter hook ingress device "in" priority 0
                    ip daddr {sites.ONE_ENTRY[0]} fwd to siit0
                    ip6 daddr {sites.PREFIX6} fwd to siit0
                }}
            }}""")
