# SPDX-License-Identifier: GPL-2.0-only
"""ipxlatd's SIIT in gate with flowtables, of which each flow needs an answer, and its client to be where it came from."""
import nat64
import network
import sites
from pktgen import Flow

CLIENT4, CLIENT6 = (str(first + sites.ONE + 2) for first in (sites.LOCAL4, sites.LOCAL6))
TO4 = Flow(CLIENT6, sites.internet(network.PLAIN4))
ANSWER4 = nat64.packet(network.PLAIN4, CLIENT4)
ANSWER6 = nat64.packet(str(sites.LOCAL6 + sites.ONE), sites.internet(network.SOURCE4))


def gateway(*_):
    nat64.ipxlatd(f"""
        [siit.bench]
        remote-prefix6 = "{sites.PREFIX6}"
        local-map = [["{sites.ONE_ENTRY[0]}", "{sites.ONE_ENTRY[1]}"]]
        flowtable-links = ["in", "out"]
    """)
    network.ip(network.GATE, f"route add {CLIENT6} via {network.SOURCE6}")
    nat64.make_room()
