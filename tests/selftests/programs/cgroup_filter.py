#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: cgroup_filter.py ADDRESS COMMAND...

Runs the command in a control group of its own, with a filter on what its programs send: packets to ADDRESS pass, no
others. Then prints how many packets the filter has seen of each family. Exits with the command's status.
"""
import ctypes
import os
import platform
import socket
import struct
import subprocess
import sys

BPF = {"x86_64": 321, "aarch64": 280}[platform.machine()]  # the system call
MAP_CREATE, MAP_LOOKUP, PROG_LOAD, PROG_ATTACH = 0, 1, 5, 8
TYPE_ARRAY, TYPE_CGROUP_SKB, CGROUP_INET_EGRESS = 2, 8, 1
CALL_LOOKUP, CALL_LOAD_BYTES = 1, 26
PROTOCOL = 16  # in struct __sk_buff
R0, R1, R2, R3, R4, R6, FRAME = 0, 1, 2, 3, 4, 6, 10
libc = ctypes.CDLL(None, use_errno=True)


def bpf(command, attributes):
    result = libc.syscall(BPF, command, attributes, len(attributes))
    if result < 0:
        raise OSError(ctypes.get_errno(), "bpf")
    return result


def address_of(buffer):
    return ctypes.addressof(buffer)


def op(code, target=0, source=0, offset=0, value=0):
    return struct.pack("=BBhI", code, target | source << 4, offset, value & 0xFFFFFFFF)


def move(target, source):
    return op(0xBF, target, source)


def put(target, value):
    return op(0xB7, target, value=value)


def add(target, value):
    return op(0x07, target, value=value)


def load(target, source, offset):
    return op(0x61, target, source, offset)


def store(offset, value):
    """into the frame"""
    return op(0x62, FRAME, offset=offset, value=value)


def call(function):
    return op(0x85, value=function)


EXIT = op(0x95)


def program(counters, allowed):
    """counters: a map, of packets of IPv4 and of others. allowed: an address as bytes"""
    ethertype, where = (0x0800, 16) if len(allowed) == 4 else (0x86DD, 24)
    deny = put(R0, 0) + EXIT
    code = move(R6, R1) + load(R2, R6, PROTOCOL) + store(-4, 0)
    code += op(0x15, R2, offset=1, value=socket.htons(0x0800)) + store(-4, 1)
    code += op(0x18, R1, 1, value=counters) + op(0)
    code += move(R2, FRAME) + add(R2, -4) + call(CALL_LOOKUP)
    code += op(0x15, R0, offset=2, value=0) + put(R1, 1) + op(0xDB, R0, R1)  # *r0 += 1
    code += load(R2, R6, PROTOCOL) + op(0x15, R2, offset=2, value=socket.htons(ethertype)) + deny
    code += move(R1, R6) + put(R2, where) + move(R3, FRAME) + add(R3, -24) + put(R4, len(allowed)) + call(CALL_LOAD_BYTES)
    code += op(0x15, R0, offset=2, value=0) + deny
    for at in range(0, len(allowed), 4):
        word, = struct.unpack_from("=I", allowed, at)
        code += load(R1, FRAME, at - 24) + op(0x16, R1, offset=2, value=word) + deny
    return code + put(R0, 1) + EXIT


def attach(group, allowed):
    """Returns the map of counters. OSError: this kernel does not take it."""
    counters = bpf(MAP_CREATE, struct.pack("=IIII", TYPE_ARRAY, 4, 8, 2))
    code = ctypes.create_string_buffer(program(counters, allowed))
    license_ = ctypes.create_string_buffer(b"GPL")
    size = len(code.raw) // 8
    loaded = bpf(PROG_LOAD, struct.pack("=IIQQIIQII", TYPE_CGROUP_SKB, size, address_of(code), address_of(license_),
                                        0, 0, 0, 0, 0))
    directory = os.open(group, os.O_RDONLY)
    bpf(PROG_ATTACH, struct.pack("=IIII", directory, loaded, CGROUP_INET_EGRESS, 0))
    return counters


def count(counters, key):
    key, value = ctypes.c_uint32(key), ctypes.c_uint64()
    bpf(MAP_LOOKUP, struct.pack("=IIQQQ", counters, 0, address_of(key), address_of(value), 0))
    return value.value


def enter(group):
    with open(f"{group}/cgroup.procs", "w", encoding="ascii") as file:
        file.write("0")


group = f"/sys/fs/cgroup/ipxlat-{os.getpid()}"
family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
os.mkdir(group)
try:
    counters = attach(group, socket.inet_pton(family, sys.argv[1]))
    status = subprocess.run(sys.argv[2:], preexec_fn=lambda: enter(group), check=False).returncode
    print(f"{count(counters, 0)} of IPv4, {count(counters, 1)} of IPv6")
finally:
    os.rmdir(group)
sys.exit(status)
