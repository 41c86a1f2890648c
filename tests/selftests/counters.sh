#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What an operator learns of packets: counters of each direction, and for a drop the tracepoint and the kernel's own.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/siit_network.sh
. "$(dirname "$0")/siit_network.sh"
needs python3

tracing=/sys/kernel/tracing
mountpoint -q $tracing || mount -t tracefs tracefs $tracing
siit_network

# counts EXPRESSION: it holds of the counters, which are s, with the reasons by name in r
counts() {
	ns gate ipxlatctl stats siit0 --json | tee "$scratch/stats" | python3 -c "
import json, sys
s = json.load(sys.stdin)[0]
r = {row['name']: (row['to_v4'], row['to_v6'], row['packets']) for row in s['reasons']}
sys.exit(not ($1))" || { cat "$scratch/stats"; return 1; }
}
afresh() { ip -n "gate-$$" link del siit0 && device; } # a device with counters of zero
total() { # DIRECTION FIELD: of the device in rtnetlink
	ip -n "gate-$$" -s -j link show siit0 |
		python3 -c "import json, sys; print(json.load(sys.stdin)[0]['stats64']['$1']['$2'])"
}
traced() { grep -F -e "$1" "$scratch/trace" || { cat "$scratch/trace"; return 1; }; }

check "a device begins at zero" afresh
check "of a new device every counter is shown" counts \
	"len(r) > 30 and not any(row[2] for row in r.values()) and not any(s['to_v4'].values())"
check "a ping without answer goes from 4 to 6" ns six sysctl -qw net.ipv6.icmp.echo_ignore_all=1
check_not "  and is not answered" ns four ping -c 3 -i 0.2 -W 1 -s 56 198.51.100.10
check "6 to 4 is dead at a glance" counts "s['to_v4'] == dict(packets_in=0, bytes_in=0, packets_out=0, bytes_out=0)"
check "4 to 6 has its packets and bytes" counts \
	"s['to_v6'] == dict(packets_in=3, bytes_in=3 * 84, packets_out=3, bytes_out=3 * 104)"
check "the reasons are those of a direction" counts "r['ok'] == (0, 3, 3)"
ns six sysctl -qw net.ipv6.icmp.echo_ignore_all=0

check "a large datagram goes in fragments" ns four ping -c 1 -W 5 -M dont -s 1400 198.51.100.10
check "  which are counted as they leave" counts "s['to_v6']['packets_out'] == 5 and r['ok'][1] == 4"
check "  and of which each comes back" counts "s['to_v4']['packets_in'] == r['ok'][0] == s['to_v4']['packets_out'] > 0"

echo 1 >$tracing/events/ipxlat/ipxlat_drop/enable
echo 1 >$tracing/events/skb/kfree_skb/enable
check "a packet without a mapping is refused" ns four sh -c 'ip route replace 198.51.100.0/24 via 203.0.113.1'
ns gate ip route add 198.51.100.11/32 dev siit0
ns gate ip route add 2001:db8:47::/96 dev siit0
check_not "  from 4 to 6" ns four ping -c 1 -W 1 198.51.100.11
check_not "  from 6 to 4" ns six ping -c 1 -W 1 2001:db8:47::1
echo 0 >$tracing/events/enable
cat $tracing/trace >"$scratch/trace"
check "each is counted in its direction" counts "r['not_local'] == (0, 1, 1) and r['destination_unmapped'] == (1, 0, 1)"
check "the tracepoint has the addresses of the first" traced \
	"device=siit0 direction=to_v6 reason=not_local source=::ffff:203.0.113.9 destination=::ffff:198.51.100.11"
check "  and of the second" traced \
	"device=siit0 direction=to_v4 reason=destination_unmapped source=2001:db8:12::10 destination=2001:db8:47::1"
check "the kernel's own tracepoint has a reason, too" traced "reason: IP_INADDRERRORS"

check "an ARP request goes into the device" ns gate python3 -c "
import socket
sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM)
sock.sendto(bytes(28), ('siit0', 0x0806, 0, 0))"
check "what is not IP has no direction" counts "r['not_ip'] == (None, None, 1)"
check "rtnetlink has the sum of what went in" counts \
	"s['to_v4']['packets_in'] + s['to_v6']['packets_in'] + 1 == $(total tx packets)"
check "  and of what came out" counts \
	"(s['to_v4']['packets_out'] + s['to_v6']['packets_out'], s['to_v4']['bytes_out'] + s['to_v6']['bytes_out']) ==
	($(total rx packets), $(total rx bytes))"
shown() { ns gate ipxlatctl stats siit0 | grep -x ' *0 *1 *1  not_local: neither end is in local-map'; }
check "a table shows both directions" shown
finish
