#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Rules of other programs beside those of a NAT64 gateway, made before and after its own, and what is done to its own:
#
#   client 2001:db8:1::11 --- ::1 gate 203.0.113.2 --- 203.0.113.9 server
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/daemon_network.sh"
needs python3 iptables-nft ip6tables-nft

server6=64:ff9b::203.0.113.9
gateway_network
configured ""

# with_nft: what container engines and home routers have, in nft's words; chains at the priority that everybody takes,
# and one far in front of it
with_nft() {
	ns gate nft -f - <<-'END'
		table ip foreign {
			chain nat { type nat hook postrouting priority srcnat; oifname != "lo" masquerade; }
			chain forward { type filter hook forward priority filter; accept; }
		}
		table ip6 foreign {
			chain nat { type nat hook postrouting priority srcnat; oifname != "lo" masquerade; }
			chain early { type nat hook postrouting priority -50; oifname != "lo" masquerade; }
			chain forward { type filter hook forward priority filter - 10; accept; }
		}
		table inet foreign {
			chain nat { type nat hook postrouting priority srcnat; oifname != "lo" masquerade; }
		}
	END
}

without_nft() {
	for family in ip ip6 inet; do ns gate nft delete table $family foreign; done
}

# iptables OPERATION: what they have in iptables' words, in both families
iptables() {
	local program
	for program in iptables-nft ip6tables-nft; do
		ns gate $program -t nat "$1" POSTROUTING ! -o lo -j MASQUERADE
		ns gate $program "$1" FORWARD -j ACCEPT
	done
}

# works WHEN: new flows of both protocols are translated, and refused where they are to be
works() {
	check "$1: TCP arrives from the gateway's address" asks client tcp $server6 203.0.113.2
	check "$1: so does UDP" asks client udp $server6 203.0.113.2
	check_says "$1: a private destination is refused" "Administratively prohibited" bash -c "
		! ip netns exec client-$$ ping -c 1 -W 5 64:ff9b::10.1.2.3"
}

# as_made: the gateway's tables are as the daemon made them
as_made() {
	diff <(echo "$made") <(own_tables)
}

# by table and chain, whatever the order of the chains
own_tables() {
	ns gate nft -s list ruleset | awk '
		/^table/ { own = /ipxlat-edge/; table = $0; part = "" }
		/^\t[a-z]/ { part = $0 }
		own && /[^\t }]/ { print table part "|" $0 }' | sort -s -t "|" -k 1,1
}

check "the server answers" answering server
with_nft
iptables -A
daemon gate
check "the gateway comes up" comes_to gate edge "on: "
made=$(own_tables)
check "TCP passes" wait_for asks client tcp $server6 203.0.113.2
works "made before"
without_nft
iptables -D
works "none"
with_nft
works "nft, made after"
without_nft
iptables -A
works "iptables, made after"
iptables -D

# altered SENTENCE WORDS...: what nft does to the gateway's own rules is put back
altered() {
	local sentence=$1
	shift
	check "nft can: $*" ns gate nft "$@"
	check "$sentence" wait_for as_made
}

altered "a table that sleeps is woken" "add table ip ipxlat-edge { flags dormant; }"
altered "a foreign rule in front goes" insert rule ip ipxlat-edge forward oifname edge accept
altered "a foreign chain goes" "add chain ip ipxlat-edge other { type filter hook input priority 0; }"
altered "a foreign set goes" "add set ip ipxlat-edge other { type ipv4_addr; }"
altered "a policy is put back" "chain ip ipxlat-edge forward { policy drop; }"
handle=$(ns gate nft -a list chain ip6 ipxlat-edge leave | sed -n 's/.*as written inside.* handle //p')
altered "a rule with the same comment that does something else is put back" \
	replace rule ip6 ipxlat-edge leave handle "$handle" \
	counter snat to 2001:db8::1 comment '"to 198.18.0.0/15, as written inside"'
altered "a chain with another priority is put back" "delete chain ip ipxlat-edge forward
	add chain ip ipxlat-edge forward { type filter hook forward priority 400; }"
check "TCP passes" wait_for asks client tcp $server6 203.0.113.2

check "the daemon stops" stop gate-ipxlatd
ns gate nft flush ruleset
modprobe -r nft_masq
loader=$(sysctl -n kernel.modprobe)
sysctl -qw kernel.modprobe=/bin/false
daemon gate
check_says "an expression that the kernel lacks is told with its module" \
	"module nft_masq" comes_to gate edge "failed: "
sysctl -qw kernel.modprobe="$loader"
check "and is had when the kernel has it" comes_to gate edge "on: "
check "the daemon stops" stop gate-ipxlatd
finish
