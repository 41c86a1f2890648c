#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The backlog of a processor takes so many packets and drops the rest: those are counted as dropped, not as translated,
# and the tracepoint has them as they are by then.
# The network is siit_network.sh's, with links on which a datagram of 64 kB is one packet.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/siit_network.sh
. "$(dirname "$0")/siit_network.sh"
needs nft python3
modprobe -qa nft_counter
programs=$(dirname "$0")/programs
tracing=/sys/kernel/tracing
mountpoint -q $tracing || mount -t tracefs tracefs $tracing
backlog=$(sysctl -n net.core.netdev_max_backlog)

dropped_to_v6="direction=to_v6 reason=backlog source=2001:db8:46::cb00:7109 destination=2001:db8:12::10"
dropped_to_v4="direction=to_v4 reason=backlog source=::ffff:198.51.100.10 destination=::ffff:203.0.113.9"
siit_network
ns four ip link set eth0 mtu 65535
ns gate ip link set eth4 mtu 65535
ns gate ip link set siit0 mtu 65535
ns gate nft -f - <<-'END'
	table inet arrivals {
		chain prerouting {
			type filter hook prerouting priority -500
			iifname "siit0" ip6 daddr 2001:db8:12::10 counter comment "6"
		}
	}
END

arrived() { ns gate nft list table inet arrivals | sed -n 's/.* packets \([0-9]*\) .*comment "6"/\1/p'; }
received() { ns gate cat /sys/class/net/siit0/statistics/rx_packets; }
reasons() { # packets that the backlog dropped (none if the module does not know that), and translated ones
	ns gate ipxlatctl stats siit0 -a --json | python3 -c "
import json, sys
rows = json.load(sys.stdin)[0]['reasons']
print(*(sum(row['packets'] for row in rows if row['name'] == name) for name in ('backlog', 'ok')))"
}
counters() { echo "$(arrived) $(received) $(reasons)"; }
# counted COMMAND...: sets what each counter has grown by while the command ran
counted() {
	local before after
	read -ra before <<<"$(counters)"
	"$@" || return
	read -ra after <<<"$(counters)"
	arrived=$((after[0] - before[0])) received=$((after[1] - before[1]))
	dropped=$((after[2] - before[2])) translated=$((after[3] - before[3]))
}
# holds CONDITION...: of test(1)
holds() {
	echo "arrived $arrived, received $received, dropped by the backlog $dropped, translated $translated"
	[ "$@" ]
}
send() { ns four python3 "$programs/train.py" 203.0.113.9 198.51.100.10 "$@"; }
send_back() { ns six python3 "$programs/train.py" 2001:db8:12::10 2001:db8:46::203.0.113.9 "$@"; }
# traced COMMAND...: counted, and the tracepoint's lines are in the file trace
traced() {
	echo >$tracing/trace
	echo 1 >$tracing/events/ipxlat/ipxlat_drop/enable
	counted "$@"
	local status=$?
	echo 0 >$tracing/events/ipxlat/ipxlat_drop/enable
	cat $tracing/trace >"$scratch/trace"
	return $status
}
# each_had TEXT: that stands in the tracepoint's line of each packet that the backlog dropped
each_had() {
	cat "$scratch/trace"
	[ "$dropped" -gt 0 ] && [ "$(grep -cF "device=siit0 $1" "$scratch/trace")" -eq "$dropped" ]
}

start_in six echo6 python3 "$programs/udp_echo.py" serve 2001:db8:12::10 7001
check "the answering program is there" wait_for grep -qs serving "$scratch/echo6.log"
check "a datagram of 65,000 bytes from four is answered by six" \
	counted ns four python3 "$programs/udp_echo.py" ask 198.51.100.10 7001 65000
check "it went in more than 50 fragments" holds "$arrived" -gt 50
stop echo6
for host in four six; do
	check "$host does not answer what comes to port 9" ns $host nft -f - <<-'END'
		table inet filter { chain input { type filter hook input priority 0; udp dport 9 drop; }; }
	END
done
check "a datagram of 65,000 bytes goes by the usual backlog" counted send 65000
pieces=$arrived
check "each fragment is received, and has arrived" holds "$received" -eq "$arrived"
check "nothing is dropped" holds "$dropped" -eq 0

sysctl -qw net.core.netdev_max_backlog=10
check "it goes by a backlog for 10 packets" traced send 65000
check "some fragments arrive, and not all" holds "$arrived" -gt 0 -a "$arrived" -lt "$pieces"
check "those are what the device has received" holds "$received" -eq "$arrived"
check "those that the backlog dropped are counted as such" holds "$dropped" -gt 0
check "the tracepoint has the addresses of the fragments" each_had "$dropped_to_v6"

# The stack cuts a train in front of the device, which then has one packet after the other.
check "the device takes no trains" ns gate ethtool -K siit0 tx-udp-segmentation off
check "40 datagrams come at once" traced send 400 40
check "some arrive, and not all" holds "$arrived" -gt 0 -a "$arrived" -lt 40
check "those are what the device has received" holds "$received" -eq "$arrived"
check "and what it counts as translated" holds "$translated" -eq "$arrived"
check "each of the others is counted as dropped by the backlog" holds $((arrived + dropped)) -eq 40
check "the tracepoint has each with the IPv6 addresses that it has by then" each_had "$dropped_to_v6"
check "40 datagrams come at once from 6 to 4" traced send_back 400 40
check "the tracepoint has those dropped with the IPv4 addresses that they have by then" each_had "$dropped_to_v4"
sysctl -qw net.core.netdev_max_backlog="$backlog"
finish
