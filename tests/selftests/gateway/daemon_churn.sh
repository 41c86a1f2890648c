#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A restless network, for CHURN_SECONDS, 20 unless set: things happen at random, drawn with CHURN_SEED, 1 unless set, then
# all is put in order and has to come to what it was at the beginning, and to rest there. NAT64, SIIT and a CLAT for each of
# two uplinks in one host:
#
#   client 2001:db8:1::11 --- ::1 gate 203.0.113.2 --- 203.0.113.9 server
#                                   |  2001:db8:a::2 --- ::1 router, which advertises the prefix of a NAT64
#                                   |  2001:db8:b::2 --- ::1 router, the same
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/../daemon_network.sh"
needs python3

seconds=${CHURN_SECONDS:-20}
round=90  # seconds of trouble, at most, until the next time of order
RANDOM=${CHURN_SEED:-1}

namespaces client gate server router
started=0

# cables: those that are missing
cables() {
	local cable
	for cable in eth0:client:eth0 eth1:server:eth0 wan0:router:eth0 wlan0:router:eth1; do
		ns gate test -e "/sys/class/net/${cable%%:*}" || veth "gate:${cable%%:*}" "${cable#*:}"
	done
	ns gate sysctl -qw net.ipv6.conf.wan0.accept_ra=2 net.ipv6.conf.wlan0.accept_ra=2
}

# routers PREFIX=SECONDS...: both advertise these, if their links are there
routers() {
	local link
	for link in eth0 eth1; do
		if running "router-$link"; then stop "router-$link"; fi
		start_in router "router-$link" python3 "$repository/tests/selftests/programs/router.py" "$link" "$@"
	done
}

# addresses: those of the network in good order
addresses() {
	ns client ip -6 address replace 2001:db8:1::11/64 dev eth0
	ns client ip route replace default via 2001:db8:1::1
	ns server ip address replace 203.0.113.9/24 dev eth0
	ns router ip address replace 2001:db8:a::1/64 dev eth0
	ns router ip address replace 2001:db8:b::1/64 dev eth1
	ns gate ip address replace 2001:db8:1::1/64 dev eth0
	ns gate ip address replace 203.0.113.2/24 dev eth1
	ns gate ip address replace 2001:db8:a::2/64 dev wan0
	ns gate ip address replace 2001:db8:b::2/64 dev wlan0
	ns gate ip route replace default via 2001:db8:a::1 metric 512
	ns gate ip route replace default via 2001:db8:b::1 metric 600
}

# settle: whatever happened, the network is in good order
settle() {
	local link
	cables
	for link in eth0 eth1 wan0 wlan0; do ns gate ip link set "$link" up mtu 1500; done
	ns gate ip route flush root 0/0 proto static
	ns gate ip -6 route flush root ::/0 proto static
	for link in wan0 wlan0; do
		ns gate ip -4 address flush dev "$link"
		ns gate ip -6 address flush dev "$link" scope global
	done
	if ns gate nft list table ip masquerade >"$scratch/theirs" 2>&1; then ns gate nft delete table ip masquerade; fi
	addresses
	routers 2001:db8:64::/96=600 2001:db8:65::/96=0
	become ""
	if running gate-ipxlatd; then reload gate; else begin; fi
}

# three LINE [SIIT]: the instances, with this line more in [nat64.edge], and with an instance SIIT, dc unless given
three() {
	gateway "$1"
	cat <<-END
		[clat.home]
		device = "clat0"
		uplinks = ["wan0", "wl*"]
		address6 = "shared"
		[siit.${2-dc}]
		remote-prefix6 = "2001:db8:46::/96"
		local-map = [["192.0.2.0/28", "2001:db8:1:2::/124"]]
	END
}

# become LINE [SIIT]: that is the configuration
become() {
	configure gate < <(three "$@")
}

# begin: the daemon, whose logs are all kept
begin() {
	if [ -e "$scratch/gate-ipxlatd.log" ]; then mv "$scratch/gate-ipxlatd.log" "$scratch/gate-ipxlatd-$started.log"; fi
	started=$((started + 1))
	daemon gate
}

one_of() {
	shift $((RANDOM % $#))
	echo "$1"
}

# disturb: something happens, if it can
disturb() {
	local link
	link=$(one_of eth0 eth1 wan0 wlan0)
	case $((RANDOM % 22)) in
	0) ns gate ip link del "$link" ;;
	1) cables && addresses ;;
	2) ns gate ip link set "$link" down ;;
	3) ns gate ip link set "$link" up ;;
	4) ns gate ip link set "$link" mtu $((1280 + RANDOM % 300)) ;;
	5) ns gate ip -6 route del default ;;
	6) ns gate ip -6 route add default dev "$link" proto static metric $((512 + RANDOM % 3 * 256)) ;;
	7) ns gate ip address add "2001:db8:$((RANDOM % 9)):1::5/64" dev "$(one_of wan0 wlan0)" ;;
	8) ns gate ip -6 address flush dev "$(one_of wan0 wlan0)" scope global ;;
	9)
		link=$(one_of wan0 wlan0)
		ns gate ip address add 198.51.100.5/24 dev "$link"
		ns gate ip route add default via 198.51.100.1 proto static metric 100
		;;
	10) ns gate nft "$(one_of 'flush ruleset' "delete table $(one_of ip ip6) ipxlat-edge" 'flush chain ip ipxlat-edge forward')" ;;
	11) ns gate nft "$(one_of "add table $(one_of ip ip6) ipxlat-edge { flags dormant; }" "flush table $(one_of ip ip6) ipxlat-edge")" ;;
	12) ns gate ip "$(one_of -4 -6)" route flush proto 64 ;;
	13) ns gate ip link del "$(one_of edge clat0 dc)" ;;
	14) ns gate ip link set "$(one_of edge clat0 dc)" "$(one_of up down)" ;;
	15) ns gate ipxlatctl set "$(one_of edge clat0 dc)" lowest-ipv6-mtu $((1280 + RANDOM % 200)) ;;
	16) ns gate sysctl -qw "net.$(one_of ipv4 ipv6).conf.$link.forwarding=0" ;;
	17)
		become "$(one_of '' 'lowest-ipv6-mtu = 1300' 'mode = "no"')" "$(one_of dc dc2)"
		reload gate
		;;
	18)
		ns gate nft add table ip masquerade
		ns gate nft add chain ip masquerade post '{ type nat hook postrouting priority srcnat; }'
		ns gate nft add rule ip masquerade post ip saddr 198.51.100.0/24 masquerade
		;;
	19)
		[ $((RANDOM % 4)) -eq 0 ] || return
		stop gate-ipxlatd KILL
		begin
		;;
	20) routers 2001:db8:64::/96=600 "2001:db8:65::/96=$(one_of 0 16)" ;;
	21) routers "2001:db8:64::/96=$(one_of 0 16)" "2001:db8:65::/96=$(one_of 0 16)" ;;
	esac >"$scratch/disturbances" 2>&1
}

# what there is, whatever order it was made in, which numbers the CLATs
made() {
	ours gate | sed -E 's/clat0\.1/clat0/g; s/(192\.0\.0\.|c000:)[12]/\1N/g; s/ipxlat-home.1/ipxlat-home/g' | sort
}

all_on() {
	is gate edge "on: " && is gate home "on: " && is gate dc "on: " && diff <(echo "$made") <(made)
}

# at_rest: for ten seconds nobody changes links, addresses and routes
at_rest() {
	local moved
	moved=$(ns gate timeout 10 ip monitor link address route)
	echo "$moved"
	[ -z "$moved" ]
}

files_of() {
	ls "/proc/$(pid_of gate-ipxlatd)/fd"
}

# a round of trouble, and what becomes of it
trouble() {
	local end=$((SECONDS + $1)) happened=0
	while [ $SECONDS -lt $end ]; do
		disturb
		happened=$((happened + 1))
		sleep "0.$((RANDOM % 10))"
	done
	settle
	check "what it was after $happened disturbances" wait_for -t 120 all_on
	check "and at rest" wait_for -t 60 at_rest
}

cables
addresses
routers 2001:db8:64::/96=600
before=$(made)
become ""
begin
check "the NAT64 comes up" comes_to gate edge "on: "
check "the CLAT comes up" comes_to gate home "on: "
check "SIIT comes up" comes_to gate dc "on: "
made=$(made)
until_then=$((SECONDS + seconds))
while [ $SECONDS -lt $until_then ]; do
	left=$((until_then - SECONDS))
	trouble $((left < round ? left : round))
done
stop gate-ipxlatd KILL
begin
check "a daemon that adopts all of it" wait_for -t 120 all_on
files=$(files_of | wc -l)
for _ in {1..20}; do
	become 'mode = "no"'
	reload gate
	become 'lowest-ipv6-mtu = 1300'
	reload gate
	ns gate ip link del edge
done
settle
check "comes back after twenty reloads" wait_for -t 120 all_on
check "has as many open files as before" test "$(files_of | wc -l)" -eq "$files"
check "stops, and has freed what it took" stop gate-ipxlatd
check "everything is as it was" diff <(echo "$before") <(made)
finish
