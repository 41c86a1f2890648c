#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The path MTU through a NAT64 gateway, in a network where everything but one link or route of each family takes 9000 bytes
# (routed_network in daemon_network.sh): the gateway's own links, in masquerade mode, or routes of the routers behind, in
# pool mode, whose ICMP errors the gateway translates.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/../daemon_network.sh"
needs python3

routed_network
# each cell provokes the same errors again
for where in near gate far; do
	ns $where sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
done

# matrix HOW PUBLIC4: all transfers for all pairs of MTUs
matrix() {
	take_over "$1: the transfers came to their end" \
		python3 "$repository/tests/selftests/programs/path_mtu.py" $$ "$@"
}

for end in client:eth1 near:eth0 near:eth1 gate:eth0 gate:eth1 far:eth0 far:eth1 server:eth0; do
	ip -n "${end%:*}-$$" link set "${end#*:}" mtu 9000
done
services='[{ protocol = "udp", ADDRESS port = 7000, to = "[2001:db8:1::11]:7000" },
	{ protocol = "tcp", ADDRESS port = 7000, to = "[2001:db8:1::11]:7000" }]'
configured "forward = ${services//ADDRESS/}"
daemon gate
check "the gateway comes up" comes_to gate edge "on: "
matrix own-links 203.0.113.2
configured 'pool4 = ["203.0.113.16/32"]' "forward = ${services//ADDRESS/address = \"203.0.113.16\",}"
reload gate
check "the mode changes" comes_to gate edge "on: 64:ff9b::/96 is translated to 203.0.113.16/32"
for end in near:eth1 gate:eth0 gate:eth1 far:eth0; do
	ip -n "${end%:*}-$$" link set "${end#*:}" mtu 9000
done
check "it has noticed its links" wait_for bash -c "ip netns exec gate-$$ ipxlatctl show edge | grep 'lowest-ipv6-mtu 9000' &&
	ip netns exec gate-$$ nft list table ip ipxlat-edge | grep 'size set 8940 '"
matrix far-routes 203.0.113.16
check "the daemon stops" stop gate-ipxlatd
finish
