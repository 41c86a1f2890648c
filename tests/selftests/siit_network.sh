# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by selftests of forwarded traffic: two hosts and the gateway between them, as in a data centre.
#
#   four 203.0.113.9 eth0 --- eth4 203.0.113.1 gate siit0 gate 2001:db8:12::1 eth6 --- eth0 2001:db8:12::10 six
#
# 198.51.100.10 is six in IPv4; 2001:db8:46::/96 holds the IPv4 Internet. Programs find it in programs/siit_network.py.

# batch NAMESPACE: ip commands on standard input, all of which succeed
batch() {
	ip -n "$1-$$" -batch -
}

# new_device: siit0 in gate, with the routes into it
new_device() {
	batch gate <<-END
		link add siit0 type ipxlat
		link set siit0 up
		route add 198.51.100.10/32 dev siit0
		route add 2001:db8:46::/96 dev siit0
	END
}

configure() {
	ns gate ipxlatctl set siit0 remote-prefix6 2001:db8:46::/96 local-map 198.51.100.10 2001:db8:12::10
}

# device: one that translates
device() {
	new_device && configure
}

# counter REASON: how many packets siit0 has counted so
counter() {
	ns gate ipxlatctl stats siit0 -a --json | python3 -c "
import json, sys
rows = json.load(sys.stdin)[0]['reasons']
print(next(row['packets'] for row in rows if row['name'] == '$1'))"
}

# gateway: the three namespaces, and siit0 in one of them, without links
gateway() {
	namespaces four gate six
	ns gate sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	device
}

# use DEVICE ADDRESS [VLAN]: the commands that bring the device up, and give it or the VLAN on it the address
use() {
	local name=$1${3:+.$3}
	echo "link set $1 up"
	if [ -n "${3-}" ]; then echo "link add link $1 name $name up type vlan id $3"; fi
	echo "address add $2 dev $name"
}

# addresses [VLAN]: of the links, once they are there; the hosts reach each other then
addresses() {
	batch gate < <(use eth4 203.0.113.1/24 "${1-}"; use eth6 2001:db8:12::1/64 "${1-}") &&
		batch four < <(use eth0 203.0.113.9/24 "${1-}"; echo "route add default via 203.0.113.1") &&
		batch six < <(use eth0 2001:db8:12::10/64 "${1-}"; echo "route add default via 2001:db8:12::1") &&
		wait_for ns four ping -c 1 -W 1 198.51.100.10
}

# siit_network: all of it over veth
siit_network() {
	gateway
	veth four:eth0 gate:eth4
	veth six:eth0 gate:eth6
	check "four pings six through the device" addresses
}

# no_routes: none leads into the device any more; the neighbours, for which nobody would ask then, stay known
no_routes() {
	batch gate <<-END
		neigh replace 203.0.113.9 lladdr $(ns four cat /sys/class/net/eth0/address) dev eth4
		neigh replace 2001:db8:12::10 lladdr $(ns six cat /sys/class/net/eth0/address) dev eth6
		route del 198.51.100.10/32
		route del 2001:db8:46::/96
	END
}
