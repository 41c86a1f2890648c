#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the gateway sends itself where the way in the other family is narrower than IPv6 allows, and into how many
# fragments a long datagram is cut. The network is siit_network.sh's; 198.51.100.11 is the gateway in IPv4.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/siit_network.sh
. "$(dirname "$0")/siit_network.sh"
needs python3 socat nft

siit_network
check "the gateway has an address in IPv4" ns gate ipxlatctl map add siit0 198.51.100.11 2001:db8:12::1
ns gate ip route add 198.51.100.11/32 dev siit0

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
	wait_for -t 60 cmp "$scratch/sent" "$scratch/got" && stop listener
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
# fragments SIZE COUNT [NAMESPACE]: a datagram of SIZE bytes from four, or from there, sent until it is answered, has COUNT
# fragments, none short
fragments() {
	local all short
	all=$(counted all) short=$(counted short)
	ns "${3-four}" "${echo[@]}" ask 198.51.100.10 7001 "$1" || return 1
	all=$(($(counted all) - all)) short=$(($(counted short) - short))
	echo "$all fragments, of which short: $short"
	[ $all -gt 0 ] && [ $((all % $2)) = 0 ] && [ $short = 0 ]
}
# pings SIZE: one of the gateway's is heard by six, whose answer comes in fragments that nobody puts together
pings() {
	local before
	before=$(heard)
	ns gate ping -c 1 -W 0.1 -s "$1" 198.51.100.10
	wait_for -t 20 eval "[ \$(heard) -eq $((before + 1)) ]"
}
heard() { ns six sed -n 's/^Icmp6InEchos[[:space:]]*//p' /proc/net/snmp6; }
# without_check SIZE: a datagram of the gateway's without a check is answered
without_check() {
	ns gate python3 -c '
import socket, sys
SO_NO_CHECK = 11
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
    sock.setsockopt(socket.SOL_SOCKET, SO_NO_CHECK, 1)
    sock.settimeout(20)
    sock.sendto(bytes(int(sys.argv[1])), ("198.51.100.10", 7001))
    print(len(sock.recv(1 << 16)))' "$1"
}
ns gate ipxlatctl set siit0 lowest-ipv6-mtu 1500
check "8000 bytes in 6 IPv4 fragments, of which 5 outgrow 1500 bytes, come in 11 of like size" fragments 8000 11
check "8000 bytes of the gateway's own in 6 full ones, though IPv4 has cut them" fragments 8000 6 gate
check "its large ping arrives" pings 3000
check "so is a large datagram of its own without a check" without_check 3000
ns gate ipxlatctl set siit0 lowest-ipv6-mtu 1280
check "with 1280 bytes too" fragments 8000 11
for link in four:eth0 gate:eth4 gate:siit0; do ns "${link%:*}" ip link set "${link#*:}" mtu 9000; done
check "8000 bytes in one piece come in 7 of at most 1280 bytes" fragments 8000 7
ns gate ipxlatctl set siit0 lowest-ipv6-mtu 1500
check "in 6 of at most 1500 bytes" fragments 8000 6
finish
