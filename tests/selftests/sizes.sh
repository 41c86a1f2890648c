#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the gateway sends itself where the way in the other family is narrower than IPv6 allows, and into how many
# fragments a long datagram is cut:
#
#   four 203.0.113.9 --- 203.0.113.1 gate siit0 2001:db8:12::1 --- 2001:db8:12::10 six
#
# 198.51.100.10 is six in IPv4, 198.51.100.11 the gateway.
. "$(dirname "$0")/lib.sh"
needs python3 socat nft

namespaces four gate six
veth four:eth0 gate:eth4
veth six:eth0 gate:eth6
ns four ip addr add 203.0.113.9/24 dev eth0
ns four ip route add default via 203.0.113.1
ns gate ip addr add 203.0.113.1/24 dev eth4
ns gate ip addr add 2001:db8:12::1/64 dev eth6
ns six ip addr add 2001:db8:12::10/64 dev eth0
ns six ip route add default via 2001:db8:12::1
ns gate sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ns gate ip link add siit0 type ipxlat
ns gate ip link set siit0 up
ns gate ipxlatctl set siit0 remote-prefix6 2001:db8:46::/96 local-map 198.51.100.10 2001:db8:12::10 \
	local-map 198.51.100.11 2001:db8:12::1
ns gate ip route add 198.51.100.10/31 dev siit0
ns gate ip route add 2001:db8:46::/96 dev siit0
check "four reaches six" wait_for ns four ping -c 1 -W 1 198.51.100.10

echo=(python3 "$(dirname "$0")/programs/udp_echo.py")
start_in four echo4 "${echo[@]}" serve 203.0.113.9 7001
start_in six echo6 "${echo[@]}" serve 2001:db8:12::10 7001
check "the answering programs are there" wait_for grep -qs serving "$scratch/echo4.log" "$scratch/echo6.log"

# an IPv4 way of 1000 bytes: IPv6 is not told less than 1280, and what has 1280 is fragmented in IPv4
ns gate ip route add 203.0.113.9/32 dev eth4 mtu 1000
check_says "where the IPv4 way has 1000 bytes a ping of the gateway's own of 1281 bytes is answered: not below 1280" "mtu=1280" \
	bash -c "! ip netns exec gate-$$ ping -c 1 -W 5 -M do -s 1233 -I 2001:db8:12::1 2001:db8:46::203.0.113.9"
check "one of 1280 bytes gets there" \
	ns gate ping -c 1 -W 5 -M "do" -s 1232 -I 2001:db8:12::1 2001:db8:46::203.0.113.9
head -c 300000 /dev/urandom >"$scratch/sent"
transfer() { # TCP from the gateway to four, compared
	start_in four listener socat -u TCP4-LISTEN:7000,reuseaddr "CREATE:$scratch/got"
	wait_for listening || return 1
	ns gate timeout 60 socat -u "FILE:$scratch/sent" \
		"TCP6:[2001:db8:46::203.0.113.9]:7000,bind=[2001:db8:12::1],connect-timeout=10" || return 1
	wait_for -t 30 cmp "$scratch/sent" "$scratch/got" && stop listener
}
listening() { ns four ss -Hltn sport = 7000 | grep -q .; }
check "TCP of its own gets there, over IPv6" transfer
check "a datagram of its own of 3000 bytes is answered" \
	ns gate "${echo[@]}" ask 2001:db8:46::203.0.113.9 7001 3000
ns gate ip route del 203.0.113.9/32 dev eth4

check "a table of six counts fragments, and those shorter than 600 bytes" ns six nft -f - <<-END
	table ip6 t {
		chain c {
			type filter hook prerouting priority -450;
			exthdr frag exists counter comment "all"
			exthdr frag exists meta length < 600 counter comment "short"
		}
	}
END
counted() { ns six nft list table ip6 t | sed -nE "s/.*counter packets ([0-9]+).*comment \"$1\".*/\1/p"; }
# fragments SIZE COUNT: a datagram of SIZE bytes from four, sent until it is answered, has COUNT fragments, none short
fragments() {
	local all short
	all=$(counted all) short=$(counted short)
	ns four "${echo[@]}" ask 198.51.100.10 7001 "$1" || return 1
	all=$(($(counted all) - all)) short=$(($(counted short) - short))
	echo "$all fragments, of which short: $short"
	[ $all -gt 0 ] && [ $((all % $2)) = 0 ] && [ $short = 0 ]
}
ns gate ipxlatctl set siit0 lowest-ipv6-mtu 1500
check "8000 bytes in 6 IPv4 fragments, of which 5 outgrow 1500 bytes, come in 11 of like size" fragments 8000 11
ns gate ipxlatctl set siit0 lowest-ipv6-mtu 1280
check "with 1280 bytes too" fragments 8000 11
for link in four:eth0 gate:eth4 gate:siit0; do ns "${link%:*}" ip link set "${link#*:}" mtu 9000; done
check "8000 bytes in one piece come in 7 of at most 1280 bytes" fragments 8000 7
ns gate ipxlatctl set siit0 lowest-ipv6-mtu 1500
check "in 6 of at most 1500 bytes" fragments 8000 6
finish
