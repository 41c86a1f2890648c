#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: offload.py SUFFIX KIND

Tests in the network of offload.sh, whose namespaces end in -SUFFIX, over links of the kind veth, tap or tun, perhaps
with a VLAN. Prints KTAP.
"""
import sys

import offload_cases
import offload_matrix
import offload_speed
from offload_network import OffloadNetwork
from results import Results

network, kind = OffloadNetwork(sys.argv[1]), sys.argv[2]
results = Results()
offload_matrix.run(network, kind, results)
if kind == "veth":
    offload_cases.run(network, results)
    offload_speed.run(network, results)
results.end()
