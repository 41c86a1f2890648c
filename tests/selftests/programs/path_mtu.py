#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: path_mtu.py SUFFIX own-links|far-routes PUBLIC4

In the network of routed_network (daemon_network.sh), where every link takes 9000 bytes: for twelve pairs of MTUs, which
the gateway's own links have or the routes of the routers behind, transfers between the client and the server, both ways,
TCP and UDP, with DF and without. PUBLIC4 is where the client's ports 7000 are reached. What senders with DF learn from
ICMP is compared with what they should.
"""
import errno
import itertools
import os
import select
import socket
import subprocess
import sys
import threading
import time

from namespace import inside
from results import Results
from transfer import PATIENCE, Wrong, receive, send

IP_MTU_DISCOVER, IP_RECVERR, IP_MTU = 10, 11, 14
IPV6_MTU_DISCOVER, IPV6_RECVERR, IPV6_MTU = 23, 25, 24
DONT, WANT, DO = 0, 1, 2
LEAST6 = 1280
STREAM, DATAGRAM = 40_000, 6_000
SERVER4, SERVER6, PORT = "203.0.113.137", "64:ff9b::203.0.113.137", 7000
suffix, where, public4 = sys.argv[1:]
client, near, gate, far, server = (f"{name}-{suffix}" for name in ("client", "near", "gate", "far", "server"))


def command(*words):
    """its output; Wrong: it failed"""
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, encoding="utf-8")
    if done.returncode:
        raise Wrong(f"{' '.join(words)}: {done.stdout}")
    return done.stdout


def own_links():
    """the gateway has noticed them"""
    for host, device, mtu in ((near, "eth1", mtu6), (gate, "eth0", mtu6), (gate, "eth1", mtu4), (far, "eth0", mtu4)):
        command("ip", "-n", host, "link", "set", device, "mtu", str(mtu))
    end = time.monotonic() + 3 * PATIENCE
    segment = min(mtu6 - 60, mtu4 - 40)
    while not (f"lowest-ipv6-mtu {mtu6}" in command("ip", "netns", "exec", gate, "ipxlatctl", "show", "edge") and
               f"size set {segment} " in command("ip", "netns", "exec", gate, "nft", "list", "table", "ip", "ipxlat-edge")):
        if time.monotonic() > end:
            raise Wrong("the gateway has not noticed")


def far_routes():
    """toward the hosts"""
    command("ip", "-n", near, "route", "change", "2001:db8:1::/64", "dev", "eth0", "proto", "kernel", "metric", "256",
            "mtu", str(mtu6))
    command("ip", "-n", far, "route", "change", "203.0.113.128/25", "dev", "eth1", "proto", "kernel", "scope", "link",
            "src", "203.0.113.129", "mtu", str(mtu4))


def forget():
    """what the hosts know of paths"""
    command("ip", "-n", client, "-6", "route", "flush", "cache")
    command("ip", "-n", server, "-4", "route", "flush", "cache")


def opened(host, kind, discover):
    """a socket of the client's or the server's family"""
    with inside(host):
        sock = socket.socket(socket.AF_INET6 if host == client else socket.AF_INET, kind)
    sock.settimeout(PATIENCE)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if host == client:
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_MTU_DISCOVER, discover)
    else:
        sock.setsockopt(socket.SOL_IP, IP_MTU_DISCOVER, discover)
    return sock


def listening(host, kind):
    sock = opened(host, kind, WANT)
    sock.bind(("", PORT))
    return sock


def told(sock):
    """the path's MTU, as the sender knows it"""
    if sock.family == socket.AF_INET6:
        return sock.getsockopt(socket.IPPROTO_IPV6, IPV6_MTU)
    return sock.getsockopt(socket.SOL_IP, IP_MTU)


def wanted(host):
    """the MTU that a sender of packets with DF comes to; a route is narrow only toward its host"""
    if where == "far-routes":
        return mtu6 - 20 if host == server else max(mtu4 + 20, LEAST6)
    if host == server:
        return min(mtu4, mtu6 - 20)
    return min(mtu6, max(mtu4 + 20, LEAST6))


def target(host):
    return (SERVER6 if host == client else public4), PORT


def other(host):
    return server if host == client else client


def stream(host, discover):
    data = os.urandom(STREAM)
    with listening(other(host), socket.SOCK_STREAM) as listener, opened(host, socket.SOCK_STREAM, discover) as sock:
        listener.listen()
        sock.connect(target(host))
        peer = listener.accept()[0]
        peer.settimeout(PATIENCE)
        sender = threading.Thread(target=send, args=(sock, data))
        sender.start()
        got = receive(peer, len(data))
        sender.join()
        peer.close()
    if got != data:
        raise Wrong(f"{len(got)} of {len(data)} bytes arrived")


def arrives(sock, listener, data, seconds):
    """whether the datagram does; not, too, as soon as there is an error"""
    try:
        sock.send(data)
    except OSError as error:
        if error.errno not in (errno.EMSGSIZE, errno.ECONNREFUSED):
            raise
        return False
    ready = select.poll()
    ready.register(listener, select.POLLIN)
    ready.register(sock, 0)
    for descriptor, _ in ready.poll(seconds * 1000):
        if descriptor == listener.fileno():
            if listener.recv(1 << 16) != data:
                raise Wrong("another datagram arrived")
            return True
    return False


def whole(host):
    """a datagram that may be cut; some are lost while the sender learns the MTU"""
    data = os.urandom(DATAGRAM)
    with listening(other(host), socket.SOCK_DGRAM) as listener, opened(host, socket.SOCK_DGRAM, DONT) as sock:
        sock.connect(target(host))
        if not any(arrives(sock, listener, data, 0.3) for _ in range(60)):
            raise Wrong("it did not arrive")


def probed(host):
    """datagrams with DF, as long as the sender believes that they may be, until one arrives"""
    headers = 48 if host == client else 28
    with listening(other(host), socket.SOCK_DGRAM) as listener, opened(host, socket.SOCK_DGRAM, DO) as sock:
        if host == client:
            sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
        else:
            sock.setsockopt(socket.SOL_IP, IP_RECVERR, 1)
        sock.connect(target(host))
        sock.setblocking(False)  # errors are taken as they are there
        seen = [told(sock)]
        end = time.monotonic() + PATIENCE
        while not arrives(sock, listener, os.urandom(seen[-1] - headers), 2):
            if time.monotonic() > end:
                raise Wrong(f"nothing arrived; MTUs told: {seen}")
            while errors(sock):
                pass
            if told(sock) != seen[-1]:
                seen.append(told(sock))
        if seen[-1] != wanted(host):
            raise Wrong(f"MTUs told: {seen}, the last one should be {wanted(host)}")
    return f"MTUs told: {seen}"


def errors(sock):
    """takes an error that waits, if one does"""
    try:
        return bool(sock.recvmsg(0, 512, socket.MSG_ERRQUEUE))
    except BlockingIOError:
        return False


results = Results()
for mtu4, mtu6 in itertools.product((576, 1400, 1500), (1280, 1400, 1500, 9000)):
    path = f"{where}: IPv6 {mtu6}, IPv4 {mtu4}"
    results.tell(path, own_links if where == "own-links" else far_routes)
    forget()
    for name, host in (("6 to 4", client), ("4 to 6", server)):
        results.tell(f"{path}, {name}: UDP with DF is told the MTU", lambda: probed(host))
        results.tell(f"{path}, {name}: UDP that may be cut arrives", lambda: whole(host))
        results.tell(f"{path}, {name}: TCP arrives", lambda: stream(host, WANT))
    results.tell(f"{path}, 4 to 6: TCP without DF arrives", lambda: stream(server, DONT))
results.end()
