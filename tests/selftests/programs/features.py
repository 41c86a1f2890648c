# SPDX-License-Identifier: GPL-2.0-only
"""The offloads of a network device, as ethtool -K switches them, at the cost of one system call.

Names are the kernel's (tx-tcp-segmentation, rx-gro ...), see ethtool -k.
"""
import ctypes
import fcntl
import socket
import struct

from namespace import inside

SIOCETHTOOL = 0x8946
GSTRINGS, GSSET_INFO, GFEATURES, SFEATURES = 0x1B, 0x37, 0x3A, 0x3B
ETH_SS_FEATURES = 4
UNSUPPORTED = 1


class Features:
    """Those of the devices of one namespace. OSError, here and below: there is no such device, or no such feature."""

    def __init__(self, namespace, device):
        with inside(namespace):
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        _, answer = self.call(device, struct.pack("=IIQI", GSSET_INFO, 0, 1 << ETH_SS_FEATURES, 0))
        count = struct.unpack_from("=I", answer, 16)[0]
        _, answer = self.call(device, struct.pack("=III", GSTRINGS, ETH_SS_FEATURES, count) + bytes(32 * count))
        names = [answer[12 + 32 * i:44 + 32 * i].split(b"\0")[0].decode() for i in range(count)]
        self.bits = {name: bit for bit, name in enumerate(names)}
        self.blocks = (count + 31) // 32

    def call(self, device, request):
        """the system call's value and what it left in the request"""
        buffer = ctypes.create_string_buffer(request, len(request))
        interface = struct.pack("16sP16x", device.encode(), ctypes.addressof(buffer))
        return fcntl.ioctl(self.socket, SIOCETHTOOL, bytearray(interface)), buffer.raw

    def can(self, device, name):
        """whether it may be switched"""
        request = struct.pack("=II", GFEATURES, self.blocks) + bytes(16 * self.blocks)
        _, answer = self.call(device, request)
        block, bit = divmod(self.bits[name], 32)
        return bool(struct.unpack_from("=I", answer, 8 + 16 * block)[0] >> bit & 1)

    def switch(self, device, wanted):
        """wanted: a dictionary of names and truth values"""
        words = [0] * (2 * self.blocks)
        for name, on in wanted.items():
            block, bit = divmod(self.bits[name], 32)
            words[2 * block] |= 1 << bit
            words[2 * block + 1] |= bool(on) << bit
        result, _ = self.call(device, struct.pack(f"=II{len(words)}I", SFEATURES, self.blocks, *words))
        if result & UNSUPPORTED:
            raise OSError(f"{device} cannot have {wanted}")
