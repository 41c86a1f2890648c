#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Two NAT64 gateways in one namespace, over the same links: one masquerades, the other has a pool. Each can change, and go,
# without a packet of the other's being lost.
#
#   client 2001:db8:1::11 --- ::1 gate 203.0.113.2 --- 203.0.113.9 server
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/../daemon_network.sh"
needs python3

edge=64:ff9b::203.0.113.9 pool=2001:db8:64::203.0.113.9
gateway_network
before=$(ours gate)

# other LINE...: the second gateway, with these lines more, on standard output
other() {
	cat <<-'END'
		[nat64.other]
		pref64 = "2001:db8:64::/96"
		downlinks = ["eth0"]
		uplinks = ["eth1"]
	END
	printf '%s\n' "$@"
}
other=('pool4 = ["203.0.113.16/30"]' 'allow-private = ["203.0.113.0/24"]')

# goes_on: the connection that is open gets its second answer
goes_on() {
	echo >&7
	wait_for grep "answered: second" "$scratch/twice.log"
	local status=$?
	exec 7>&-
	stop twice
	return $status
}

# reloaded INSTANCE TEXT: the daemon has read its configuration, and the instance says so
reloaded() {
	env "RUNTIME_DIRECTORY=$scratch/gate-run" ipxlatd --reload && is gate "$1" "$2"
}

from_pool() {
	ask client tcp $pool 80 | grep -E '^answered: 203\.0\.113\.1[6-9]$'
}

check "the server answers" answering server
configure gate < <(gateway; other "${other[@]}")
daemon gate
check "the one comes up" comes_to gate edge "64:ff9b::/96 is translated to the addresses of eth1"
check "and the other" comes_to gate other "2001:db8:64::/96 is translated to 203.0.113.16/30"
check "TCP goes through the one" wait_for asks client tcp $edge 203.0.113.2
check "and through the other, with an address of its pool" wait_for from_pool
check "so does UDP through the one" wait_for asks client udp $edge 203.0.113.2

check "a connection is open through the one" open_connection $edge
configure gate < <(gateway; other 'pool4 = ["203.0.113.20/30"]' "${other[1]}")
check "the other gets another pool" reloaded other "203.0.113.20/30"
check "the connection goes on" goes_on

check "another connection is open through the one" open_connection $edge
configure gate < <(gateway)
check "the other goes" reloaded edge "on: "
check_not "with its device" ns gate ip link show other
check "the connection goes on" goes_on

configure gate < <(gateway; other "${other[@]}")
check "the other is back" reloaded other "on: "
check "TCP goes through it" wait_for from_pool
check "a connection is open through it" open_connection $pool
configure gate < <(other "${other[@]}")
check "the one goes" reloaded other "on: "
check "the connection through the other goes on" goes_on
check_not "nothing goes through the one any more" ask client tcp $edge 80

check "the daemon stops" stop gate-ipxlatd
check "everything is as it was" test "$(ours gate)" = "$before"
finish
