# SPDX-License-Identifier: GPL-2.0-only
"""The network of every row, in a machine that is there for it:

    source eth0 --- in gate out --- eth0 sink
           eth1 --------------------- eth1

What is counted packet by packet goes to a MAC address that sink does not have, so that sink drops it as soon as it sees
the header: the cheapest end that both families share. TCP goes to sink itself. eth1 tells what a packet's making and
its end cost alone.
"""
import os
import subprocess

import namespace

SOURCE, GATE, SINK = "source", "gate", "sink"
MAC = "02:00:00:00:00:"
GATE_MAC, NOBODY_MAC = MAC + "02", MAC + "ff"
SOURCE4, SOURCE6 = "203.0.113.9", "2001:db8:1::9"
SINK6 = "2001:db8:2::3"
PLAIN4, PLAIN6 = "198.51.0.0", "2001:db8:46::"  # the first of those that nobody has


def command(*words, text=None):
    """its standard output. CalledProcessError: it failed"""
    return subprocess.run(words, input=text, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          encoding="utf-8").stdout


def inside(namespace, *words, text=None):
    return command("ip", "netns", "exec", namespace, *words, text=text)


def ip(namespace, commands):
    """a line a command"""
    command("ip", "-n", namespace, "-batch", "-", text=commands)


def load(module):
    """a file, after what it depends on; what is there is there"""
    if loaded(os.path.basename(module).removesuffix(".ko")):
        return
    for needed in filter(None, command("modinfo", "-F", "depends", module).strip().split(",")):
        if not loaded(needed):
            command("modprobe", needed)
    command("insmod", module)


def loaded(name):
    return os.path.isdir(f"/sys/module/{name}")


def build():
    """anew if it is there"""
    for namespace in (SOURCE, GATE, SINK):
        if os.path.exists(f"/run/netns/{namespace}"):
            command("ip", "netns", "del", namespace)
        command("ip", "netns", "add", namespace)
        inside(namespace, "sysctl", "-qw", "net.ipv6.conf.all.accept_dad=0", "net.ipv6.conf.default.accept_dad=0")
    inside(GATE, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
    ip(SOURCE, f"""
        link add eth0 address {MAC}01 type veth peer name in netns {GATE} address {GATE_MAC}
        link add eth1 type veth peer name eth1 netns {SINK}
        link set eth0 up
        link set eth1 up
        address add {SOURCE4}/24 dev eth0
        address add {SOURCE6}/64 dev eth0
        route add default via 203.0.113.1
        route add default via 2001:db8:1::1
    """)
    ip(SINK, f"""
        link add eth0 address {MAC}04 type veth peer name out netns {GATE} address {MAC}03
        link set lo up
        link set eth0 up
        link set eth1 up
        address add {SINK6}/64 dev eth0
        route add default via 2001:db8:2::1
    """)
    ip(GATE, f"""
        link set lo up
        link set in up
        link set out up
        address add 203.0.113.1/24 dev in
        address add 2001:db8:1::1/64 dev in
        address add 192.0.2.1/24 dev out
        address add 2001:db8:2::1/64 dev out
        neighbour add {SOURCE4} lladdr {MAC}01 dev in
        neighbour add {SOURCE6} lladdr {MAC}01 dev in
        neighbour add 192.0.2.2 lladdr {NOBODY_MAC} dev out
        neighbour add 2001:db8:2::2 lladdr {NOBODY_MAC} dev out
        neighbour add {SINK6} lladdr {MAC}04 dev out
        route add {PLAIN4}/16 via 192.0.2.2
        route add {PLAIN6}/48 via 2001:db8:2::2
        route add 2001:db8:12::/48 via 2001:db8:2::2
    """)


def arrived(device):
    """packets that sink has seen"""
    with namespace.inside(SINK), open("/proc/net/dev", encoding="utf-8") as devices:
        line, = (line for line in devices if line.strip().startswith(f"{device}:"))
    return int(line.split()[2])


def expect(sent, there):
    """RuntimeError: other packets arrived than were sent, apart from a few of the neighbours' own"""
    if not sent <= there < sent + 10:
        raise RuntimeError(f"{there} of {sent} packets arrived")
