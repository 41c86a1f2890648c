#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# docs/examples/nat64-anycast as it is printed: two gateways on one prefix, whose routes BIRD announces to the core.
#
#   client 2001:db8::11 --- core --- one, two --- core --- 198.51.100.9 server
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/../daemon_network.sh"
needs bird python3

example=$repository/docs/examples/nat64-anycast
pref64=2001:db8:64::/96
server=2001:db8:64::198.51.100.9

# start_bird NAMESPACE: with the configuration there
start_bird() {
	start_in "$1" "$1-bird" bird -f -c "$scratch/$1-bird.conf" -s "$scratch/$1-bird.ctl" -P "$scratch/$1-bird.pid"
}

# gateway_of NAMESPACE NUMBER: the example's, for its links to the core; the second one has addresses of its own
gateway_of() {
	veth "core:six$2" "$1:eth0"
	veth "core:four$2" "$1:eth1"
	ns core ip address add "2001:db8:$2::1/64" dev "six$2"
	ns core ip address add "192.0.2.$(($2 * 4 - 3))/30" dev "four$2"
	ns "$1" ip address add "2001:db8:$2::2/64" dev eth0
	ns "$1" ip address add "192.0.2.$(($2 * 4 - 2))/30" dev eth1
	ns "$1" ip -6 route add 2001:db8::/64 via "2001:db8:$2::1"
	ns "$1" ip route add default via "192.0.2.$(($2 * 4 - 3))"
	configure "$1" < <(sed "s|203.0.113.16/28|203.0.113.$((16 * $2))/28|" "$example/ipxlatd.toml"
		echo 'allow-private = ["198.51.100.0/24"]')
	sed "s/2001:db8:1:/2001:db8:$2:/; s/192.0.2.2/192.0.2.$(($2 * 4 - 2))/; s/192.0.2.1/192.0.2.$(($2 * 4 - 3))/" \
		"$example/bird.conf" >"$scratch/$1-bird.conf"
	daemon "$1"
	start_bird "$1"
}

# The first gateway is the preferred one.
core_bird() {
	cat >"$scratch/core-bird.conf" <<-'END'
		router id 192.0.2.1;
		protocol device {}
		protocol direct { ipv4; ipv6; }
		protocol kernel { ipv4 { export all; }; }
		protocol kernel { ipv6 { export all; }; }
		template bgp gateway4 { local as 64511; ipv4 { import all; export none; }; }
		template bgp gateway6 { local as 64511; ipv6 { import all; export none; }; }
		protocol bgp one4 from gateway4 { neighbor 192.0.2.2 as 64512; }
		protocol bgp two4 from gateway4 { neighbor 192.0.2.6 as 64512; }
		protocol bgp one6 from gateway6 { neighbor 2001:db8:1::2 as 64512; ipv6 { preference 200; }; }
		protocol bgp two6 from gateway6 { neighbor 2001:db8:2::2 as 64512; }
	END
	start_bird core
}

leads_to() {
	ns core ip -6 route show $pref64 | tee /dev/stderr | grep -q "via 2001:db8:$1::2 "
}

# soon COMMAND...: within a second, and says when
soon() {
	local begin=${EPOCHREALTIME/[.,]/}
	wait_for -t 60 "$@" || return
	local took=$((${EPOCHREALTIME/[.,]/} - begin))
	echo "after $((took / 1000)) ms" | tee /dev/stderr
	[ $took -lt 1000000 ]
}

# comes_from NUMBER: the server sees an address of that gateway's pool
comes_from() {
	ask client tcp $server 80 | tee /dev/stderr | grep "^answered: 203\.0\.113\." | {
		IFS=. read -r _ _ _ last
		[ "$((last / 16))" -eq "$1" ]
	}
}

ctl() {
	ns one env "IPXLAT_STATE=$scratch/one-run/state.json" ipxlatctl "$@"
}

namespaces client core one two server
veth client:eth0 core:clients
veth core:servers server:eth0
ns client ip address add 2001:db8::11/64 dev eth0
ns client ip route add default via 2001:db8::1
ns core ip address add 2001:db8::1/64 dev clients
ns core ip address add 198.51.100.1/24 dev servers
ns server ip address add 198.51.100.9/24 dev eth0
ns server ip route add default via 198.51.100.1
ns core sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
check "the server answers" answering server
gateway_of one 1
gateway_of two 2
core_bird
for gate in one two; do check "gateway $gate comes up" comes_to $gate edge "on: "; done
check "the core knows both, and prefers the first" wait_for leads_to 1
check "it knows both pools" wait_for bash -c "ip -n core-$$ route show 203.0.113.16/28 | grep via &&
	ip -n core-$$ route show 203.0.113.32/28 | grep via"
check "clients come from the first one's pool" wait_for comes_from 1
ctl drain edge
check "drained: the core leads to the second within a second" soon leads_to 2
check "where clients come from then" wait_for comes_from 2
check "the pool of the first stays announced" bash -c "ip -n core-$$ route show 203.0.113.16/28 | grep via"
ctl resume edge
check "resumed: it leads to the first again within a second" soon leads_to 1
check "and clients come from there" wait_for comes_from 1
stop one-ipxlatd
check "ended: it leads to the second within a second" soon leads_to 2
check "where clients come from then" wait_for comes_from 2
finish
