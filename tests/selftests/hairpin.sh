#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Two mapped hosts talk by their IPv4 addresses (RFC 7757 4.2.1). Each packet goes through the device twice: what comes
# out of it in IPv4 is routed into it again, and no redirect tells its sender of a shorter way, which there is none.
#
#   six 2001:db8:12::a, 2001:db8:12::b --- 2001:db8:12::1 gate siit0
. "$(dirname "$0")/lib.sh"
needs python3 nstat

namespaces gate six
veth six:eth0 gate:eth6
ns gate ip addr add 2001:db8:12::1/64 dev eth6
ns six ip addr add 2001:db8:12::a/64 dev eth0
ns six ip addr add 2001:db8:12::b/64 dev eth0
ns six ip route add default via 2001:db8:12::1
ns gate sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
check "the namespace sends redirects" ns gate sysctl -qw net.ipv4.conf.all.send_redirects=1
ns gate ip link add siit0 type ipxlat
ns gate ip link set siit0 up
ns gate ipxlatctl set siit0 remote-prefix6 2001:db8:46::/96 local-map 198.51.100.8/29 2001:db8:12::8/125
ns gate ip route add 198.51.100.8/29 dev siit0
ns gate ip route add 2001:db8:46::/96 dev siit0

# read by a program of the namespace
counter() { ns gate nstat -asz "$1" | awk -v name="$1" '$1 == name { print $2 }'; }
check "a mapped host reaches another one by its IPv4 address" \
	wait_for ns six ping -c 1 -W 1 -I 2001:db8:12::a 2001:db8:46::198.51.100.11
check "again and again" ns six ping -c 3 -i 0.2 -W 5 -I 2001:db8:12::a 2001:db8:46::198.51.100.11
check "the gateway forwarded IPv4" [ "$(counter IpForwDatagrams)" -ge 8 ]
check "and sent no redirect in IPv4" [ "$(counter IcmpOutRedirects)" = 0 ]
check "nor in IPv6" [ "$(counter Icmp6OutRedirects)" = 0 ]
# packets REASON: that the device dropped for it
packets() {
	ns gate ipxlatctl stats siit0 --json | python3 -c "
import json, sys
print(sum(row['packets'] for row in json.load(sys.stdin)[0]['reasons'] if row['name'] == '$1'))"
}
check "the device was given no redirect" [ "$(packets icmp_type)" = 0 ]
check "what other devices do about redirects is as it was" \
	[ "$(ns gate sysctl -n net.ipv4.conf.eth6.send_redirects)" = 1 ]
finish
