#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What programs do over IPv4 on a host that is a CLAT, with each kind of address6: daemon_clat.sh has most of it for a
# dedicated and a shared one.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/../daemon_network.sh"
needs python3 traceroute

server=203.0.113.9
clat_network
configured ""

# hops HOP...: a traceroute to the server shows these
hops() {
	ns host traceroute -n -q 1 -w 5 -m 5 $server | tee /dev/stderr | awk 'NR > 1 { print $2 }' >"$scratch/hops"
	[ "$(tr '\n' ' ' <"$scratch/hops")" = "$* " ]
}

# works KIND
works() {
	check "$1: TCP arrives from the gateway's address" asks host tcp $server 203.0.113.2
	check "$1: ping is answered" ns host ping -c 2 -i 0.2 -W 5 $server
	check_says "$1: a closed port is told to the host" "Connection refused" bash -c "
		! ip netns exec host-$$ python3 '$repository/tests/selftests/programs/ask.py' udp $server 19"
	check "$1: a traceroute shows the IPv6 router as 192.0.0.8, the gateway and the server" hops 192.0.0.8 203.0.113.2 $server
}

check "the server answers" answering server
daemon gate
check "the gateway comes up" comes_to gate edge "on: "
for kind in dedicated shared given delegated; do
	clat_with $kind
	daemon host
	check "$kind: IPv4 comes up" comes_to host home "on: "
	check "$kind: UDP arrives from the gateway's address" wait_for asks host udp $server 203.0.113.2
	case $kind in given | delegated) works $kind ;; esac
	take_over "$kind: every datagram has been tried" \
		python3 "$repository/tests/selftests/programs/clat_datagrams.py" $$ $server $kind
	check "the daemon stops" stop host-ipxlatd
done
finish
