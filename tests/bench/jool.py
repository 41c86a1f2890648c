# SPDX-License-Identifier: GPL-2.0-only
"""Jool SIIT in gate, hooked into netfilter: Debian's packages as scripts/bootstrap unpacks them and jool-modules builds them."""
import json
import os

import network
import sites

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = f"{HERE}/../../build/bench/jool"
CONFIGURATION = "/run/jool.json"


def siit(*words):
    return network.inside(network.GATE, f"{ROOT}/usr/bin/jool_siit", *words)


class Jool:
    def __init__(self, entries, lowest_mtu):
        modules = f"{ROOT}/{os.uname().release}"
        if not os.path.isdir(modules):
            raise LookupError("it was not built for this kernel (scripts/bootstrap bench)")
        for name in ("jool_common", "jool_siit"):
            if not os.path.isdir(f"/sys/module/{name}"):
                network.command("insmod", f"{modules}/{name}.ko")
        table = [{"ipv6 prefix": v6, "ipv4 prefix": v4} for v4, v6 in sites.entries(entries)]
        with open(CONFIGURATION, "w", encoding="utf-8") as file:
            json.dump({"instance": "default", "framework": "netfilter", "eamt": table,
                       "global": {"pool6": sites.PREFIX6, "lowest-ipv6-mtu": lowest_mtu}}, file)
        siit("file", "handle", CONFIGURATION)
