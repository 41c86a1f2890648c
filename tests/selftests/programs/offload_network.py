# SPDX-License-Identifier: GPL-2.0-only
"""The offloads of the devices of offload.sh's network."""
import contextlib
from typing import NamedTuple

from features import Features
from namespace import inside
from siit_network import DEVICE, Network

USO = "tx_udp_segmentation"


class Offloads(NamedTuple):
    """what a device does for the stack when it sends"""
    checksum: bool = False
    tso: bool = False
    uso: bool = False

    def __str__(self):
        return "+".join(name for name, on in zip(self._fields, self) if on) or "nothing"


ALL, NONE = Offloads(True, True, True), Offloads()


class OffloadNetwork(Network):
    def __init__(self, suffix):
        super().__init__(suffix)
        self.ends = [(self.four, "eth0"), (self.six, "eth0")]
        self.sides = [(self.gate, "eth4"), (self.gate, "eth6")]
        self.features = {namespace: Features(namespace, device)
                         for namespace, device in self.ends + [(self.gate, DEVICE)]}
        self.known = {}
        self.has_uso = self.features[self.four].can("eth0", "tx-udp-segmentation")  # a tun cannot before 6.2

    def switch(self, devices, **wanted):
        """features in the kernel's words, with _ for -"""
        for namespace, device in devices:
            known = self.known.setdefault((namespace, device), {})
            changes = {name.replace("_", "-"): on for name, on in wanted.items() if known.get(name) != on}
            if changes:
                self.features[namespace].switch(device, changes)
            known.update(wanted)

    def switch_offloads(self, ends, gate, device=ALL):
        """of the hosts, of the gateway's two sides, and of the ipxlat device"""
        for devices, offloads, has_uso in ((self.ends, ends, self.has_uso), (self.sides, gate, self.has_uso),
                                           ([(self.gate, DEVICE)], device, True)):
            wanted = {"tx_checksum_ip_generic": offloads.checksum, "tx_tcp_segmentation": offloads.tso,
                      "tx_tcp6_segmentation": offloads.tso}
            if has_uso:
                wanted[USO] = offloads.uso
            self.switch(devices, **wanted)

    @contextlib.contextmanager
    def without_df(self):
        """TCP of four has no DF meanwhile"""
        def write(value):
            with inside(self.four), open("/proc/sys/net/ipv4/ip_no_pmtu_disc", "w") as setting:
                setting.write(value)
        write("1")
        try:
            yield
        finally:
            write("0")
