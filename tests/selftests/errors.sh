#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# ICMP errors reach the program that caused them, with the number that is right on its side, whatever the reverse path
# filter, and also from behind a NAT. To siit_network.sh's network come a router and a host behind it:
#
#   four --- gate siit0 gate --- six --- 2001:db8:13::10 beyond, 198.51.100.13 in IPv4
#
# As a router six has no IPv4 address; as a host it is 2001:db8:12::12, 198.51.100.12 in IPv4.
# MTUs: the gateway's link to six 1450, six's to beyond 1300, the gateway's route to four 1350.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/siit_network.sh
. "$(dirname "$0")/siit_network.sh"
needs nft python3 traceroute
modprobe -qa nft_chain_nat nft_masq nft_nat

siit_network
namespaces beyond
veth six:eth1 beyond:eth0
check "the host beyond is there" batch beyond <<-END
	address add 2001:db8:13::10/64 dev eth0
	route add default via 2001:db8:13::1
END
check "six is a router" batch six <<-END
	address add 2001:db8:12::12/64 dev eth0 preferred_lft 0
	address add 2001:db8:13::1/64 dev eth1
	link set eth1 mtu 1300
	route add unreachable 2001:db8:14::/64
END
ns six sysctl -qw net.ipv6.conf.all.forwarding=1
# Strict reverse path filters want a route to where errors seem to come from.
check "the gateway knows the ways" batch gate <<-END
	link set eth6 mtu 1450
	route add 203.0.113.9 dev eth4 mtu lock 1350
	route add 2001:db8:13::/64 via 2001:db8:12::10
	route add 2001:db8:14::/64 via 2001:db8:12::10
	route add 198.51.100.12/30 dev siit0
	route add 192.0.0.8 dev siit0
	route add 2001:db8:99::/64 dev siit0
END
ns gate ipxlatctl set siit0 udp-zero-checksum drop local-map 198.51.100.12 2001:db8:12::12 \
	local-map 198.51.100.13 2001:db8:13::10 local-map 198.51.100.14 2001:db8:14::10
# as many errors as are asked for
for host in gate six beyond four; do
	ns $host sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
done
check "four reaches the host beyond" wait_for ns four ping -c 1 -W 1 198.51.100.13
# class 2, type 4: an incoming interface with an IPv6 address (RFC 5837); newer traceroutes know it
trace() {
	ns four traceroute -e -n -q 1 -w 5 -m 4 198.51.100.13 >"$scratch/trace" && cat "$scratch/trace" &&
		grep -qE "^ 3  192\.0\.0\.8 <($1)>" "$scratch/trace"
}
check "a traceroute shows the IPv6 address of a router without an IPv4 address" \
	trace "2/4:00020000,20010db8,00120000,00000000,00000010|INC:2001:db8:12::10"

programs=$(dirname "$0")/programs
provoke() { # all of them
	ns four python3 "$programs/provoke.py" 203.0.113.9 "198.51.100.13 9 size 1500" "198.51.100.13 9 size 1400" \
		"198.51.100.13 9" "198.51.100.14 9" "198.51.100.12 9 nochecksum" &&
		ns six python3 "$programs/provoke.py" 2001:db8:12::12 "2001:db8:46::cb00:7109 9 size 1400" \
			"2001:db8:46::cb00:7109 9" "2001:db8:99::1 9"
}

# errors WHEN: each kind of error, for a program on four or on six
errors() {
	local got=$scratch/got
	check "$1, errors are provoked" provoke
	cp "$scratch/output" "$got"
	check_says "$1, the gateway's own link is too small: four is told its MTU less 20" \
		"size 1500: type 3 code 4 mtu 1430 from 192.0.0.8" cat "$got"
	check_says "$1, a link further on is too small: four is told its MTU less 20" \
		"size 1400: type 3 code 4 mtu 1280 from 192.0.0.8" cat "$got"
	check_says "$1, a port is closed: four is told by the host itself" \
		"198.51.100.13 9: type 3 code 3 from 198.51.100.13" cat "$got"
	check_says "$1, a network is unreachable: four is told by a router without an IPv4 address" \
		"198.51.100.14 9: type 3 code 1 from 192.0.0.8" cat "$got"
	check_says "$1, the device refuses a packet: four is told by the gateway" \
		"nochecksum: type 3 code 13 from 203.0.113.1" cat "$got"
	check_says "$1, the way to four is too small: six is told its MTU plus 20" \
		"size 1400: type 2 code 0 mtu 1370 from 2001:db8:46::cb00:7101" cat "$got"
	check_says "$1, a port of four is closed: six is told by four" \
		"2001:db8:46::cb00:7109 9: type 1 code 4 from 2001:db8:46::cb00:7109" cat "$got"
	check_says "$1, the device refuses an address: six is told by the gateway" \
		"2001:db8:99::1 9: type 1 code 1 from 2001:db8:12::1" cat "$got"
}

for filter in 0 1 2; do
	for interface in all siit0 eth4; do ns gate sysctl -qw net.ipv4.conf.$interface.rp_filter=$filter; done
	errors "rp_filter $filter"
done
check "a NAT is put in front of the device" ns gate nft -f - <<-'END'
	table ip nat {
		chain postrouting {
			type nat hook postrouting priority srcnat
			oifname "siit0" ip saddr 203.0.113.9 snat to 203.0.113.77
		}
	}
END
errors "behind a NAT"
check_says "the NAT was in use" "203.0.113.77" ns gate nft list table ip nat
finish
