#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# ipxlatd as a CLAT, with an address shared and with one of its own, behind a NAT64 gateway.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/daemon_network.sh"
needs socat traceroute python3

server=203.0.113.9
clat_network
head -c 3M /dev/urandom >"$scratch/file"
head -c 8000 /dev/urandom >"$scratch/datagram"
# nothing of the host may arrive with an inside address
ns gate nft -f - <<-'END'
	table ip6 watch {
		chain arrivals {
			type filter hook prerouting priority -450
			iifname "eth0" ip6 saddr 64:ff9b:1::/48 counter comment "inside addresses"
			iifname "eth0" ip6 saddr 64:ff9b::/96 counter comment "as if from the Internet"
			iifname "eth0" exthdr frag exists counter comment "fragments"
		}
	}
END
configured ""

no_forwarding() {
	ns host sysctl -ar 'ip_forward$|\.forwarding$' | tee "$scratch/forwarding"
	[ -s "$scratch/forwarding" ] && ! grep -q ' = 1' "$scratch/forwarding"
}

# carries: the file goes to the server whole
carries() {
	rm -f "$scratch/copy"
	start_in server sink socat -u TCP4-LISTEN:81,reuseaddr "OPEN:$scratch/copy,creat,trunc"
	wait_for ns host socat -u "FILE:$scratch/file" "TCP4:$server:81" && wait_for cmp "$scratch/file" "$scratch/copy"
}

# carries_datagram: the server gets it; sets fragments
carries_datagram() {
	local before
	rm -f "$scratch/arrived"
	before=$(packets gate fragments)
	start_in server sink socat -u UDP4-RECVFROM:12 "OPEN:$scratch/arrived,creat,trunc"
	wait_for bash -c "ip netns exec server-$$ ss -Huln 'sport = 12' | grep -q ." || return
	ns host socat -b 9000 -u "FILE:$scratch/datagram" "UDP4-SENDTO:$server:12"
	wait_for cmp "$scratch/datagram" "$scratch/arrived" || return
	fragments=$(($(packets gate fragments) - before))
}

# pings SIZE FRAGMENTS: the server answers that many bytes, and they left in so many fragments
pings() {
	local before
	before=$(packets gate fragments)
	ns host ping -c 1 -W 5 -s "$1" $server && test "$(($(packets gate fragments) - before))" -eq "$2"
}

# works KIND PORT: what every kind of CLAT has to do; the port is a local one
works() {
	check "$1: TCP over IPv4 arrives from the gateway's address" wait_for asks host tcp $server 203.0.113.2
	check "$1: so does UDP" asks host udp $server 203.0.113.2
	check "$1: ping is answered" ns host ping -c 2 -i 0.2 -W 5 $server
	check "$1: so is one of 2,000 bytes, in 2 fragments" pings 2000 2
	check "$1: and one of 8,000 bytes, in 6" pings 8000 6
	check "$1: a file arrives whole" carries
	check "$1: the largest answer arrives at once" ask host bytes $server 10 1452
	check "$1: a datagram of 8,000 bytes arrives whole" carries_datagram
	check "$1: in no more fragments than native IPv6 needs" test "$fragments" -eq 6
	check "$1: so does one of the server" ask host bytes $server 10 8000
	check_refused "$1: the rest of 192.0.0.0/29 is nowhere" "No route to host" ns host ping -c 1 -W 5 192.0.0.6
	check "$1: native IPv6 uses the same port at the same time" ask host both $server "64:ff9b::$server" 7 "$2"
	check_says "$1: a closed port is told to the host" "Connection refused" bash -c "
		! ip netns exec host-$$ python3 '$repository/tests/selftests/programs/ask.py' udp $server 19"
	check_says "$1: a traceroute shows the IPv6 router as 192.0.0.8" " 1  192.0.0.8" \
		ns host traceroute -n -q 1 -w 3 -m 5 $server
	check "$1: the host's own IPv6 address answers" ns gate ping -c 1 -W 5 2001:db8:1::11
	ns host ip address add 8.8.4.4/32 dev lo
	ns host socat -u - "UDP4-SENDTO:$server:9,bind=8.8.4.4" <<<"spoofed"
	ns host ip address del 8.8.4.4/32 dev lo
	check "$1: UDP arrives after that" asks host udp $server 203.0.113.2
	check "$1: what has another source than the host's IPv4 does not leave" \
		test "$(packets gate "as if from the Internet")" -eq 0
	check "$1: no sysctl made the host a router" no_forwarding
}

# run KIND: the daemon with this kind of address
run() {
	clat_at 'eth*' "$1"
	daemon host
}

before=$(ours host)
check "the server answers" answering server
daemon gate
check "the gateway comes up" comes_to gate edge "on: "
check "the host is no router" no_forwarding

run shared
check_says "shared: IPv4 comes up" "through eth0, address 64:ff9b:1:fffe::c000:1 (shared)" comes_to host home "on: "
check_says "shared: the device takes whatever comes by the uplink" "mtu 1500" ns host ip link show clat0
check_says "shared: IPv4 sends what fits it" "mtu 1480" ns host ip route show default dev clat0
works shared 4321
ns host nft -f - <<-'END'
	table ip watch {
		chain in {
			type filter hook input priority -400
			udp dport 9 counter comment "from neighbours"
		}
	}
END
ns gate ip address add 64:ff9b::203.0.113.77/128 dev eth0
ns gate ip route add 64:ff9b:1:fffe::c000:1 via 2001:db8:1::11
check "shared: what a neighbour sends to the inside address is dropped" counts host \
	"nobody reaches the inside address" bash -c "
	echo in | ip netns exec gate-$$ socat -u - 'UDP6-SENDTO:[64:ff9b:1:fffe::c000:1]:9,bind=[64:ff9b::203.0.113.77]'"
check "shared: and reaches no program" test "$(packets host "from neighbours")" -eq 0
ns gate ip address del 64:ff9b::203.0.113.77/128 dev eth0
ns gate ip route del 64:ff9b:1:fffe::c000:1
ns host nft delete table ip watch
ns host ip address add 192.0.2.7/24 dev eth0
ns host ip route add default via 192.0.2.1 metric 4000
check "IPv4 of the uplink's own turns it off" comes_to host home "off: native IPv4 192.0.2.7 on eth0"
check "nothing is left of it then" wait_for bash -c "! ip -n host-$$ link show clat0"
ns host ip address del 192.0.2.7/24 dev eth0
check "it comes on again when that goes" comes_to host home "on: "
check "and works" wait_for asks host tcp $server 203.0.113.2
check "the daemon stops" stop host-ipxlatd
check "everything is as it was" test "$(ours host)" = "$before"

run dedicated
check_says "dedicated: IPv4 comes up" "(dedicated)" comes_to host home "on: "
own=$(state host home | sed -n 's/.*address \([^ ]*\) (dedicated).*/\1/p')
check_says "dedicated: the address is deprecated, so that no program uses it as a source" "deprecated" \
	ns host ip -6 address show dev eth0 to "$own"
works dedicated 4322
check "dedicated: the address itself answers, as any address" ns gate ping -c 1 -W 5 "$own"
ns host ip address add 2001:db8:0:5::11/64 dev eth0 valid_lft 36000 preferred_lft 36000 nodad
ns host ip link set eth0 mtu 1400
check_says "dedicated: the device follows the uplink's MTU" "mtu 1400" wait_for bash -c "
	ip -n host-$$ link show clat0 | grep 'mtu 1400'"
check "dedicated: the address stays whatever else is advertised" is host home "address $own (dedicated)"
ns host ip link set eth0 mtu 1500
ns host ip address del 2001:db8:0:5::11/64 dev eth0
check "the daemon stops" stop host-ipxlatd
check "everything is as it was" test "$(ours host)" = "$before"

ns gate ip address add "$own/64" dev eth0
run dedicated
check "an address that another host has is not used" comes_to host home "on: "
check_not "but the next one" bash -c "grep -F 'address $own (' '$scratch/host-run/state.json'"
check "and it works" wait_for asks host tcp $server 203.0.113.2
check "the daemon stops" stop host-ipxlatd
check "everything is as it was" test "$(ours host)" = "$before"
ns gate ip address del "$own/64" dev eth0

run temporary
check_says "temporary: IPv4 comes up" "(temporary)" comes_to host home "on: "
today=$(state host home | sed -n 's/.*address \([^ ]*\) (temporary).*/\1/p')
check_not "temporary: it is none that it had before" test "$today" = "$own"
check "temporary: UDP works" wait_for asks host udp $server 203.0.113.2
check "temporary: a connection is open" open_connection $server host
kill -KILL "$(pid_of host-ipxlatd)"
check "the daemon is killed" wait_for bash -c "! kill -0 $(pid_of host-ipxlatd)"
# a day later: unshare itself ends by no signal but this one, and sends the daemon another
start_in host host-ipxlatd unshare --time --boottime $((24 * 3600)) --fork --kill-child=TERM \
	env "RUNTIME_DIRECTORY=$scratch/host-run" ipxlatd --config "$scratch/host.toml"
is_another_day() {
	is host home "(temporary)" && ! is host home "$today" && ns host ip route get $server | grep "src 192.0.0.2"
}
check "temporary: a day later what begins has another address" wait_for is_another_day
check "temporary: which works" wait_for asks host udp $server 203.0.113.2
echo >&7
check "temporary: the connection goes on" wait_for grep "answered: second" "$scratch/twice.log"
stop twice
stop host-ipxlatd KILL
everything_is_as_it_was() { test "$(ours host)" = "$before"; }
check "everything is as it was after that, too" wait_for everything_is_as_it_was
check_says "no inside address ever left the host" "counter packets 0 " ns gate nft list table ip6 watch
finish
