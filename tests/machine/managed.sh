# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154  # variables of machine.sh's
# Sourced by the scenarios in which a network manager has eth0, and ipxlatd makes a CLAT of what it finds there. Each gives
#
#	manage       the manager has eth0: IPv6 as routers advertise it, IPv4 by DHCP
#	ask_again    it asks for IPv4 now
#	restart      it is started anew
#	release      it has eth0 no more
#	manager      its name, as doctor says it
#	prefers6     "yes" if it knows that IPv6 alone is preferred where the network says so (RFC 8925)
#
# and calls clat_beside_manager. The network:
#
#   the machine --- eth2 router 203.0.113.1 --- 203.0.113.9 server 1.2.3.4
#                   NAT64, DNS64; advertisements; IPv4 by DHCP when it is told to
. "$(dirname "${BASH_SOURCE[0]}")/machine.sh"

# ipv6_only_network: what the router has for the machine. It names the prefix in its advertisements where its radvd can, and
# a resolver with DNS64 in any case.
ipv6_only_network() {
	local prefix=''
	router_neighbours
	name_server server 203.0.113.9 'module-config: "iterator"' 'local-zone: "ipv4only.arpa." static' \
		'local-data: "ipv4only.arpa. 300 IN A 192.0.0.170"' 'local-data: "ipv4only.arpa. 300 IN A 192.0.0.171"'
	name_server router 2001:db8:1::1 'module-config: "dns64 iterator"' 'dns64-prefix: 64:ff9b::/96' \
		forward-zone: 'name: "."' 'forward-addr: 203.0.113.9'
	systemctl start "ipxlatd@router-$$"
	if dpkg --compare-versions "$(dpkg-query -W -f '${Version}' radvd)" ge 1:2.20; then prefix='nat64prefix 64:ff9b::/96 { };'; fi
	advertise 'RDNSS 2001:db8:1::1 { };' "$prefix"
}

# offer_ipv4 [OPTION...]: the router gives IPv4 addresses for two minutes each, and does NAT44
offer_ipv4() {
	ns router ip address replace 192.0.2.1/24 dev eth2
	ns router sysctl -qw net.ipv4.conf.eth2.forwarding=1 net.ipv4.conf.wan0.forwarding=1
	ns router nft -f - <<-'END'
		table ip native {
			chain out { type nat hook postrouting priority srcnat; ip saddr 192.0.2.0/24 oifname "wan0" masquerade; }
		}
	END
	start_in router dhcp dnsmasq --no-daemon --conf-file=/dev/null --port=0 --interface=eth2 --bind-interfaces \
		--dhcp-authoritative --dhcp-range=192.0.2.100,192.0.2.200,120 --dhcp-leasefile="$scratch/leases" --log-dhcp "$@"
}

withdraw_ipv4() {
	stop dhcp
	ns router nft delete table ip native
	ns router ip address del 192.0.2.1/24 dev eth2
}

seen_by_server() { curl -sf --max-time 5 http://$server/; }
# state WORD: what ipxlatctl says of the CLAT
state() { ipxlatctl --json status | grep -qE "\"state\": ?\"$1\""; }
native() { ip -4 address show dev eth0 | grep 'inet 192\.0\.2\.' && state off && seen_by_server; }
by_clat() { state on && ! ip -4 address show dev eth0 | grep 'inet 192\.0\.2\.' && seen_by_server; }

# quiet: the daemon has had nothing to do for a while
quiet() {
	! journalctl -q -o cat -u ipxlatd --since "-15 seconds" | grep .
}

clat_beside_manager() {
	ipv6_only_network
	manage >"$scratch/manage.log" 2>&1
	printf '[clat.home]\nuplinks = ["eth0"]\n' >/etc/ipxlat/ipxlatd.toml
	check "$manager has eth0, and the CLAT its IPv6" systemctl start ipxlatd
	check_says "IPv6 only: a program that knows IPv4 only reaches its server" 203.0.113.1 wait_for by_clat
	check_says "doctor knows who has eth0" "eth0 by $manager" ipxlatctl doctor
	check "and finds nothing in the way" ipxlatctl doctor
	check "then there is quiet" wait_for -t 120 quiet

	restart >"$scratch/restart.log" 2>&1
	check_says "$manager is started anew: the server is still reached" 203.0.113.1 wait_for by_clat
	check "and there is quiet again" wait_for -t 120 quiet

	offer_ipv4
	ask_again >"$scratch/ask.log" 2>&1
	check "IPv4 comes by DHCP: it is used, the CLAT is off" wait_for native
	withdraw_ipv4
	check_says "IPv4 goes with its lease: the CLAT is on again" 203.0.113.1 wait_for -t 400 by_clat

	offer_ipv4 --dhcp-option=108,00:00:01:2c
	ask_again >"$scratch/ask.log" 2>&1
	check "a network that prefers IPv6 is asked" wait_for grep -qE 'DHCP(DISCOVER|REQUEST)' "$scratch/dhcp.log"
	if [ "$prefers6" = yes ]; then
		check "$manager takes no IPv4 (RFC 8925)" wait_for grep -qE 'option: *108' "$scratch/dhcp.log"
		check_says "so that the CLAT stays on" 203.0.113.1 wait_for by_clat
	else
		check "$manager takes IPv4 nevertheless, and the CLAT is off" wait_for native
	fi
	withdraw_ipv4
	systemctl stop ipxlatd
	check "ipxlatd ends, and $manager is left with what it had" sh -c 'ip -6 route show default dev eth0 | grep .'
	release >"$scratch/release.log" 2>&1
	systemctl stop "ipxlatd@router-$$"
	finish
}
