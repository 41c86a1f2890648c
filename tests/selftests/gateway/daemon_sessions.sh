#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The sessions of a NAT64 gateway in both modes, as ipxlatctl shows them and as the mapping log tells of them.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/../daemon_network.sh"
needs conntrack python3 setpriv

server6=64:ff9b::203.0.113.9
log=$scratch/mappings.json
gateway_network

# sessions WORD...: of the gate
sessions() {
	ns gate ipxlatctl sessions --state "$scratch/gate-run/state.json" "$@"
}

# row PROTOCOL FIELD=VALUE...: a session has these
row() {
	sessions --json >"$scratch/rows.json"
	python3 - "$scratch/rows.json" "protocol=$1" "${@:2}" <<-'END'
		import json, sys
		rows = json.load(open(sys.argv[1]))
		print(*rows, sep="\n")
		wanted = dict(pair.split("=", 1) for pair in sys.argv[2:])
		sys.exit(not any(all(str(row.get(key)) == value for key, value in wanted.items()) for row in rows))
	END
}

# public_port PORT: that of the session whose client has PORT
public_port() {
	sessions --json --port "$1" | python3 -c "import json, sys; print(json.load(sys.stdin)[0]['public_port'])"
}

# told NUMBER EXPRESSION: the mapping log has so many such lines, in the end
told() {
	wait_for -t 60 has_lines "$@" || { cat "$log"; return 1; }
}
has_lines() {
	[ "$(grep -cE -e "$2" "$log")" -eq "$1" ]
}

# udp PORT: the client asks from this port
udp() {
	ask client udp $server6 9 "$1"
}

# listens: somebody in the gate listens to flows that begin or end (the first and the third group of nfnetlink)
listens() {
	local protocol groups
	while read -r _ protocol _ groups _; do
		[ "$protocol" = 12 ] && [ $((16#$groups & 5)) -ne 0 ] && return
	done < <(ns gate cat /proc/net/netlink)
	return 1
}

nobody_listens() {
	! listens
}

# flood NUMBER: so many sessions begin while the daemon stands still
flood() {
	local daemon status
	daemon=$(pid_of gate-ipxlatd)
	kill -STOP "$daemon"
	ns gate python3 "$repository/tests/selftests/programs/many_flows.py" "$1"
	status=$?
	kill -CONT "$daemon"
	return $status
}

check "the server answers" answering server
configured
daemon gate
check "the gateway comes up" comes_to gate edge "on: "
check "UDP passes" wait_for asks client udp $server6 203.0.113.2
check_not "without a log nobody listens" listens
configured 'log = "sessions"' "log-file = \"$log\""
reload gate
check "with one somebody does" wait_for listens
ns gate sysctl -qw net.netfilter.nf_conntrack_acct=1 net.netfilter.nf_conntrack_timestamp=1
ns gate conntrack -F
check "the gateway itself talks to the server" ns gate conntrack -I -p udp -s 203.0.113.2 -d 203.0.113.9 \
	-r 203.0.113.9 -q 203.0.113.2 --sport 40001 --dport 9 --reply-port-src 9 --reply-port-dst 40001 -t 600
udp 40001
check "both flows of a UDP session are a row" row udp instance=edge client=2001:db8:1::11 client_port=40001 \
	public=203.0.113.2 remote=203.0.113.9 remote_port=9 state=answered packets_out=1 age=0
check "with the public port, which is another than the client's" test "$(public_port 40001)" -ne 40001
check_says "it is found by the public port" "[2001:db8:1::11]:40001" sessions --port "$(public_port 40001)"
open_connection $server6
check "a TCP connection is a row" row tcp client=2001:db8:1::11 public=203.0.113.2 remote_port=7
exec 7>&-
ns client ping -c 1 -W 5 $server6 >/dev/null
check "an echo is a row" row icmp client=2001:db8:1::11 public=203.0.113.2 remote=203.0.113.9
check_says "another client has none" "no sessions" sessions edge --client 2001:db8:1::12
check_refused "another instance is not known" "no NAT64 instance 'other' (there are: edge)" sessions other
check_refused "who may not read says so" "CAP_NET_ADMIN is missing" \
	ns gate setpriv --bounding-set -net_admin ipxlatctl sessions

client='"client":"2001:db8:1::11"'
of_40001="\"udp\",$client,\"client_port\":40001,\"public\":\"203.0.113.2\",\"public_port\":$(public_port 40001)}"
check "the log has the beginning of a session once, without the destination" told 1 "\"begin\".*$of_40001$"
check "that of TCP" told 1 "\"begin\".*\"tcp\",$client"
check "and that of the echo" told 1 "\"begin\".*\"icmp\",$client"
ns gate conntrack -D -f ipv6 -p udp --orig-port-src 40001
check "the end has the public port, whichever flow goes first" told 1 "\"end\".*$of_40001$"
ns gate conntrack -F
check "the end of the other flow is no other end" told 3 '"end"'
check_not "the gateway's own flow is not told" grep '"client":"203' "$log"

udp 40002
check "a session begins" told 1 "\"begin\".*\"client_port\":40002,"
kill -KILL "$(pid_of gate-ipxlatd)"
mv "$log" "$log.1"
daemon gate
check "a daemon that was killed comes back" wait_for -t 60 listens
ns gate conntrack -F
check "what began before it ends with its public address" told 1 "\"end\".*\"client_port\":40002,\"public\":\"203.0.113.2\""
check_not "and does not begin once more" grep '"begin".*"client_port":40002,' "$log"
mv "$log" "$log.2"
reload gate
check "a reload opens the file anew" wait_for test -e "$log"

ns gate sysctl -qw net.netfilter.nf_conntrack_max=200000
check "20,000 sessions begin while the daemon stands still" flood 20000
check "how much was lost is in the log" wait_for -t 60 grep '"lost".*"events":[1-9]' "$log"
check "and what is there is told all the same, once" told 20000 '"begin"'
check_says "20,000 rows are printed" 20000 bash -c "ip netns exec gate-$$ ipxlatctl sessions --client 2001:db8:1::/64 | grep -c 203.0.113.2:"
ns gate conntrack -F

configured 'pool4 = ["203.0.113.16/28"]' 'log = "sessions"' "log-file = \"$log\"" 'log-destinations = true'
reload gate
comes_to gate edge "203.0.113.16/28"
wait_for udp 40004
pool='203\.0\.113\.(1[6-9]|2[0-9]|3[01])'
check "in pool mode one flow is a row" row udp client=2001:db8:1::11 client_port=40004 remote=203.0.113.9
check "with an address of the pool" grep -E "\"public\": ?\"$pool\"" "$scratch/rows.json"
check "the log tells of it, and of the destination where that is asked for" told 1 \
	"\"begin\".*\"client_port\":40004,\"public\":\"$pool\",.*\"remote\":\"203.0.113.9\",\"remote_port\":9}"
ns gate conntrack -F
check "and of its end" told 1 "\"end\".*\"client_port\":40004,\"public\":\"$pool\""
configured
reload gate
check "without a log nobody listens any more" wait_for -t 60 nobody_listens
check_not "nobody was taken for a disturber" grep "somebody has changed" "$scratch/gate-ipxlatd.log"
check "the daemon stops" stop gate-ipxlatd
finish
