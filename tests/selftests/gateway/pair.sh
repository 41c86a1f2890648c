#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# docs/examples/nat64-pair as it is printed: what goes on through one gateway survives its loss, by what conntrackd has told
# the other one.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/../daemon_network.sh"
example=nat64-pair
# shellcheck source=tests/selftests/gateway/core_network.sh
. "$(dirname "$0")/core_network.sh"
needs bird conntrackd conntrack iperf3 python3

# tell_other NAMESPACE NUMBER OTHER: conntrackd there, and what the kernel needs for it
tell_other() {
	ns "$1" ip address add "192.0.2.$((128 + $2))/30" dev eth2
	ns "$1" sysctl -qw net.netfilter.nf_conntrack_tcp_be_liberal=1
	sed "s|/run/|$scratch/$1-|; s/_address 192.0.2.129/_address 192.0.2.$((128 + $2))/
		s/_Destination_Address 192.0.2.130/_Destination_Address 192.0.2.$((128 + $3))/" \
		"$example/conntrackd.conf" >"$scratch/$1-conntrackd.conf"
	start_in "$1" "$1-conntrackd" conntrackd -C "$scratch/$1-conntrackd.conf"
}

# knows PROTOCOL PORT: the second gateway has the entry of the client's flow, translated as the first has it
knows() {
	local gate
	for gate in one two; do
		ns $gate conntrack -L -f ipv6 -p "$1" 2>/dev/null | grep "src=2001:db8::11 .*dport=$2 " |
			grep -oE 'src=.* dport=[0-9]+' | sort | tee "$scratch/$gate-entry"
	done
	[ -s "$scratch/one-entry" ] && cmp "$scratch/one-entry" "$scratch/two-entry"
}

told_of_all() {
	ns one conntrackd -C "$scratch/one-conntrackd.conf" -B && wait_for -t 20 knows udp 9
}

answers() {
	grep -c . "$scratch/keep-asking.log"
}

more_answers() {
	[ "$(answers)" -gt "$1" ]
}

# seconds_without: of the transfer, how many had nothing
seconds_without() {
	grep -E 'sec .*bits/sec' "$scratch/transfer.log" | grep -v -e sender -e receiver |
		awk '$7 == 0 { n++ } END { print n + 0 }'
}

core_network
gateway_of one 1
gateway_of two 2
core_bird
for gate in one two; do check "gateway $gate comes up" comes_to $gate edge "on: "; done
veth one:eth2 two:eth2
tell_other one 1 2
tell_other two 2 1
check "the core knows both, and prefers the first" wait_for leads_to 1
check "the server answers through it" wait_for ask client tcp $server 80
check "a connection is open" open_connection $server
start_in client keep-asking python3 "$repository/tests/selftests/programs/keep_asking.py" $server 9
check "datagrams are answered" wait_for more_answers 3
start_in server iperf3 iperf3 -s -1 --forceflush
check "the other end of a transfer is there" wait_for grep listening "$scratch/iperf3.log"
start_in client transfer iperf3 -c $server -t 20 -i 1 --forceflush
check "a transfer runs" wait_for grep -E " 2\.[0-9]+-3\..*bits/sec" "$scratch/transfer.log"
check "the second gateway knows the connection" wait_for -t 20 knows tcp 7
check "the transfer" wait_for -t 20 knows tcp 5201
check "and the datagrams" wait_for -t 20 knows udp 9
ns two conntrack -D -f ipv6 -p udp
check "what it has forgotten meanwhile it knows again when the first tells of all" told_of_all
ns core ip link set six1 down
ns core ip link set four1 down
before=$(answers)
check "the first is lost: the core leads to the second within a second" soon leads_to 2
check "the datagrams are answered again within a second" soon more_answers "$before"
echo >&7
check "the connection goes on" wait_for grep "answered: second" "$scratch/twice.log"
check "the transfer ends well" wait_for grep receiver "$scratch/transfer.log"
check "within its second" [ "$(seconds_without)" -le 1 ]
exec 7>&-
check "new connections are made, too" ask client tcp $server 80
finish
