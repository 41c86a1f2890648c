# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by selftests of what a host sends through its own device. The host has uplinks to the other side, far:
#
#   host 192.0.2.1, 2001:db8:46::192.0.2.2, siit0                       far 2001:db8:46::198.18.0.7, 198.19.0.7
#      eth1 10.0.1.1, 2001:db8:1::1 --- far1 10.0.1.2, 2001:db8:1::2
#      eth2 10.0.2.1, 2001:db8:2::1 --- far2 10.0.2.2, 2001:db8:2::2
#
# To 198.18.0.7 it sends IPv4, which leaves as IPv6 from 2001:db8:46::192.0.2.1; to 2001:db8:46::198.19.0.7 IPv6, which
# leaves as IPv4 from 192.0.2.2. far counts the packets from these two by the link that they come by, and drops what is
# for port 9.

# batch NAMESPACE: ip commands on standard input, all of which succeed
batch() {
	ip -n "$1-$$" -batch -
}

# far_side NUMBER...: the other side, for uplinks of these numbers
far_side() {
	local n
	namespaces far
	{
		echo "table inet arrivals { chain prerouting { type filter hook prerouting priority -500;"
		for n; do
			echo "iifname far$n ip saddr 192.0.2.2 counter comment \"ipv4 far$n\""
			echo "iifname far$n ip6 saddr 2001:db8:46::c000:201 counter comment \"ipv6 far$n\""
		done
		echo "meta l4proto { tcp, udp } th dport 9 drop; }; }"
	} | ns far nft -f -
	batch far <<-END
		address add 198.19.0.7/32 dev lo
		address add 2001:db8:46::c612:7/128 dev lo
	END
}

# far_answers: by the uplink 1
far_answers() {
	batch far <<-END
		route add 192.0.2.2 via 10.0.1.1
		route add 2001:db8:46::c000:201 via 2001:db8:1::1
	END
}

# own_host NAME: a host without uplinks
own_host() {
	namespaces "$1"
	ns "$1" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1  # for answers
	batch "$1" <<-END
		address add 192.0.2.1/32 dev lo
		address add 2001:db8:46::c000:202/128 dev lo
	END
}

# uplink NAMESPACE NUMBER
uplink() {
	veth "$1:eth$2" "far:far$2"
	batch "$1" <<-END
		address add 10.0.$2.1/24 dev eth$2
		address add 2001:db8:$2::1/64 dev eth$2
	END
	batch far <<-END
		address add 10.0.$2.2/24 dev far$2
		address add 2001:db8:$2::2/64 dev far$2
	END
}

# ways_out NUMBER [WORDS]: ip commands, what is translated leaves by this uplink; WORDS of the route, such as a table
ways_out() {
	echo "route replace 2001:db8:46::c612:0/112 via 2001:db8:$1::2 ${2-}"
	echo "route replace 198.19.0.0/16 via 10.0.$1.2 ${2-}"
}

# ways_in: ip commands, what is to be translated goes into the device. It has no address: the kernel forgets all IPv6
# routes that are kept when one goes.
ways_in() {
	echo "link set siit0 addrgenmode none"
	echo "link set siit0 up"
	echo "route replace 198.18.0.0/16 dev siit0 src 192.0.2.1"
	echo "route replace 2001:db8:46::c613:0/112 dev siit0"
	echo "route replace 192.0.2.2 dev siit0"
	echo "route replace 2001:db8:46::c000:201 dev siit0"
}

# own_device NAMESPACE: makes it, so that it translates
own_device() {
	ip -n "$1-$$" link add siit0 type ipxlat
	batch "$1" < <(ways_in)
	ns "$1" ipxlatctl set siit0 remote-prefix6 2001:db8:46::/96
}

# arrivals: a line "FAMILY LINK PACKETS" for each family and link
arrivals() {
	ns far nft list table inet arrivals | sed -n 's/.* packets \([0-9]*\) .*comment "\(.*\)"/\2 \1/p'
}
