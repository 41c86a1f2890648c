# SPDX-License-Identifier: GPL-2.0-only
"""Jool in gate, hooked into netfilter, SIIT or NAT64: Debian's packages as scripts/bootstrap unpacks them and jool-modules builds them."""
import json
import os

import network
import sites

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = f"{HERE}/../../build/bench/jool"
CONFIGURATION = "/run/jool.json"


def run(program, *words):
    return network.inside(network.GATE, f"{ROOT}/usr/bin/{program}", *words)


def load(module):
    modules = f"{ROOT}/{os.uname().release}"
    if not os.path.isdir(modules):
        raise LookupError("it was not built for this kernel (scripts/bootstrap bench)")
    for name in ("jool_common", module):
        network.load(f"{modules}/{name}.ko")


class Jool:
    def __init__(self, entries, lowest_mtu):
        load("jool_siit")
        table = [{"ipv6 prefix": v6, "ipv4 prefix": v4} for v4, v6 in sites.entries(entries)]
        with open(CONFIGURATION, "w", encoding="utf-8") as file:
            json.dump({"instance": "default", "framework": "netfilter", "eamt": table,
                       "global": {"pool6": sites.PREFIX6, "lowest-ipv6-mtu": lowest_mtu}}, file)
        run("jool_siit", "file", "handle", CONFIGURATION)


class Nat64:
    """with all ports of a pool of IPv4 addresses"""

    def __init__(self, pool4, pool6):
        load("jool")
        run("jool", "instance", "add", "--netfilter", "--pool6", pool6)
        for protocol in ("--tcp", "--udp", "--icmp"):
            run("jool", "pool4", "add", protocol, pool4, "1-65535")
