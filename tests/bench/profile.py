# SPDX-License-Identifier: GPL-2.0-only
"""Where the instructions of a packet are, by sampling the counted machine."""
import re

import nat64
import network
import pktgen

PERIOD = 10007  # instructions between samples; prime, so that samples do not keep step with packets
DATA = "/run/perf.data"


def modules():
    """of each symbol of a module, the module"""
    with open("/proc/kallsyms", encoding="utf-8") as symbols:
        return {words[2]: words[3].strip("[]") for words in map(str.split, symbols) if len(words) == 4}


def profile(flow, cost):
    """(instructions a packet, module, symbol) of a flow that costs so much, the greatest first"""
    with open("/proc/sys/kernel/perf_event_max_sample_rate", "w", encoding="utf-8") as rate:
        rate.write("1000000")
    with open("/proc/sys/kernel/perf_cpu_time_max_percent", "w", encoding="utf-8") as share:
        share.write("0")
    if flow.ports > 1:  # no packet may find the flow of another
        nat64.forget()
    pktgen.prepare(flow, 5 * pktgen.COUNT if flow.ports == 1 else flow.ports)
    network.inside(network.SOURCE, "perf", "record", "-q", "-a", "-e", "cpu-clock", "-c", str(PERIOD), "-o", DATA, "--",
                   "sh", "-c", f"echo start >{pktgen.DIRECTORY}/pgctrl")
    report = network.command("perf", "report", "-q", "-i", DATA, "--stdio", "--comms", "kpktgend_0",
                             "--sort", "sym", "-F", "sample,sym")
    lines = [(int(number), symbol) for number, symbol in re.findall(r"^ *(\d+) +\[.\] (\S+)", report, re.MULTILINE)]
    samples = sum(number for number, _ in lines)
    module = modules()
    return sorted(((cost * number / samples, module.get(symbol, "kernel"), symbol) for number, symbol in lines),
                  reverse=True)
