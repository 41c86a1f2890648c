#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: answers.py

TCP port 80 and UDP port 9 answer with the address of whoever asks, and over IPv4 alone, TCP port 7 with what it is
sent, UDP port 10 with as many bytes as it is asked for.
"""
import socket
import socketserver
import threading


class Address(socketserver.BaseRequestHandler):
    def handle(self):
        text = self.client_address[0].encode()
        if isinstance(self.request, tuple):
            self.request[1].sendto(text, self.client_address)
        else:
            self.request.sendall(text)


class Mirror(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(4096):
            self.request.sendall(data)


class Bytes(socketserver.BaseRequestHandler):
    def handle(self):
        self.request[1].sendto(bytes(int(self.request[0])), self.client_address)


class OfIpv6:
    address_family = socket.AF_INET6

    def server_bind(self):
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        super().server_bind()


class Tcp6(OfIpv6, socketserver.ThreadingTCPServer):
    pass


class Udp6(OfIpv6, socketserver.ThreadingUDPServer):
    pass


socketserver.ThreadingTCPServer.allow_reuse_address = True
servers = [
    socketserver.ThreadingTCPServer(("0.0.0.0", 80), Address),
    socketserver.ThreadingTCPServer(("0.0.0.0", 7), Mirror),
    socketserver.ThreadingUDPServer(("0.0.0.0", 9), Address),
    socketserver.ThreadingUDPServer(("0.0.0.0", 10), Bytes),
    Tcp6(("::", 80), Address),
    Udp6(("::", 9), Address),
]
threads = [threading.Thread(target=server.serve_forever) for server in servers]
for thread in threads:
    thread.start()
print("ready", flush=True)
