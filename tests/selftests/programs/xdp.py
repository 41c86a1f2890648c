# SPDX-License-Identifier: GPL-2.0-only
"""XDP programs on a device, without a compiler."""
import ctypes
import os
import socket
import struct

from namespace import inside, libc

SYS_BPF = {"x86_64": 321}.get(os.uname().machine, 280)
PROG_LOAD, LINK_CREATE = 5, 28
PROG_TYPE_XDP, ATTACH_XDP = 6, 37
NATIVE, GENERIC = 0, 2
LOAD, CALL, EXIT = 0xB7, 0x85, 0x95
FUNC_REDIRECT, FUNC_ADJUST_HEAD = 23, 44
PASS = 2


def instruction(code, register=0, value=0):
    return struct.pack("=BBhi", code, register, 0, value)


def bpf(command, attributes):
    buffer = ctypes.create_string_buffer(attributes, 128)
    descriptor = libc.syscall(SYS_BPF, command, buffer, len(attributes))
    if descriptor < 0:
        raise OSError(ctypes.get_errno(), "bpf")
    return descriptor


class Xdp:
    """The program is on the device until close()."""

    def __init__(self, namespace, device, instructions, mode):
        code = ctypes.create_string_buffer(b"".join(instructions))
        licence = ctypes.create_string_buffer(b"GPL")
        program = bpf(PROG_LOAD, struct.pack("=IIQQ", PROG_TYPE_XDP, len(instructions), ctypes.addressof(code),
                                             ctypes.addressof(licence)))
        with inside(namespace):
            self.link = bpf(LINK_CREATE,
                            struct.pack("=IIII", program, socket.if_nametoindex(device), ATTACH_XDP, mode))
        os.close(program)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        os.close(self.link)


def let_pass(namespace, device):
    """every packet is copied into pages of the driver's and goes on"""
    return Xdp(namespace, device, [instruction(LOAD, 0, PASS), instruction(EXIT)], NATIVE)


def redirect(namespace, device, target):
    """every packet goes into the device `target` of the same namespace"""
    with inside(namespace):
        index = socket.if_nametoindex(target)
    return Xdp(namespace, device, [instruction(LOAD, 1, index), instruction(LOAD, 2, 0),
                                   instruction(CALL, 0, FUNC_REDIRECT), instruction(EXIT)], GENERIC)


def cut_front(namespace, device, size):
    """so many bytes are taken off the front of every packet"""
    return Xdp(namespace, device, [instruction(LOAD, 2, size), instruction(CALL, 0, FUNC_ADJUST_HEAD),
                                   instruction(LOAD, 0, PASS), instruction(EXIT)], GENERIC)
