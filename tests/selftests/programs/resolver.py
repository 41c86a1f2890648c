# SPDX-License-Identifier: GPL-2.0-only
"""usage: resolver.py ADDRESS FILE

A resolver on UDP port 53 of ADDRESS that says what FILE has when it is asked: "SECONDS IPV6..." are the answer's lifetime
and addresses for whatever name; without addresses there are none; "nothing" is no such name, "silence" no answer,
"failure" SERVFAIL. Prints the name and the type of each question, and by whom it was asked."""
import signal
import socket
import struct
import sys

AAAA, INTERNET = 28, 1
RESPONSE = 0x8180  # recursion desired and available
SERVFAIL, NXDOMAIN = 2, 3


def question_of(message):
    """(name, type, the question's bytes)"""
    at, labels = 12, []
    while message[at]:
        labels.append(message[at + 1:at + 1 + message[at]].decode())
        at += 1 + message[at]
    return ".".join(labels), struct.unpack_from("!H", message, at + 1)[0], message[12:at + 5]


def record(address, seconds):
    # the name is that of the question, by a pointer (RFC 1035 section 4.1.4)
    return struct.pack("!HHHIH", 0xC00C, AAAA, INTERNET, seconds, 16) + socket.inet_pton(socket.AF_INET6, address)


def reply(message, question, code, records):
    return message[:2] + struct.pack("!HHHHH", RESPONSE | code, 1, len(records), 0, 0) + question + b"".join(records)


def answer(message, question, words):
    if words[0] == "silence":
        return None
    if words[0] in ("nothing", "failure"):
        return reply(message, question, NXDOMAIN if words[0] == "nothing" else SERVFAIL, [])
    return reply(message, question, 0, [record(address, int(words[0])) for address in words[1:]])


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
address, _, scope = sys.argv[1].partition("%")
sock.bind((address, 53, 0, socket.if_nametoindex(scope) if scope else 0))
print("ready", flush=True)
while True:
    message, source = sock.recvfrom(2048)
    name, kind, question = question_of(message)
    print(f"{name} {kind} by {source[0]}", flush=True)
    with open(sys.argv[2], encoding="utf-8") as file:
        said = answer(message, question, file.read().split())
    if said:
        sock.sendto(said, source)
