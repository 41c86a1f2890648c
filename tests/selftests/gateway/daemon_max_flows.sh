#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Room in the connection tracker's table, which only the initial network namespace can size: a gateway there, and one in a
# namespace of its own with a table that is full.
#
#   client 2001:db8:1::11 --- ::1 gate 203.0.113.2 --- 203.0.113.9 server
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/../daemon_network.sh"
needs python3

# room: the most entries, and the buckets
room() {
	sysctl -n net.netfilter.nf_conntrack_max net.netfilter.nf_conntrack_buckets | paste -sd' '
}

room_is() {
	room | grep -xF "$1"
}

# most NUMBER: sets it for all namespaces
most() {
	sysctl -qw "net.netfilter.nf_conntrack_max=$1"
}

start_here() {
	start here-ipxlatd env "RUNTIME_DIRECTORY=$scratch/here-run" ipxlatd --config "$scratch/here.toml"
}

# many_connections: more than there is room for
many_connections() {
	start_in client many python3 -c '
import select, socket
socks = [socket.socket(socket.AF_INET6) for _ in range(40)]
for sock in socks:
    sock.setblocking(False)
    sock.connect_ex(("64:ff9b::203.0.113.9", 7))
select.select([], [], [])'
}

# told: at a look the log says that the table was full
told() {
	reload gate
	grep -E "dropped [1-9][0-9]* packets .* of 30 entries" "$scratch/gate-ipxlatd.log"
}

modprobe nf_conntrack
before=$(room)
configure here <<-'END'
	[nat64.room]
	pref64 = "64:ff9b::/96"
	uplinks = ["eth7"]
	max-flows = 300000
END
start_here
check "the table gets two entries for each flow, and as many buckets" wait_for -t 120 room_is "606208 606208"
check "and the state says so" wait_for grep '"max_flows": 303104' "$scratch/here-run/state.json"
check "the daemon stops" stop here-ipxlatd
check "the table is what it was" room_is "$before"
most 700000
start_here
check "what somebody has set higher is not lowered" wait_for -t 120 room_is "700000 606208"
check "the daemon stops again" stop here-ipxlatd
check "nor is it put back" room_is "700000 ${before#* }"

gateway_network
check "the server answers" answering server
configured "max-flows = 1000"
most 30
daemon gate
check "the gateway comes up" comes_to gate edge "on: "
check "a namespace that cannot have the room says so" wait_for grep -F \
	"max-flows 1000 needs net.netfilter.nf_conntrack_max = 8192, which is 30" "$scratch/gate-run/state.json"
many_connections
check "a full table is in the log" wait_for told
most "${before% *}"
check "the gateway stops" stop gate-ipxlatd
finish
