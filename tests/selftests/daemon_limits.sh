#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What one client may have of a NAT64 gateway.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/daemon_network.sh"
needs python3 conntrack

server6=64:ff9b::203.0.113.9
gateway_network
ns client ip address add 2001:db8:1::12/64 dev eth0 nodad
ns client ip address add 2001:db8:1:2::11/64 dev eth0 nodad
ns gate ip route add 2001:db8:1:2::/64 dev eth0

# answers SOURCE COUNT: how many of as many flows from there are answered
answers() {
	ns client python3 - "$server6" "$@" <<-'END'
		import select, socket, sys
		server, source, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
		flows = []
		for _ in range(count):
		    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
		    sock.bind((source, 0))
		    sock.sendto(b"who am I?", (server, 9))
		    flows.append(sock)
		answered = 0
		while flows:
		    ready = select.select(flows, [], [], 3)[0]
		    if not ready:
		        break
		    for sock in ready:
		        sock.recv(100)
		        flows.remove(sock)
		        answered += 1
		print(answered)
	END
}

# has SOURCE COUNT EXPECTED
has() {
	local found
	found=$(answers "$1" "$2")
	echo "$found"
	[ "$found" -eq "$3" ]
}

check "the server answers" answering server
configured "max-flows-per-client = 3"
daemon gate
check "the gateway comes up" comes_to gate edge "on: "
check "a first flow passes" wait_for asks client udp $server6 203.0.113.2
ns gate conntrack -F
check "of ten flows of a client three pass" has 2001:db8:1::11 10 3
check "the others are counted" test "$(packets gate "too many flows of one client")" -eq 7
check "a neighbour of the same /64 is the same client" has 2001:db8:1::12 2 0
check "another /64 is another client" has 2001:db8:1:2::11 2 2
ns gate conntrack -F
check "what is forgotten counts no more" has 2001:db8:1::12 3 3
check_refused "who has too many is told" "Address unreachable" ns client ping -c 1 -W 5 -I 2001:db8:1::11 $server6

configured "max-new-flows-per-client = 4"
reload gate
check "the limit becomes one of new flows" wait_for bash -c "
	ip netns exec gate-$$ nft list set ip6 ipxlat-edge rates"
check "of 50 flows at once about four pass" bash -c "
	found=\$1; echo \$found; [ \$found -ge 4 ] && [ \$found -le 8 ]" - "$(answers 2001:db8:1::11 50)"
check "a second later there are more" wait_for -t 10 has 2001:db8:1::11 1 1
check_not "nobody was taken for a disturber" grep "somebody has changed" "$scratch/gate-ipxlatd.log"
check "the daemon stops" stop gate-ipxlatd
finish
