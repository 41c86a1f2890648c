#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A NAT64 gateway that is drained: flows that are there go on, new ones are refused, and its route says so.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/../daemon_network.sh"
needs python3

server=64:ff9b::203.0.113.9

drain() {
	ns gate env "IPXLAT_STATE=$scratch/gate-run/state.json" ipxlatctl "$@"
}

has_metric() {
	ns gate ip -6 route show 64:ff9b::/96 dev edge | tee /dev/stderr | grep -q "metric $1 "
}

gateway_network
check "the server answers" answering server
configured ""
daemon gate
check "the gateway comes up" comes_to gate edge "on: "
check "the server answers through it" wait_for asks client tcp $server 203.0.113.2
check "a connection is open" open_connection $server
check_says "another instance cannot be drained" 'there is no NAT64 instance "border"; there are: edge' bash -c "
	! ip netns exec gate-$$ env 'IPXLAT_STATE=$scratch/gate-run/state.json' ipxlatctl drain border 2>&1"
check "the gateway is drained" drain drain edge
check "its route says so" has_metric 65535
check_says "so does its state" "it takes no new flows" cat "$scratch/gate-run/state.json"
check_says "new flows are refused" "No route" bash -c "! ip netns exec client-$$ ping -c 1 -W 5 $server"
echo >&7
check "the connection goes on" wait_for grep "answered: second" "$scratch/twice.log"
exec 7>&-
stop gate-ipxlatd KILL
daemon gate
check "the next daemon knows it" comes_to gate edge "on: "
check "and leaves the route as it is" has_metric 65535
check "it takes flows again" drain resume edge
check "which its route says" has_metric 1024
check "they are answered" wait_for ns client ping -c 1 -W 5 $server
check "the daemon stops" stop gate-ipxlatd
check_says "without a daemon there is nothing to drain" "no ipxlatd runs" bash -c "
	! ip netns exec gate-$$ env 'IPXLAT_STATE=$scratch/gate-run/state.json' ipxlatctl drain edge 2>&1"
finish
