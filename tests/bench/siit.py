# SPDX-License-Identifier: GPL-2.0-only
"""ipxlatd's SIIT in gate with flowtables, of which each flow needs an answer."""
import nat64
import network
import sites

SITE4, SITE6 = (str(first + sites.ONE) for first in (sites.LOCAL4, sites.LOCAL6))
ANSWER6 = nat64.packet(SITE6, sites.internet(network.SOURCE4))
ANSWER4 = nat64.packet(network.PLAIN4, SITE4)


def gateway(*_):
    nat64.ipxlatd(f"""
        [siit.bench]
        remote-prefix6 = "{sites.PREFIX6}"
        local-map = [["{sites.ONE_ENTRY[0]}", "{sites.ONE_ENTRY[1]}"]]
        flowtable-links = ["in", "out"]
    """)
    nat64.make_room()
