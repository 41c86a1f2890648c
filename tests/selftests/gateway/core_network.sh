# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154  # variables for those that source it, and of environment.sh
# Sourced by the selftests of examples with two gateways, "one" and "two", after daemon_network.sh:
#
#   client 2001:db8::11 --- core --- one, two --- core --- 198.51.100.9 server
#
# BIRD runs in the core, which prefers the first gateway, and in the gateways.

example=$repository/docs/examples/$example
pref64=2001:db8:64::/96
server=2001:db8:64::198.51.100.9

core_network() {
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
}

# start_bird NAMESPACE: with the configuration there
start_bird() {
	start_in "$1" "$1-bird" bird -f -c "$scratch/$1-bird.conf" -s "$scratch/$1-bird.ctl" -P "$scratch/$1-bird.pid"
}

# gateway_of NAMESPACE NUMBER [EDIT]: the example's, for its links to the core; the second one has addresses of its own, and
# what EDIT, for sed, makes of its configuration
gateway_of() {
	veth "core:six$2" "$1:eth0"
	veth "core:four$2" "$1:eth1"
	ns core ip address add "2001:db8:$2::1/64" dev "six$2"
	ns core ip address add "192.0.2.$(($2 * 4 - 3))/30" dev "four$2"
	ns "$1" ip address add "2001:db8:$2::2/64" dev eth0
	ns "$1" ip address add "192.0.2.$(($2 * 4 - 2))/30" dev eth1
	ns "$1" ip -6 route add 2001:db8::/64 via "2001:db8:$2::1"
	ns "$1" ip route add default via "192.0.2.$(($2 * 4 - 3))"
	configure "$1" < <(sed "${3-}" "$example/ipxlatd.toml" && echo 'allow-private = ["198.51.100.0/24"]')
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
		protocol bgp one4 from gateway4 { neighbor 192.0.2.2 as 64512; ipv4 { preference 200; }; }
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
