#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: own_policy.py SUFFIX

In the network of own_network.sh: routing rules, and policies of IPsec, for what the host sends through its device.
Prints KTAP.
"""
import contextlib
import json
import os
import select
import socket
import subprocess
import sys
from typing import NamedTuple

from namespace import inside
from results import Results
from transfer import Wrong
from watch import PATIENCE, Watch

TCP, UDP, ESP = 6, 17, 50
SO_MARK, IPV6_TCLASS = 36, 67
IP_MTU_DISCOVER, IP_PMTUDISC_DONT = 10, 0
DROPPED = 9  # a port that far drops all packets for
KEY = "0x" + bytes(range(20)).hex()
HOST, FAR = (f"{name}-{sys.argv[1]}" for name in ("host", "far"))
LINKS = ("far1", "far2")


class Family(NamedTuple):
    """Of what leaves, and of what the host sends for it"""
    version: int
    sent: int  # AF_INET or AF_INET6
    target: str
    translated: str  # the target in this family
    source: str  # likewise
    gateways: tuple  # the ends of the first uplink


FAMILIES = (
    Family(6, socket.AF_INET, "198.18.0.7", "2001:db8:46::c612:7", "2001:db8:46::c000:201",
           ("2001:db8:1::1", "2001:db8:1::2")),
    Family(4, socket.AF_INET6, "2001:db8:46::c613:7", "198.19.0.7", "192.0.2.2", ("10.0.1.1", "10.0.1.2")))


def ip(namespace, *words):
    subprocess.run(["ip", "-n", namespace, *" ".join(words).split()], check=True)


@contextlib.contextmanager
def there(namespace, thing, words):
    """`ip THING add WORDS`, for a time"""
    ip(namespace, thing, "add", words)
    try:
        yield
    finally:
        if thing.startswith("xfrm"):
            ip(namespace, thing, "flush")
        else:
            ip(namespace, thing, "del", words)


def send(family, kind=UDP, size=100, port=0, tos=0, mark=0, user=0, target=None):
    """one datagram, or the first packet of a connection"""
    target = target or family.target
    with inside(HOST):
        sock = socket.socket(family.sent, socket.SOCK_STREAM if kind == TCP else socket.SOCK_DGRAM)
    with sock:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, SO_MARK, mark)
        if family.sent == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, IPV6_TCLASS, tos)
        else:
            sock.setsockopt(socket.SOL_IP, socket.IP_TOS, tos)
        os.fchown(sock.fileno(), user, -1)
        sock.bind(("", port))
        if kind == TCP:
            sock.connect_ex((target, DROPPED))
        else:
            sock.sendto(bytes(size), (target, DROPPED))


def is_last(packet):
    """of the fragments of a packet"""
    if packet.fragment:
        return not packet.fragment[3] & 1
    return packet.family == 6 or not packet.head[6] & 0x20


class Links:
    """What comes to far by each of the links"""

    def __init__(self):
        self.watches = [Watch(FAR, link) for link in LINKS]

    def next(self):
        """the next packet of TCP or UDP: the links that it came by, several if its fragments did"""
        seen = set()
        while select.select([watch.socket for watch in self.watches], [], [], PATIENCE)[0]:
            for link, watch in zip(LINKS, self.watches):
                for packet in watch.take():
                    if not packet.sent and packet.protocol in (TCP, UDP):
                        seen.add(link)
                        if is_last(packet):
                            return seen
        raise Wrong("nothing arrives")


def leaves_by(links, number, family, packet):
    send(family, **packet)
    seen = links.next()
    if seen != {f"far{number}"}:
        raise Wrong(f"a packet with {packet or 'nothing special'} came by {' and '.join(sorted(seen))}")


def steers(family, rule, packet, other):
    links = Links()
    with there(HOST, f"-{family.version} rule", f"{rule} lookup 100"):
        leaves_by(links, 1, family, other)
        leaves_by(links, 2, family, packet)
        leaves_by(links, 1, family, other)


RULES = (
    ("ipproto tcp", {"kind": TCP}, {}),
    ("ipproto udp", {}, {"kind": TCP}),
    ("ipproto udp", {"size": 3000}, {"kind": TCP}),
    (f"ipproto tcp dport {DROPPED}", {"kind": TCP}, {}),
    ("ipproto udp sport 5000", {"port": 5000}, {"port": 5001}),
    ("tos 0x10", {"tos": 0x10}, {"tos": 0x08}),
    ("fwmark 7", {"mark": 7}, {"mark": 8}),
    ("uidrange 1234-1234", {"user": 1234}, {"user": 1235}))


def dropped():
    """how many packets the device has"""
    done = subprocess.run(["ip", "netns", "exec", HOST, "ipxlatctl", "stats", "siit0", "-a", "--json"], check=True,
                          stdout=subprocess.PIPE)
    return sum(row["packets"] for row in json.loads(done.stdout)[0]["reasons"] if row["name"] != "ok")


def blocks(family):
    """a policy for one destination, and not for the one next to it, for which a packet is sent later"""
    blocked, free = (socket.inet_pton(*address) for address in (
        (socket.AF_INET6 if family.version == 6 else socket.AF_INET, family.translated[:-1] + last) for last in "78"))
    before = dropped()
    with there(HOST, "xfrm policy", f"dir out dst {family.translated} action block"), Watch(FAR, LINKS[0]) as watch:
        with contextlib.suppress(OSError):
            send(family)
        send(family, target=family.target[:-1] + "8")
        packets = watch.take_until(lambda packets: any(free in packet.head for packet in packets))
    if any(blocked in packet.head for packet in packets):
        raise Wrong("a packet for the blocked destination left")
    if not packets:
        raise Wrong("nothing arrives")
    if dropped() != before + 1:
        raise Wrong(f"{dropped() - before} packets were counted as dropped")


def arrives(family, size):
    """A datagram from the host. At most two may be lost, to find out what size arrives."""
    data = os.urandom(size)
    with inside(FAR):
        listener = socket.socket(socket.AF_INET6 if family.version == 6 else socket.AF_INET, socket.SOCK_DGRAM)
    with inside(HOST):
        client = socket.socket(family.sent, socket.SOCK_DGRAM)
    with listener, client:
        listener.settimeout(PATIENCE / 4)
        listener.bind((family.translated, 0))
        if family.sent == socket.AF_INET:
            client.setsockopt(socket.SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT)
        for _ in range(3):
            client.sendto(data, (family.target, listener.getsockname()[1]))
            with contextlib.suppress(TimeoutError):
                if listener.recv(1 << 16) != data:
                    raise Wrong("other bytes arrived")
                return
    raise Wrong(f"nothing of {size} bytes arrived")


def encrypts(family, mode):
    """Datagrams that fit, that do not fit with IPsec's headers, that do not fit without and come as fragments: these last
    not in transport mode over IPv4, where far would put together what is to be decrypted one by one."""
    sizes = (100, 1430) if (family.version, mode) == (4, "transport") else (100, 1430, 4000)
    source, target = (family.source, family.translated) if mode == "transport" else family.gateways
    ends = f"src {source} dst {target} proto esp"
    association = f"{ends} spi 14 mode {mode} aead rfc4106(gcm(aes)) {KEY} 128"
    policy = f"src {family.source} dst {family.translated} tmpl {ends} mode {mode}"
    with there(FAR, "xfrm state", association), there(HOST, "xfrm state", association), \
            there(FAR, "xfrm policy", f"dir in {policy}"), there(HOST, "xfrm policy", f"dir out {policy}"), \
            Watch(HOST, "eth1") as watch:
        for size in sizes:
            arrives(family, size)
        kinds = {packet.protocol for packet in watch.take() if packet.sent and packet.family == family.version}
        if UDP in kinds or ESP not in kinds:
            raise Wrong(f"on the wire were packets of the protocols {sorted(kinds)}")


results = Results()
for one in FAMILIES:
    for text, steered, not_steered in RULES:
        what = f"{text}, {steered['size']} bytes" if "size" in steered else text
        results.tell(f"a rule of IPv{one.version} steers: {what}", lambda: steers(one, text, steered, not_steered))
    results.tell(f"a policy of IPv{one.version} blocks, which is counted", lambda: blocks(one))
    for way in ("transport", "tunnel"):
        results.tell(f"a policy of IPv{one.version} encrypts in {way} mode, and what is sent arrives",
                     lambda: encrypts(one, way))
results.end()
