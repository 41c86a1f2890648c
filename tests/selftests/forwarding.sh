#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# IPv4 packets that are forwarded into the device go on as IPv6 whatever IPv6 forwarding is set to: by the FORWARD hook
# where ip6_forward() would let them through, otherwise as the gateway's own. The network is siit_network.sh's.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/siit_network.sh
. "$(dirname "$0")/siit_network.sh"
needs nft socat
modprobe -qa nft_counter

siit_network
ns six nft -f - <<-'END'
	table ip6 arrivals { chain input { type filter hook input priority 0; udp dport 9 counter comment "INPUT"; }; }
END
watch_hooks() {
	ns gate nft -f - <<-'END'
		table ip6 hooks
		delete table ip6 hooks
		table ip6 hooks {
			chain forwarded { type filter hook forward priority 0; udp dport 9 counter comment "FORWARD"; }
			chain created { type filter hook output priority 0; udp dport 9 counter comment "OUTPUT"; }
		}
	END
}
packets() { # NAMESPACE: "HOOK PACKETS" of each of its hooks
	ns "$1" nft list ruleset | sed -n 's/.* packets \([0-9]*\) .*comment "\(.*\)"/\2 \1/p'
}
has_arrived() { [ "$(packets six)" != "$1" ]; }
one_goes_by() { # HOOK
	local before
	before=$(packets six)
	watch_hooks
	ns four socat -u - UDP4:198.51.100.10:9 <<<datagram && wait_for -t 20 has_arrived "$before" && packets gate &&
		[ "$(packets gate | grep -v ' 0$')" = "$1 1" ]
}
set_forwarding() { # SETTING VALUE
	ns gate tee "/proc/sys/net/ipv6/conf/$1" <<<"$2"
}

forces=("")
if ns gate [ -e /proc/sys/net/ipv6/conf/siit0/force_forwarding ]; then forces=(0 1); fi  # since 6.17
for all in 0 1; do
	for own in 0 1; do
		for force in "${forces[@]}"; do
			hook=OUTPUT
			if [ $all = 1 ] || [ "$force" = 1 ]; then hook=FORWARD; fi
			case="all/forwarding $all, siit0/forwarding $own${force:+, siit0/force_forwarding $force}"
			# all/forwarding changes the others
			check "$case is set" eval "set_forwarding all/forwarding $all && set_forwarding siit0/forwarding $own
				[ -z '$force' ] || set_forwarding siit0/force_forwarding $force"
			check "$case: a packet arrives by way of the $hook hook" one_goes_by $hook
		done
	done
done
finish
