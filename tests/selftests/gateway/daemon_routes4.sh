#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A NAT64 gateway with a part of a prefix, the rest of which goes elsewhere: to "server", which has an address there, too.
#
#   client 2001:db8:1::11 --- ::1 gate 203.0.113.2 --- 203.0.113.9 server 64:ff9b::203.0.113.200
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/../daemon_network.sh"
needs python3 conntrack

gateway_network
ns gate ip address add 2001:db8:2::1/64 dev eth1 nodad
ns gate ip route add 64:ff9b::/96 dev eth1
ns server ip address add 203.0.113.200/24 dev eth0
ns server ip address add 64:ff9b::203.0.113.200/128 dev eth0 nodad
ns server ip route add 2001:db8:2::1 dev eth0
ns server ip route add 203.0.113.2 dev eth0 src 203.0.113.200 # of datagrams: from where they were asked
ns server ip route add default via 2001:db8:2::1
before=$(ours gate)

# answered PATTERN: the last answer shows this address
answered() {
	tail -n 1 "$scratch/flow.log" | grep -xE "$1"
}

# away COMMAND...: it succeeds while the device is away, and the daemon sees nothing of that
away() {
	local status
	kill -STOP "$(pid_of gate-ipxlatd)"
	ns gate ip link del edge
	"$@"
	status=$?
	kill -CONT "$(pid_of gate-ipxlatd)"
	return $status
}

refused() {
	if ns client ping -c 1 -W 5 "$1" >"$scratch/ping"; then return 1; fi
	cat "$scratch/ping"
	grep -q "unreachable" "$scratch/ping"
}

check "the server answers" answering server
configured 'routes4 = ["203.0.113.0/24"]'
daemon gate
check "the gateway comes up beside a route to all of the prefix" comes_to gate edge "on: 203.0.113.0/24 below 64:ff9b::/96"
start_in client flow python3 "$repository/tests/selftests/programs/keep_asking.py" 64:ff9b::203.0.113.200 9 0.01
check "a flow to the part is translated" wait_for answered '203\.0\.113\.2'
configured 'routes4 = ["203.0.113.8/29"]'
reload gate
check "a flow to what is routed elsewhere now goes there as it is" wait_for answered '2001:db8:1::11'
check "what is in the part is translated" asks client tcp 64:ff9b::203.0.113.9 203.0.113.2
check "the rest goes where it went, whatever it is" asks client tcp 64:ff9b::203.0.113.200 2001:db8:1::11
check "a source below the prefix is dropped" refused_source client 64:ff9b::192.0.2.1 64:ff9b::203.0.113.9
check "a source in the pool is dropped" refused_source client 64:ff9b:1:fffe::198.18.0.7 64:ff9b::203.0.113.9
check "while the device is away the part is refused, and goes nowhere else" away refused 64:ff9b::203.0.113.9
check "and is translated again" wait_for asks client tcp 64:ff9b::203.0.113.9 203.0.113.2
configured 'routes4 = ["203.0.113.0/24"]'
reload gate
check "a flow to what belongs to the part again is translated again" wait_for answered '203\.0\.113\.2'
gateway | sed 's/64:ff9b::/2001:db8:64::/' | configure gate
reload gate
check "a flow to what was another prefix before goes there as it is" wait_for answered '2001:db8:1::11'
check "the daemon stops" stop gate-ipxlatd
check "everything is as it was" test "$(ours gate)" = "$before"
finish
