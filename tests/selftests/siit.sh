#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Forwarded traffic through one device, both ways, in the network of siit_network.sh. six knows nothing of IPv4.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/siit_network.sh
. "$(dirname "$0")/siit_network.sh"
needs iperf3 traceroute socat tcpdump

grows() { # REASON COMMAND...: the command fails and the reason is counted
	local reason=$1 before
	shift
	before=$(counter "$reason")
	"$@" && return 1
	[ "$(counter "$reason")" -gt "$before" ]
}

siit_network
ip -n "gate-$$" link del siit0
check "a new device is there" new_device
check "an unconfigured device drops and counts" grows not_configured ns four ping -c 1 -W 1 198.51.100.10
check "it is configured" configure
check "four pings six" wait_for ns four ping -c 1 -W 1 198.51.100.10
# what went into the device and what came out of it, against what explain says of the former
dump() { awk -v nth="$1" '/0x0000:/ { n++ } n == nth && $1 ~ /^0x/ { $1 = $1; print }'; }
explained() {
	ns four ping -c 1 -W 5 198.51.100.10 && wait_for grep -q "2 packets captured" "$scratch/capture.log" || return 1
	dump 1 <"$scratch/capture.log" | ns gate ipxlatctl explain siit0 packet - | dump 1 >"$scratch/explained"
	[ -s "$scratch/explained" ] && dump 2 <"$scratch/capture.log" | diff "$scratch/explained" -
}
start_in gate capture tcpdump -i siit0 -c 2 -l -n -x \
	"icmp[icmptype] = icmp-echo or (icmp6 and ip6[40] = 128)"
check "a capture is there" wait_for grep -q "listening on" "$scratch/capture.log"
check "explain says of a packet what the device made of it" explained

check "six pings four" wait_for ns six ping -c 1 -W 1 2001:db8:46::203.0.113.9
check_says "each way is two hops" "ttl=62" ns four ping -c 1 -W 5 198.51.100.10
check "a large ping without DF is translated whole" ns four ping -c 1 -W 5 -M dont -s 1400 198.51.100.10
check_says "too large with DF: four is told the MTU of six less 20" "mtu = 1480" \
	bash -c "! ip netns exec four-$$ ping -c 1 -W 2 -M do -s 1472 198.51.100.10"
check_says "six learns the MTU of four plus 20" "mtu=1420" bash -c "
	ip -n gate-$$ link set eth4 mtu 1400
	! ip netns exec six-$$ ping -c 2 -i 0.2 -W 2 -M do -s 1452 2001:db8:46::203.0.113.9"
check "and a packet of that size passes" ns six ping -c 1 -W 5 -M "do" -s 1372 2001:db8:46::203.0.113.9
ns gate ip link set eth4 mtu 1500
check "an address that is not mapped is refused" grows not_local bash -c "
	ip -n gate-$$ route add 198.51.100.11/32 dev siit0
	ip netns exec four-$$ ping -c 1 -W 5 198.51.100.11"

check_says "a traceroute from four sees six and, before it, its router as 192.0.0.8" " 2  192.0.0.8" \
	ns four traceroute -n -q 1 -w 3 -m 5 198.51.100.10
check_says "a traceroute from six sees the IPv4 address of the router" " 2  2001:db8:46::cb00:7101" \
	ns six traceroute -n -q 1 -w 3 -m 5 2001:db8:46::203.0.113.9

# payloads with a checksum of their own
head -c 3000000 /dev/urandom >"$scratch/sent"
transfer() { # FROM TO LISTEN CONNECT: TCP, there and compared
	rm -f "$scratch/got"
	start_in "$2" listener socat -u "$3,reuseaddr" "CREATE:$scratch/got"
	wait_for listening "$2" || return 1
	ns "$1" socat -u "FILE:$scratch/sent" "$4,connect-timeout=10" || return 1
	wait_for cmp "$scratch/sent" "$scratch/got" && stop listener
}
listening() { ns "$1" ss -Hltn sport = 7000 | grep -q .; }
check "3 MB over TCP from four to six arrive unchanged" \
	transfer four six TCP6-LISTEN:7000 TCP4:198.51.100.10:7000
check "3 MB over TCP from six to four arrive unchanged" \
	transfer six four TCP4-LISTEN:7000 "TCP6:[2001:db8:46::cb00:7109]:7000"
check "the same without path MTU discovery, so without DF" bash -c "
	ip netns exec four-$$ sysctl -qw net.ipv4.ip_no_pmtu_disc=1"
check "  arrives unchanged too" transfer four six TCP6-LISTEN:7000 TCP4:198.51.100.10:7000
ns four sysctl -qw net.ipv4.ip_no_pmtu_disc=0

echo=(python3 "$(dirname "$0")/programs/udp_echo.py")
start_in four echo4 "${echo[@]}" serve 203.0.113.9 7001
start_in six echo6 "${echo[@]}" serve 2001:db8:12::10 7001
check "the answering programs are there" wait_for grep -qs serving "$scratch/echo4.log" "$scratch/echo6.log"
for size in 1 1000 1232 1400 4000 30000; do
	check "a datagram of $size bytes from four is answered by six" \
		ns four "${echo[@]}" ask 198.51.100.10 7001 $size
	check "a datagram of $size bytes from six is answered by four" \
		ns six "${echo[@]}" ask 2001:db8:46::cb00:7109 7001 $size
done

check_says "six is told that a port of four is closed" "refused" \
	bash -c "! ip netns exec six-$$ socat -u - UDP6:[2001:db8:46::cb00:7109]:9,connect-timeout=1 </dev/null;
		! ip netns exec six-$$ socat - TCP6:[2001:db8:46::cb00:7109]:9"
check_says "four is told that a port of six is closed" "refused" \
	bash -c "! ip netns exec four-$$ socat - TCP4:198.51.100.10:9"

check "the gateway itself reaches six over IPv4" ns gate ping -c 1 -W 5 -I 203.0.113.1 198.51.100.10
check "a route that leads back into the device is a loop" grows loop bash -c "
	ip -n gate-$$ route add 2001:db8:12::99/128 dev siit0
	ip netns exec gate-$$ ipxlatctl map add siit0 198.51.100.99 2001:db8:12::99
	ip -n gate-$$ route add 198.51.100.99 dev siit0
	ip netns exec gate-$$ ping -c 1 -W 5 198.51.100.99"
finish
