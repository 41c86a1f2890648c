#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A CLAT on a host with a VPN's kill switch, or with a list of what may leave, or with a firewall that drops what is not
# known: with an address of its own, and with a shared one.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/daemon_network.sh"
needs socat python3 iptables

server=203.0.113.9
clat_network
configured ""

# A VPN whose own packets have the mark 51820, which their connections remember. What has none must not leave but by its
# interface. This one leaves replies without a mark ...
switch_of_nft() {
	ns host nft -f - <<-'END'
		table inet vpn {
			chain remember {
				type filter hook postrouting priority mangle
				meta mark 51820 ct mark set mark
			}
			chain out {
				type filter hook output priority filter
				oifname != "wg0" meta mark != 51820 fib daddr type != local counter reject comment "kill switch"
			}
		}
	END
}
# ... and this one is wg-quick(8)'s, with the kill switch that it proposes.
switch_of_iptables() {
	local command
	for command in iptables ip6tables; do
		ns host $command -t mangle -A PREROUTING -p udp -j CONNMARK --restore-mark &&
			ns host $command -t mangle -A POSTROUTING -m mark --mark 51820 -p udp -j CONNMARK --save-mark &&
			ns host $command -A OUTPUT ! -o wg0 -m mark ! --mark 51820 -m addrtype ! --dst-type LOCAL -j REJECT || return
	done
}
no_iptables() {
	local command table
	for command in iptables ip6tables; do
		for table in mangle filter; do ns host $command -t $table -F; done
	done
}

# what may leave: IPv4 and the prefix, and what neighbours need
allow_list() {
	ns host nft -f - <<-'END'
		table inet allowed {
			chain out {
				type filter hook output priority filter; policy drop
				oifname "lo" accept
				icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, mld2-listener-report } accept
				ct state invalid drop
				ip daddr 203.0.113.0/24 accept
				ip6 daddr 64:ff9b::/96 accept
			}
			chain in {
				type filter hook input priority filter; policy drop
				iifname "lo" accept
				icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert, packet-too-big } accept
				ct state established,related accept
			}
		}
	END
}

marked() { ASK_MARK=51820 asks host udp $server 203.0.113.2; }
unmarked() { ask host udp $server 9; }
doctor_says() { ns host env "IPXLAT_STATE=$scratch/host-run/state.json" ipxlatctl doctor; }

# beside_switch KIND FORM
beside_switch() {
	check "$1, $2: the VPN's own packets reach their server over IPv4" wait_for marked
	check_refused "$1, $2: what is not the VPN's does not leave" "Operation not permitted" unmarked
}

run() {
	clat "$1"
	daemon host
	check "$1: IPv4 comes up" comes_to host home "on: "
	check "$1: and works" wait_for asks host tcp $server 203.0.113.2
	check "$1: the kill switch is put up, as nftables rules" switch_of_nft
	beside_switch "$1" nftables
	ns host nft delete table inet vpn
	check "$1: and as iptables rules" switch_of_iptables
	beside_switch "$1" iptables
	no_iptables
}

check "the server answers" answering server
daemon gate
check "the gateway comes up" comes_to gate edge "on: "

run dedicated
check "a list of what may leave is put up" allow_list
check "dedicated: TCP over IPv4 passes a list of what may leave" wait_for asks host tcp $server 203.0.113.2
check "dedicated: UDP, too" asks host udp $server 203.0.113.2
check "dedicated: ping is answered" ns host ping -c 2 -i 0.2 -W 5 $server
check "dedicated: native IPv6 to the same server, too" asks host tcp "64:ff9b::$server" 203.0.113.2
check "the daemon stops" stop host-ipxlatd
ns host nft delete table inet allowed

run shared
check "a list of what may leave is put up again" allow_list
check_says "shared: the doctor says what the list has to let pass" 'insert rule inet allowed out oifname "clat0" accept' \
	doctor_says
check "which is done" ns host nft insert rule inet allowed out oifname clat0 accept
check "shared: TCP over IPv4 passes then" wait_for asks host tcp $server 203.0.113.2
check "the daemon stops" stop host-ipxlatd
finish
