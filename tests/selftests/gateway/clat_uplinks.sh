#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A CLAT with two uplinks: each has one of its own, what has an uplink's address leaves by that uplink, and who is
# preferred, comes or goes breaks nothing that is open.
#
#   host 2001:db8:1::11 --- ::1 gate 203.0.113.2 --- 203.0.113.9 server
#        2001:db8:2::11 --- ::1
#        eth1      eth2
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/../daemon_network.sh"
needs python3

server=203.0.113.9
clat_network
veth host:eth1 gate:eth2
ns host sysctl -qw net.ipv6.conf.eth1.accept_dad=1
ns host ip route del default
ns host ip route add default via 2001:db8:1::1 metric 600
ns gate ip address add 2001:db8:1::2/64 dev eth0
ns gate ip address add 2001:db8:2::1/64 dev eth2
# each provider lets in what has an address of its own
ns gate nft -f - <<-'END'
	table ip6 watch {
		chain arrivals {
			type filter hook prerouting priority -450
			ip6 daddr != 64:ff9b::/96 accept
			iifname "eth0" ip6 saddr != 2001:db8:1::/64 counter drop comment "astray"
			iifname "eth2" ip6 saddr != 2001:db8:2::/64 counter drop comment "astray as well"
			iifname "eth0" counter comment "by eth0"
			iifname "eth2" counter comment "by eth1"
		}
	}
END
# what a flowtable forwards meets no hook that counts
configure gate < <(gateway "flowtable = false" | sed 's/downlinks.*/downlinks = ["eth0", "eth2"]/')

# goes_by LINK COMMAND...: which is answered, through that link
goes_by() {
	local link=$1 before
	shift
	before=$(packets gate "by $link")
	"$@" || return
	[ "$(packets gate "by $link")" -gt "$before" ]
}

# second_uplink METRIC: it has IPv6, and leads out
second_uplink() {
	ns host ip address replace 2001:db8:2::11/64 dev eth1 valid_lft 36000 preferred_lft 36000 nodad
	ns host ip route add default via 2001:db8:2::1 metric "$1"
}

# goes_on: the open connection has its second word answered
goes_on() {
	echo >&7
	wait_for grep "answered: second" "$scratch/twice.log"
}

nothing_strays() { [ "$(packets gate astray)" -eq 0 ] && [ "$(packets gate "astray as well")" -eq 0 ]; }

udp=(asks host udp "$server" 203.0.113.2)

# run KIND: two uplinks, and a connection while they change places
run() {
	clat_at 'eth*' "$1"
	daemon host
	check "$1: the first uplink has a CLAT" comes_to host home "through eth0"
	check "$1: which works" wait_for goes_by eth0 "${udp[@]}"
	check "$1: a connection is open" open_connection $server host
	second_uplink 700
	check "$1: the second has one, too" comes_to host home "through eth1"
	check_says "$1: by a device of its own, which IPv4 likes less" "metric 2049" ns host ip route show default dev clat0.1
	check "$1: IPv4 goes by the first" goes_by eth0 "${udp[@]}"
	check "$1: what is sent by the second's device goes by the second" goes_by eth1 ns host ping -c 1 -W 5 -I clat0.1 $server
	ns host ip route add default via 2001:db8:2::1 metric 300
	check "$1: when IPv6 prefers the second, so does IPv4" wait_for goes_by eth1 "${udp[@]}"
	check "$1: the connection goes on by the first" goes_by eth0 goes_on
	stop twice
}

# trouble KIND: what else may happen to uplinks
trouble() {
	check "$1: another is open, by the second" goes_by eth1 open_connection $server host
	ns host ip route replace default via 2001:db8:1::2 metric 600
	check_says "$1: the way by the first has its new router" "via 2001:db8:1::2" wait_for bash -c "
		ip -n host-$$ -6 route show proto 64 | grep 'via 2001:db8:1::2'"
	check "$1: and works" goes_by eth0 ns host ping -c 1 -W 5 -I clat0 $server
	ns host ip route del default via 2001:db8:2::1 metric 300
	ns host ip route del default via 2001:db8:2::1 metric 700
	check "$1: without a way the second stays" wait_for grep -F "eth1 has no route to 64:ff9b::/96" "$scratch/host-run/state.json"
	check "$1: IPv4 goes by the first meanwhile" wait_for goes_by eth0 "${udp[@]}"
	second_uplink 300
	check "$1: when the way is back, IPv4 goes by it" wait_for goes_by eth1 "${udp[@]}"
	check "$1: the connection has lived through it" goes_by eth1 goes_on
	stop twice
	ns host ip address add 192.0.2.7/24 dev eth1
	ns host ip route add default via 192.0.2.1 dev eth1 metric 4000
	check "$1: native IPv4 of the second ends the second's" comes_to host home "off: native IPv4 192.0.2.7 on eth1"
	check "$1: and not the first's" is host home "through eth0"
	ns host ip address del 192.0.2.7/24 dev eth1
	check "$1: it comes back" comes_to host home "through eth1"
}

# ends KIND
ends() {
	check "$1: nothing went astray" nothing_strays
	check "$1: the daemon stops" stop host-ipxlatd
	ns host ip address del 2001:db8:2::11/64 dev eth1
	ns host ip -6 route flush dev eth1 proto boot
	check "$1: everything is as it was" test "$(ours host)" = "$before"
	ns host ip route replace default via 2001:db8:1::1 metric 600
}

before=$(ours host)
check "the server answers" answering server
daemon gate
check "the gateway comes up" comes_to gate edge "on: "
run shared
trouble shared
ends shared
run dedicated
ends dedicated
finish
