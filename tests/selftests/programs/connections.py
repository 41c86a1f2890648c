# SPDX-License-Identifier: GPL-2.0-only
"""usage: connections.py serve PORT
       connections.py open ADDRESS4 ADDRESS6 PORT FIRST COUNT

Serve: a TCP server of any address that sends back whatever comes. Open: COUNT connections over IPv4 and as many over IPv6,
of each from the local ports FIRST and following, all of them open at once; each then gets back what it alone has sent.
Prints how many of each did.
"""
import resource
import select
import socket
import sys

PATIENCE = 60


def many_files():
    resource.setrlimit(resource.RLIMIT_NOFILE, (1 << 17, 1 << 17))


def serve(port):
    many_files()
    listener = socket.create_server(("", port), family=socket.AF_INET, backlog=4096)
    poll, connections = select.epoll(), {}
    poll.register(listener, select.EPOLLIN)
    print("ready", flush=True)
    while True:
        for descriptor, _ in poll.poll():
            if descriptor == listener.fileno():
                connection, _ = listener.accept()
                connections[connection.fileno()] = connection
                poll.register(connection, select.EPOLLIN)
                continue
            data = connections[descriptor].recv(100)
            if data:
                connections[descriptor].sendall(data)
            else:
                poll.unregister(descriptor)
                connections.pop(descriptor).close()


def connected(family, address, port, local):
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.settimeout(PATIENCE)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    sock.bind(("", local))
    sock.connect((address, port))
    return sock


def is_answered(sock, word):
    sock.sendall(word)
    return sock.recv(100) == word


def open_all(address4, address6, port, first, count):
    many_files()
    ends = ((socket.AF_INET, address4), (socket.AF_INET6, address6))
    socks = [[connected(*end, port, first + number) for end in ends] for number in range(count)]
    answered = [sum(is_answered(pair[which], f"{which} {number}".encode()) for number, pair in enumerate(socks))
                for which in range(2)]
    print(f"{answered[0]} over IPv4, {answered[1]} over IPv6")
    return answered == [count, count]


if sys.argv[1] == "serve":
    serve(int(sys.argv[2]))
sys.exit(not open_all(sys.argv[2], sys.argv[3], *map(int, sys.argv[4:])))
