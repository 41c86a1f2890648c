#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The MTU in a translated ICMP error is bounded by the link that the error came in by, also where that link belongs to a
# VRF, whose own MTU is 65,536 or more. The network is siit_network.sh's; the gateway's links have MTUs of their own.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/siit_network.sh
. "$(dirname "$0")/siit_network.sh"
needs python3
modprobe -qa vrf
too_big=$(dirname "$0")/programs/too_big.py

siit_network
mtus() { # OF-ETH4 OF-ETH6
	ns four ip link set eth0 mtu 9000
	ns six ip link set eth0 mtu 9000
	ns gate ip link set eth4 mtu "$1"
	ns gate ip link set eth6 mtu "$2"
}
told() { python3 "$too_big" $$ "$@"; } # "4 to 6"|"6 to 4" MTU: which MTU comes out
bounded() { # WHERE
	mtus 1400 9000
	check_says "$1, an error from four with an MTU of 8000 tells six what the link to four takes, plus 20" \
		"mtu 1420" told "4 to 6" 8000
	mtus 9000 1400
	check_says "$1, an error from six with an MTU of 8000 tells four what the link to six takes, less 20" \
		"mtu 1380" told "6 to 4" 8000
	mtus 9000 9000
	check_says "$1, wide links leave the MTU of an error from four as it is, plus 20" "mtu 8020" told "4 to 6" 8000
	check_says "$1, wide links leave the MTU of an error from six as it is, less 20" "mtu 7980" told "6 to 4" 8000
}

bounded "outside a VRF"
mtus 1500 1500
check "a VRF takes the gateway's links and the device" batch gate <<-END
	link add vrf0 type vrf table 100
	link set vrf0 up
	link set eth4 master vrf0
	link set eth6 master vrf0
	link set siit0 master vrf0
	address add 2001:db8:12::1/64 dev eth6 nodad
	route add 198.51.100.10/32 dev siit0 table 100
	route add 2001:db8:46::/96 dev siit0 table 100
END
check "four pings six through it" wait_for ns four ping -c 1 -W 1 198.51.100.10
bounded "in a VRF"
finish
