#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: order.py SUFFIX

In the network of siit_network.sh: packets of a flow do not overtake each other, although packet sockets on the device
come and go meanwhile, so that some packets are cloned and others are not. Prints KTAP.
"""
import os
import struct
import sys
import threading
import time

from namespace import inside
from results import Results
from siit_network import Network
from transfer import Train, Wrong, stream

COUNT = 10000
STREAM = os.urandom(3000000)


def numbered(way):
    watch = None
    with Train(way) as flow:
        for number in range(COUNT):
            if number % 500 == 0:
                watch = network.watch()
            elif number % 500 == 250:
                watch.socket.close()
            flow.client.send(struct.pack("!I", number))
        flow.listener.settimeout(5)
        numbers = []
        try:
            while len(numbers) < COUNT:
                numbers.append(struct.unpack("!I", flow.listener.recv(100))[0])
        except TimeoutError:
            raise Wrong(f"{len(numbers)} of {COUNT} arrived") from None
    if numbers != sorted(numbers):
        raise Wrong(f"{sum(b < a for a, b in zip(numbers, numbers[1:]))} came behind a later one")


def out_of_order(namespace):
    """TCP segments that have come to the namespace before what is in front of them"""
    with inside(namespace), open("/proc/thread-self/net/netstat") as file:
        names, values = [line.split() for line in file if line.startswith("TcpExt:")]
    return int(values[names.index("TCPOFOQueue")])


def come_and_go(over):
    while not over.is_set():
        with network.watch():
            time.sleep(0.01)
        time.sleep(0.01)


def tcp(way):
    before = out_of_order(way.server)
    over = threading.Event()
    tapping = threading.Thread(target=come_and_go, args=(over,))
    tapping.start()
    try:
        stream(way, STREAM)
    finally:
        over.set()
        tapping.join()
    late = out_of_order(way.server) - before
    if late:
        raise Wrong(f"{late} segments came before their turn")


network = Network(sys.argv[1])
results = Results()
for name, way in list(network.ways.items()) + [("from the gateway itself", network.own)]:
    results.tell(f"{name}: {COUNT} numbered datagrams arrive in order", lambda: numbered(way))
    results.tell(f"{name}: no TCP segment overtakes another", lambda: tcp(way))
results.end()
