#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A NAT64 gateway by the README's lines alone.
. "$(dirname "$0")/machine.sh"

check "the machine has addresses, by networkd" gateway_links
gateway_neighbours
readme "A NAT64 gateway" 1 >/etc/ipxlat/ipxlatd.toml
check "README: a configuration" test -s /etc/ipxlat/ipxlatd.toml
readme_commands "Then, on either" 1
check_says "a client reaches an IPv4 server" 203.0.113.2 \
	wait_for ns client curl -sf --max-time 5 "http://[64:ff9b::$server]/"
check_says "networkd leaves the device alone" unmanaged networkctl list edge
check_says "doctor knows who has the links" "eth0 by systemd-networkd, eth1 by systemd-networkd" ipxlatctl doctor
finish
