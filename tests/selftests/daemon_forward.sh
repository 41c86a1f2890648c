#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Services of an IPv6-only server that IPv4 reaches at a NAT64 gateway. Here "client" is the server, and "server" asks.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/daemon_network.sh"
needs python3 conntrack

gateway_network

# where ADDRESS: the services there
where() {
	check "$1: TCP reaches the server, which sees the asker below the prefix" wait_for asks server tcp "$1" 64:ff9b::cb00:7109
	check "$1: so does UDP" asks server udp "$1" 64:ff9b::cb00:7109
	check "$1: so does ping" ns server ping -c 1 -W 5 "$1"
	check "$1: the server is what answers it" wait_for bash -c "
		ip netns exec gate-$$ conntrack -L -f ipv6 -p icmpv6 | grep 'src=2001:db8:1::11'"
}

check "the IPv6-only server answers" answering client
configured 'forward = [{ protocol = "tcp", port = 80, to = "[2001:db8:1::11]:80" },' '
	{ protocol = "udp", port = 9, to = "[2001:db8:1::11]:9" }, { protocol = "icmp", to = "2001:db8:1::11" }]'
daemon gate
check "the gateway comes up" comes_to gate edge "on: "
where 203.0.113.2
ns gate ip address add 203.0.113.3/24 dev eth1
ns gate ip address del 203.0.113.2/24 dev eth1
ns gate ip address add 203.0.113.3/24 dev eth1
check "the uplink has another address: so has the service" wait_for asks server tcp 203.0.113.3 64:ff9b::cb00:7109
configured 'pool4 = ["203.0.113.16/28"]' 'forward = [
	{ protocol = "tcp", address = "203.0.113.17", port = 80, to = "[2001:db8:1::11]:80" },
	{ protocol = "udp", address = "203.0.113.17", port = 9, to = "[2001:db8:1::11]:9" },
	{ protocol = "icmp", address = "203.0.113.17", to = "2001:db8:1::11" }]'
reload gate
check "the mode changes" comes_to gate edge "on: 64:ff9b::/96 is translated to 203.0.113.16/28"
where 203.0.113.17
check_not "the other addresses have no service" ask server udp 203.0.113.18 9
check_not "nobody was taken for a disturber" grep "somebody has changed" "$scratch/gate-ipxlatd.log"
check "the daemon stops" stop gate-ipxlatd
finish
