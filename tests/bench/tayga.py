# SPDX-License-Identifier: GPL-2.0-only
"""TAYGA in gate: a program behind a TUN device."""
import shutil
import subprocess
import time

import network
import sites

CONFIGURATION = "/run/tayga.conf"
QUEUE = 30000  # packets: more than pktgen.COUNT, less than the 32,767 that a TUN device takes


class Tayga:
    def __init__(self, entries, _):
        if not shutil.which("tayga"):
            raise LookupError("tayga is not installed (scripts/bootstrap bench)")
        with open(CONFIGURATION, "w", encoding="utf-8") as file:
            file.write(f"""
                tun-device siit0
                ipv4-addr 192.168.255.1
                ipv6-addr 2001:db8:ff::1
                prefix {sites.PREFIX6}
                """ + "\n".join(f"map {v4} {v6}" for v4, v6 in sites.entries(entries)) + "\n")
        network.command("modprobe", "tun")
        network.inside(network.GATE, "tayga", "--config", CONFIGURATION, "--mktun")
        # the generator has the only CPU until all packets of a row are in the queue
        network.ip(network.GATE, f"""
            link set siit0 txqueuelen {QUEUE}
            link set siit0 up
            {sites.to4("dev siit0")}
        """)
        self.program = subprocess.Popen(["ip", "netns", "exec", network.GATE, "tayga", "--config", CONFIGURATION, "-d"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def finish(self, packets):
        """waits until so many have arrived"""
        give_up = time.monotonic() + 60
        while network.arrived("eth0") < packets and time.monotonic() < give_up:
            time.sleep(0.002)

    def remove(self):
        self.program.terminate()
        self.program.wait()
