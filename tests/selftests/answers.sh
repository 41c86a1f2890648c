#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the gateway answers to packets that it does not translate, and to which ones it says nothing (RFC 7915 4.4, 5.4),
# and what becomes of packets that are too long for the other side. The network is siit_network.sh's, and gate has a
# second device, eam0, without a remote prefix and with two mapped addresses.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/siit_network.sh
. "$(dirname "$0")/siit_network.sh"
needs python3 nft

siit_network
ns gate sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0 \
	net.ipv4.conf.all.accept_source_route=1 net.ipv4.conf.eth4.accept_source_route=1
ns six ip addr add 2001:db8:99::1/128 dev eth0
check "a second device is there, and addresses without an IPv4 form lead into the first" batch gate <<-END
	link add eam0 type ipxlat
	link set eam0 up
	route add 198.51.100.16/28 dev eam0
	route add 2001:db8:99::9/128 dev eam0
	route add 2001:db8:99::1/128 via 2001:db8:12::10
	route add 2001:db8:46::/64 dev siit0
END
ns gate ipxlatctl set eam0 local-map 198.51.100.20 2001:db8:12::20 local-map 192.0.2.9 2001:db8:99::9

refused=(python3 "$(dirname "$0")/programs/refused.py")
from_four() { ns four "${refused[@]}" 203.0.113.9 "$1" 203.0.113.1 "${@:2}"; }
from_six() { ns six "${refused[@]}" "${source6-2001:db8:12::10}" "$1" 2001:db8:12::1 "${@:2}"; }
says() { # SENTENCE LINE COMMAND...: the output is this line
	local sentence=$1 line=$2
	shift 2
	check_says "$sentence" "$line" "$@"
}

says "an IPv4 source that is not mapped: administratively prohibited, with the packet as it came" \
	"3/13 from 203.0.113.1, word 0, 64 bytes" from_four 198.51.100.20 udp
says "as much of a long one as fits 576 bytes" "3/13 from 203.0.113.1, word 0, 576 bytes" \
	from_four 198.51.100.20 long
says "an IPv4 query from there too" "3/13 from 203.0.113.1" from_four 198.51.100.20 echo
says "an IPv4 error from there: nothing" "nothing" from_four 198.51.100.20 error
says "a later fragment from there: nothing" "nothing" from_four 198.51.100.20 later-fragment
says "a fragment of an ICMPv4 message: nothing" "nothing" from_four 198.51.100.10 echo-fragment
says "a source route that is not used up: source route failed" "3/5 from 203.0.113.1" \
	from_four 198.51.100.10 source-route
ns gate ipxlatctl set siit0 udp-zero-checksum drop
says "UDP without a checksum where that is dropped: administratively prohibited" "3/13 from 203.0.113.1" \
	from_four 198.51.100.10 unchecked
ns gate ipxlatctl set siit0 udp-zero-checksum compute

says "an IPv6 destination without an IPv4 form: administratively prohibited" \
	"1/1 from 2001:db8:12::1, word 0, 104 bytes" from_six 2001:db8:46:0:1::1 udp
says "as much of a long one as fits 1280 bytes" "1/1 from 2001:db8:12::1, word 0, 1280 bytes" \
	from_six 2001:db8:46:0:1::1 long
source6=2001:db8:12::10 says "an IPv6 source without an IPv4 form: administratively prohibited" \
	"1/1 from 2001:db8:12::1" from_six 2001:db8:99::9 udp
says "an ICMPv6 query there: nothing" "nothing" from_six 2001:db8:46:0:1::1 echo
says "an ICMPv6 error there: nothing" "nothing" from_six 2001:db8:46:0:1::1 error
says "UDP over IPv6 without a checksum: nothing" "nothing" from_six 2001:db8:46::203.0.113.9 unchecked
says "a routing header with a segment left: the pointer is at it" "4/0 from 2001:db8:12::1, word 43" \
	from_six 2001:db8:46::203.0.113.9 routing
says "behind another header too" "4/0 from 2001:db8:12::1, word 51" \
	from_six 2001:db8:46::203.0.113.9 padded-routing
says "an unknown option that asks for an answer: the pointer is at it" "4/2 from 2001:db8:12::1, word 42" \
	from_six 2001:db8:46::203.0.113.9 option

ns gate sysctl -qw net.ipv4.icmp_ratelimit=1000 net.ipv6.icmp.ratelimit=1000
fewer_than_20() { # COMMAND...: answers, but not 20
	local answers
	"$@" >"$scratch/answers" || return 1
	answers=$(grep -c from "$scratch/answers")
	echo "$answers answers"
	[ "$answers" -ge 1 ] && [ "$answers" -lt 20 ]
}
ns four ip addr add 203.0.113.10/24 dev eth0
limited4() { ns four "${refused[@]}" 203.0.113.10 198.51.100.20 203.0.113.1 udp 20; }
ns six ip addr add 2001:db8:12::11/64 dev eth0 nodad preferred_lft 0
limited6() { source6=2001:db8:12::11 from_six 2001:db8:46:0:1::1 udp 20; }
check "20 IPv4 packets within a moment: the answers are limited" fewer_than_20 limited4
check "20 IPv6 packets within a moment: the answers are limited" fewer_than_20 limited6
ns gate sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0

check "a table of six counts what is longer than 1300 bytes, one of four what is a fragment" bash -ec "
	ip netns exec six-$$ nft 'add table ip6 t; add chain ip6 t c { type filter hook prerouting priority raw; };
		add rule ip6 t c meta length > 1300 counter'
	ip netns exec four-$$ nft 'add table ip t; add chain ip t c { type filter hook prerouting priority -450; };
		add rule ip t c ip frag-off & 0x3fff != 0 counter'"
counted_packets() { ns "$1" nft list table "$2" t | sed -nE 's/.*counter packets ([0-9]+).*/\1/p'; }
ns gate ipxlatctl set siit0 lowest-ipv6-mtu 1500
ns gate ip route add 2001:db8:12::10/128 dev eth6 mtu 1300
check "the gateway's own packet without DF is answered by six" \
	ns gate ping -c 1 -W 5 -M dont -s 1400 -I 203.0.113.1 198.51.100.10
check "  and was cut to the MTU of the route" [ "$(counted_packets six ip6)" = 0 ]

echo=(python3 "$(dirname "$0")/programs/udp_echo.py")
start_in four echo4 "${echo[@]}" serve 203.0.113.9 7001
check "the answering program is there" wait_for grep -qs serving "$scratch/echo4.log"
ns gate ip link set eth4 mtu 1000
ns four ip link set eth0 mtu 1000
check "where the IPv4 link has 1000 bytes a packet of 1280 bytes from six arrives" \
	ns six "${echo[@]}" ask 2001:db8:46::cb00:7109 7001 1232
fragments=$(counted_packets four ip)
check "  as two fragments" [ "$fragments" -ge 2 ]
check "so does an IPv6 fragment that is longer" ns six "${echo[@]}" ask 2001:db8:46::cb00:7109 7001 3000
check "  as more fragments" [ "$(counted_packets four ip)" -ge $((fragments + 4)) ]
check_says "a packet of 1281 bytes from six is answered: not below 1280" "mtu=1280" \
	bash -c "! ip netns exec six-$$ ping -c 1 -W 5 -M do -s 1233 -I 2001:db8:12::10 2001:db8:46::203.0.113.9"
ns gate ip link set eth4 mtu 1500
ns four ip link set eth0 mtu 1500

check "where the gateway has a better native route the packet is not translated" bash -ec "
	ip -n gate-$$ route add 198.51.100.17/32 via 203.0.113.9
	ip -n four-$$ addr add 198.51.100.17/32 dev lo
	ip netns exec gate-$$ ping -c 1 -W 5 198.51.100.17"
check "in IPv6 too" bash -ec "
	ip -n gate-$$ route add 2001:db8:46::99/128 via 2001:db8:12::10
	ip -n six-$$ addr add 2001:db8:46::99/128 dev lo
	ip netns exec gate-$$ ping -c 1 -W 5 2001:db8:46::99"
check "the gateway's own address is its own" bash -ec "
	ip -n gate-$$ addr add 198.51.100.18/32 dev lo
	ip netns exec four-$$ ping -c 1 -W 5 -t 1 198.51.100.18"
finish
