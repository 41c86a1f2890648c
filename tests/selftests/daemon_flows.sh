#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Flows that go on sending while a NAT64 gateway changes: what they were translated to has to change with it.
#
#   client 2001:db8:1::11 --- ::1 gate 203.0.113.2 --- 203.0.113.9 server
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/daemon_network.sh"
needs python3 conntrack

gateway_network

# becomes LINE: the gateway with this one
becomes() {
	configured "$1"
	reload gate
}

# answered PATTERN: the last answer shows this address
answered() {
	tail -n 1 "$scratch/flow.log" | grep -xE "$1"
}

# entry: the client's flow in the connection tracker
entry() {
	ns gate conntrack -L -f ipv6 -p udp --orig-dst 64:ff9b::203.0.113.9 -o id 2>/dev/null
}

# its number: what else is said of it changes with each packet
number() {
	entry | grep -o 'id=[0-9]*'
}

same_entry() {
	diff <(echo "$before") <(number)
}

untranslated() {
	entry | grep -F dst=2001:db8:1::11
}

answers_go_on() {
	[ "$(wc -l <"$scratch/flow.log")" -gt $((before + 5)) ]
}

check "the server answers" answering server
configured ""
daemon gate
check "the gateway comes up" comes_to gate edge "on: "
start_in client flow python3 "$repository/tests/selftests/programs/keep_asking.py" 64:ff9b::203.0.113.9 9
check "a flow is translated to the gateway's address" wait_for answered '203\.0\.113\.2'
becomes 'pool4 = ["203.0.113.16/28"]'
check "masquerade becomes a pool: the flow is translated to it" \
	wait_for answered '203\.0\.113\.(1[6-9]|2[0-9]|3[01])'
becomes 'pool4 = ["203.0.113.32/28"]'
check "it becomes another pool: so does the flow" wait_for answered '203\.0\.113\.(3[2-9]|4[0-7])'
before=$(number)
becomes 'pool4 = ["203.0.113.32/28", "203.0.113.64/32"]'
check "a pool that grows is had" wait_for grep -q "203.0.113.64/32" "$scratch/gate-run/state.json"
check "and the flow keeps its entry" same_entry
becomes ""
check "the pool becomes masquerade: so does the flow" wait_for answered '203\.0\.113\.2'
ns gate ip address add 203.0.113.3/24 dev eth1
ns gate ip address del 203.0.113.2/24 dev eth1
ns gate ip address add 203.0.113.3/24 dev eth1
check "the uplink has another address: so does the flow" wait_for answered '203\.0\.113\.3'
kill -STOP "$(pid_of gate-ipxlatd)"
for family in ip6 ip; do ns gate nft add table $family ipxlat-edge '{ flags dormant; }'; done
ns gate conntrack -F
check "while the rules sleep the flow is tracked untranslated" wait_for untranslated
kill -CONT "$(pid_of gate-ipxlatd)"
before=$(wc -l <"$scratch/flow.log")
check "a flow that was tracked while the rules slept is translated when they wake" wait_for answers_go_on
check "the daemon stops" stop gate-ipxlatd
finish
