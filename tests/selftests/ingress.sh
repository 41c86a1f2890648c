#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Packets that do not come into the device by a route, in the network of siit_network.sh: sent into it by a hook at the
# ingress or egress of another device, with and without their link-layer header in front, with VLAN tags, in trains.
# No route leads into siit0 here; none0 is a device whose egress has hooks.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/siit_network.sh
. "$(dirname "$0")/siit_network.sh"
needs nft tc python3
modprobe -qa sch_plug sch_ingress cls_matchall act_mirred act_gact nft_fwd_netdev nft_dup_netdev dummy
programs=$(dirname "$0")/programs

# nft_hooks HOOK DEVICE4 DEVICE6 VERDICT...: what comes to the hook of the two devices
nft_hooks() {
	local hook=$1 four=$2 six=$3
	shift 3
	ns gate nft -f - <<-END_OF_RULES
		table netdev steer {
			chain of_four { type filter hook $hook device "$four" priority 0; $*; }
			chain of_six { type filter hook $hook device "$six" priority 0; $*; }
		}
	END_OF_RULES
}

# tc_hooks HOOK "DEVICE..." ACTION...
tc_hooks() {
	local hook=$1 devices=$2 device
	shift 2
	for device in $devices; do
		tc -n "gate-$$" qdisc add dev "$device" clsact &&
			tc -n "gate-$$" filter add dev "$device" "$hook" matchall "$@" || return
	done
}

no_hooks() {
	local device
	ns gate nft flush ruleset
	for device in eth4 eth6 none0; do
		tc -n "gate-$$" qdisc del dev "$device" clsact 2>/dev/null
	done
	return 0
}

# from_hosts KIND: packets of the hosts come in by the hooks that are there
from_hosts() {
	take_over "$1: every packet has been tried" python3 "$programs/ingress.py" $$ "$1"
	no_hooks
}

# by_route: routes lead to none0 instead of the device
by_route() {
	batch gate <<-END
		link add none0 type dummy
		link set none0 up
		route add 198.51.100.10/32 dev none0
		route add 2001:db8:46::/96 dev none0
	END
}

siit_network
ns gate sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
check "the neighbours stay known" no_routes
check "nftables forwards at ingress" nft_hooks ingress eth4 eth6 'fwd to "siit0"'
from_hosts "fwd from ingress"
check "nftables duplicates at ingress" nft_hooks ingress eth4 eth6 'dup to "siit0" drop'
from_hosts "dup from ingress"
check "tc redirects at ingress" tc_hooks ingress "eth4 eth6" action mirred egress redirect dev siit0
from_hosts "mirred redirect from ingress"
check "tc mirrors at ingress" tc_hooks ingress "eth4 eth6" action mirred egress mirror dev siit0 action drop
from_hosts "mirred mirror from ingress"
from_hosts "XDP redirect"

check "tc redirects to the device's ingress" tc_hooks ingress eth4 action mirred ingress redirect dev siit0
check "what tc puts at the device's ingress is received there as it is" ns four ping -c 1 -W 5 203.0.113.1
no_hooks

check "routes lead to a device with hooks at its egress" by_route
check "nftables forwards at egress" nft_hooks egress none0 none0 'fwd to "siit0"'
from_hosts "fwd from egress"
check "tc redirects at egress" tc_hooks egress none0 action mirred egress redirect dev siit0
from_hosts "mirred redirect from egress"
finish
