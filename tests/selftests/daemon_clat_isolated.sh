#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# docs/examples/clat-isolated as it is printed, but for systemd: a CLAT in a network namespace of its own, on a leg of the
# uplink. The host's namespace has one interface more, and is as before in all else.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/daemon_network.sh"
needs python3 radvd traceroute

server=203.0.113.9
example=$repository/docs/examples/clat-isolated
clat_network
ns gate sysctl -qw net.ipv6.conf.eth0.accept_ra=0
configured ""

# unit KEY: does what the unit has for this, behind eth0; not by ns, whose namespaces nobody else sees
unit() {
	local -a command
	while read -r -a command; do
		nsenter "--net=/run/netns/host-$$" "${command[@]}" || return
	done < <(sed -n "s/^$1=//p" "$example/ipxlat-isolated@.service" | sed "s/%i/eth0/; s/isolated/&-$$/")
}

# the network of the host, but for the interface of the example and counts of packets
network() {
	ns host ip -o link show | grep -v clat0 | sed 's/^[0-9]*: //'
	ns host ip -o address show | grep -v clat0 | sed 's/^[0-9]*: //; s/valid_lft .*//'
	ns host ip -4 route show table all | grep -v clat0
	ns host ip -6 route show table all | sed 's/expires .*//'
	ns host ip rule show
	ns host nft -s list ruleset
	ns host sysctl -a | grep -v -e clat0 -e "nf_conntrack_count" | grep "^net"
}

check "the server answers" answering server
daemon gate
check "the gateway comes up" comes_to gate edge "on: "
advertise gate eth0 64:ff9b::/96 2001:db8:1::/64
check "the host has the address that it makes of the advertisement" wait_for bash -c "
	ip -n host-$$ -6 address show dev eth0 -tentative | grep mngtmpaddr"
network >"$scratch/before"
check "the network namespace and its links are made" unit ExecStart
owned_namespaces+=(isolated)
configure isolated <"$example/ipxlatd.toml"
daemon isolated
check_says "the CLAT is on, by what a router advertises" "by router advertisement" comes_to isolated isolated "on: "
check "TCP over IPv4 arrives from the gateway's address" wait_for asks host tcp $server 203.0.113.2
check "so does UDP" asks host udp $server 203.0.113.2
check "ping is answered" ns host ping -c 1 -W 5 $server
check "the largest answer arrives at once" ask host bytes $server 10 1452
check "so does a larger one, in fragments" ask host bytes $server 10 8000
check_says "a traceroute shows the IPv6 router as 192.0.0.8" "192.0.0.8" ns host traceroute -n -q 1 -w 3 -m 5 $server
check "the host's own network is as it was" diff "$scratch/before" <(network)
check "its interface has no IPv6" test -z "$(ns host ip -6 -o address show dev clat0)"
check "the daemon stops" stop isolated-ipxlatd
check "the network namespace goes" unit ExecStop
unset "owned_namespaces[-1]"
check "and the interface with it" wait_for bash -c "! ip -n host-$$ link show clat0"
finish
