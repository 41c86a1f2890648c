#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A NAT64 gateway whose clients have blocks of ports: the clients 2001:db8:1::10 to ::13 share 203.0.113.16, each with a
# quarter of its ports from 1024 on.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/../daemon_network.sh"
needs python3 conntrack

one=2001:db8:1::11 two=2001:db8:1::12 stranger=2001:db8:1::21
server=64:ff9b::203.0.113.9 server2=64:ff9b::203.0.113.10
blocks=('pool4 = ["203.0.113.16/31"]' 'clients = ["2001:db8:1::10/126"]' 'client-prefix-length = 128' 'port-blocks = 4')
log=$scratch/blocks.json
open='filtering = "endpoint-independent"'

mappings() {
	ns client python3 "$repository/tests/selftests/programs/mappings.py" "$@"
}

# has_ports SOURCE FIRST LAST: it comes from the shared address and a port of these, the same toward every destination
has_ports() {
	mappings ask "$1" 5000 $server $server2 | tee "$scratch/asked" || return
	read -r address port <"$scratch/asked"
	[ "$address" = 203.0.113.16 ] && [ "$port" -ge "$2" ] && [ "$port" -le "$3" ]
}

# differ SOURCE PORT PORT: these two come from different ports, though their number in the block is the same
differ() {
	ns gate conntrack -D -f ipv6 -p udp
	(mappings ask "$1" "$2" $server; mappings ask "$1" "$3" $server) | tee "$scratch/asked"
	[ "$(wc -l <"$scratch/asked")" -eq 4 ] && [ "$(sort -u "$scratch/asked" | wc -l)" -eq 2 ]
}

# clients_are_reached: by whom they did not ask
clients_are_reached() {
	check "an answer from elsewhere reaches the client" mappings another $one 5000 $server
	check "two clients talk by their public addresses" mappings between $one 5000 $two 5000 $server 64:ff9b::
	ns gate conntrack -D -f ipv6 -p tcp
	start_in client listen python3 "$repository/tests/selftests/programs/mappings.py" listen $one 5001 $server
	check "a client has a connection" wait_for grep ready "$scratch/listen.log"
	# 17152 + 5001 % 16128
	check "others reach the port it has it from" wait_for bash -c "
		ip netns exec server-$$ python3 '$repository/tests/selftests/programs/ask.py' tcp 203.0.113.16 22153 |
			grep 'answered: 64:ff9b::cb00:7109'"
	check "what they began lives as long as any other" lives gate ipv6 udp 300
	check_not "a port that nobody has is nobody's" ask server udp 203.0.113.16 30000
	stop listen
}

gateway_network
ns server ip address add 203.0.113.10/24 dev eth0
for address in $two $stranger; do ns client ip address add "$address/64" dev eth0 nodad preferred_lft 0; done
check "the server answers" answering server
start_in server mappings python3 "$repository/tests/selftests/programs/mappings.py" answer 203.0.113.9 203.0.113.10
check "and tells of ports" wait_for grep ready "$scratch/mappings.log"
before=$(ours gate)
configured "${blocks[@]}" "$open"
daemon gate
check "the gateway comes up" comes_to gate edge "on: "
check "the second of four clients has the second quarter" wait_for has_ports $one 17152 33279
check "the third one has the third" has_ports $two 33280 49407
check "two of a client's ports that meet have two ports nevertheless" differ $one 5000 21128
check "TCP comes from the shared address" asks client tcp $server 203.0.113.16
check "ping is answered" ns client ping -c 1 -W 5 -I $one $server
check_says "who is no client is told so" "Administratively prohibited" bash -c "
	! ip netns exec client-$$ ping -c 1 -W 5 -I $stranger $server"
clients_are_reached
configured "${blocks[@]}" "$open" 'flowtable = false'
reload gate
check "without flowtable" wait_for bash -c "! ip netns exec gate-$$ nft list flowtables | grep fast"
clients_are_reached
configured "${blocks[@]}" 'log = "blocks"' "log-file = \"$log\""
reload gate
check "filtered again" wait_for bash -c "! ip netns exec gate-$$ nft list maps | grep mappings-udp"
check_not "an answer from elsewhere reaches nobody" mappings another $one 5002 $server
check "the blocks are as they were" has_ports $one 17152 33279
check "the log says how they lie" grep -E '"event":"blocks",.*"clients":\["2001:db8:1::10/126"\],"client_prefix_length":128,' "$log"
check "and whose this one is" wait_for \
	grep '"client":"2001:db8:1::11/128","public":"203.0.113.16","first_port":17152,"last_port":33279' "$log"
check "the client goes on" differ $one 5000 21128
check "it is not told again" test "$(grep -c '"client":"2001:db8:1::11/128"' "$log")" -eq 1
check_not "nobody was taken for a disturber" grep "somebody has changed" "$scratch/gate-ipxlatd.log"
check "the daemon stops" stop gate-ipxlatd
check "everything is as it was" test "$(ours gate)" = "$before"
finish
