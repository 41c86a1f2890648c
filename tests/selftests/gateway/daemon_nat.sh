#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What RFC 4787, 5382, 5508 and 6888 ask of a NAT, of a NAT64 gateway. First of it hole punching: the peer's packet comes
# before the client's. The client keeps its port all the same, and the gateway's own services stay what they are.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/../daemon_network.sh"
needs conntrack python3

server6=64:ff9b::203.0.113.9
gateway_network

# speaks_first PROTOCOL ADDRESS PORT: a peer, from port 6000
speaks_first() {
	start_in server peer python3 "$repository/tests/selftests/programs/peer.py" "$1" 6000 "$2" "$3"
	wait_for grep sent "$scratch/peer.log"
}

# meets PROTOCOL ADDRESS PORT: the client, from that port, and the peer, which spoke first, hear each other
meets() {
	speaks_first "$@" || return
	[ "$mode" != masquerade ] || wait_for grep refused "$scratch/peer.log" || return
	ask client "$1" "$server6" 6000 "$3" | tee "$scratch/met"
	stop peer
	grep -xF "answered: $2 $3" "$scratch/met"
}

# beside_a_service: the client, from the port of a service of the gateway, toward another server
beside_a_service() {
	asks client udp $server6 203.0.113.2 9 && ask client udp $server6 9 9 && asks server udp 203.0.113.2 203.0.113.9
}

# left COMPARISON SECONDS: the time that the client's flow from port 5019 has
left() {
	ns gate conntrack -L -f ipv6 -p udp --orig-port-src 5019 2>/dev/null | tee /dev/stderr | grep -q "^udp" || return
	ns gate conntrack -L -f ipv6 -p udp --orig-port-src 5019 2>/dev/null | awk "{ exit !(\$3 $1 $2) }"
}

# aged: the client has a flow from port 5019, which was used a while ago
aged() {
	ask client udp $server6 9 5019 && ns gate conntrack -U -f ipv6 -p udp --orig-port-src 5019 -t 100 && left "<=" 100
}

# told NAME: what the client's stack has counted of ICMPv6
told() {
	ns client awk "\$1 == \"Icmp6$1\" { print \$2 }" /proc/net/snmp6
}

# error WORD...: the server sends one about the flow from port 5019
error() {
	ns server python3 "$repository/tests/selftests/programs/unreachable4.py" 203.0.113.9 9 203.0.113.16 5019 "$@"
}

# only_right_errors: of one with a wrong checksum and one with a right one the right one arrives
only_right_errors() {
	local before
	aged || return
	before=$(told InDestUnreachs)
	error wrong
	error
	wait_for -t 20 bash -c "[ \$(ip netns exec client-$$ awk '/Icmp6InDestUnreachs/ { print \$2 }' /proc/net/snmp6) -eq $((before + 1)) ]"
	[ "$(told InCsumErrors)" -eq 0 ]
}

# serves_twice: the client and the gateway itself have port 5030 of one address, toward two ports
serves_twice() {
	ask client udp $server6 9 5030 || return
	ask gate udp $server6 19 5030
	[ "$(ns gate conntrack -L -f ipv6 -p udp --reply-port-dst 5030 2>/dev/null | tee /dev/stderr | wc -l)" -eq 2 ]
}

check "the server answers" answering server
check "the gate has a service of its own" answering gate
configured ""
daemon gate
check "the gateway comes up" comes_to gate edge "on: "
mode=masquerade
check "masquerade: a client reaches the server" wait_for asks client udp $server6 203.0.113.2
check "masquerade: a peer that spoke first is told that nobody is there, and meets the client at the client's port" \
	meets udp 203.0.113.2 5000
check "masquerade: once more, from another port" meets udp 203.0.113.2 5002
check "masquerade: so does one of TCP" meets tcp 203.0.113.2 5001
check "the gateway's own service is reached" asks server udp 203.0.113.2 203.0.113.9
check "it is when a client uses its port, too" beside_a_service
check_says "a port that nobody serves is closed, as without the gateway" "Connection refused" bash -c "
	! ip netns exec server-$$ python3 '$repository/tests/selftests/programs/ask.py' udp 203.0.113.2 19"
check "the gateway's own questions are answered" asks gate udp 203.0.113.9 203.0.113.2
for mode in pool slow; do
	configured 'pool4 = ["203.0.113.16/32"]' "flowtable = $([ $mode = pool ] && echo true || echo false)"
	reload gate
	check "$mode: the mode changes" comes_to gate edge "on: 64:ff9b::/96 is translated to 203.0.113.16/32"
	ns gate conntrack -F
	check "$mode: a client reaches the server" wait_for asks client udp $server6 203.0.113.16
	check "$mode: a peer that spoke first meets the client at the client's port" meets udp 203.0.113.16 5004
	check "$mode: so does one of TCP: both open the connection" meets tcp 203.0.113.16 5005
done

check "an ICMP error arrives, unless its checksum is wrong" only_right_errors
check "it does not end the flow, nor let it live longer" left "<=" 100
check "what the client sends does" ask client udp $server6 9 5019
check "for five minutes" left ">" 250
check "fragments arrive, the last one first" ns client python3 \
	"$repository/tests/selftests/programs/reversed_fragments.py" 2001:db8:1::11 $server6 9
check "a port serves another client toward another end" serves_twice
ns gate ip route add blackhole 64:ff9b::203.0.113.77/128
check "what the operator routes elsewhere is not translated" device_counts gate edge ok 0 \
	ns client ping -c 1 -W 1 64:ff9b::203.0.113.77
check_not "nobody was taken for a disturber" grep "somebody has changed" "$scratch/gate-ipxlatd.log"
check "the daemon stops" stop gate-ipxlatd
finish
