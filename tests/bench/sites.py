# SPDX-License-Identifier: GPL-2.0-only
"""The addresses that every translator in gate translates.

10.0.0.0 and following are 2001:db8:12:: and following, by one entry of the map or by one for each; in IPv6, the IPv4
Internet is 2001:db8:64::/96.
"""
import ipaddress

import network

PREFIX6 = "2001:db8:64::/96"
LOCAL4, LOCAL6 = ipaddress.ip_address("10.0.0.0"), ipaddress.ip_address("2001:db8:12::")
ONE_ENTRY = ("10.0.0.0/12", "2001:db8:12::/108")
ONE = 0x8005  # which of them has the only flow
MANY = 1024  # as many flows as there are first ones of them


def internet(address):
    """how an IPv4 address is written in IPv6"""
    return str(ipaddress.ip_network(PREFIX6)[int(ipaddress.ip_address(address))])


def entries(count):
    """(IPv4 prefix, IPv6 prefix) of the map, strings; with more than one for single addresses, as many"""
    if count == 1:
        return [ONE_ENTRY]
    return [(f"{LOCAL4 + i}/32", f"{LOCAL6 + i}/128") for i in range(count)]


def to4(gate):
    """ip commands: gate's routes to what is translated"""
    return f"""
        route add {ONE_ENTRY[0]} {gate}
        route add {PREFIX6} {gate}
    """


SINK4, SINK6 = LOCAL4 + ONE + 1, LOCAL6 + ONE + 1  # sink itself, for TCP
