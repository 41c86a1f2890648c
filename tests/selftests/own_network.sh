# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by selftests of what a host sends through its own device. The host has several uplinks to the other side, far:
#
#   host 192.0.2.1, 2001:db8:46::192.0.2.2, siit0
#      eth1 10.0.1.1, 2001:db8:1::1 --- far1 10.0.1.2, 2001:db8:1::2 far
#      eth2 10.0.2.1, 2001:db8:2::1 --- far2 10.0.2.2, 2001:db8:2::2 far
#
# To 198.18.0.7 it sends IPv4, which leaves as IPv6; to 2001:db8:46::198.19.0.7 IPv6, which leaves as IPv4. far counts
# UDP datagrams to port 9 of either family by the link that they come by, and drops them.

# batch NAMESPACE: ip commands on standard input, all of which succeed
batch() {
	ip -n "$1-$$" -batch -
}

# far_side NUMBER...: the other side, for uplinks of these numbers
far_side() {
	local n family
	namespaces far
	{
		echo "table inet arrivals { chain prerouting { type filter hook prerouting priority -500;"
		for n; do
			for family in ipv4 ipv6; do
				echo "iifname far$n meta nfproto $family udp dport 9 counter comment \"$family far$n\""
			done
		done
		echo "udp dport 9 drop; }; }"
	} | ns far nft -f -
}

# own_host NAME: a host without uplinks
own_host() {
	namespaces "$1"
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
	echo "route replace 198.18.0.0/16 dev siit0"
	echo "route replace 2001:db8:46::c613:0/112 dev siit0"
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
