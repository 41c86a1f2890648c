#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# ipxlatd as a NAT46 in front of IPv6-only servers, with docs/examples/nat46-front as it is printed:
#
#   servers 2001:db8:12::80, ::81 --- ::1 gate 203.0.113.2 --- 203.0.113.9 asker
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/../daemon_network.sh"
needs python3

asker6=64:ff9b:1:46::cb00:7109
namespaces servers gate asker
veth servers:eth0 gate:eth0
veth gate:eth1 asker:eth0
ns servers ip address add 2001:db8:12::80/64 dev eth0
ns servers ip address add 2001:db8:12::81/64 dev eth0
ns servers ip route add default via 2001:db8:12::1 src 2001:db8:12::81
ns gate ip address add 2001:db8:12::1/64 dev eth0
ns gate ip address add 203.0.113.2/24 dev eth1
ns asker ip address add 203.0.113.9/24 dev eth0
ns asker ip route add 240.46.0.0/16 via 203.0.113.2
before=$(ours gate)

# fetched: the web server at the port, which logs who asks
fetched() {
	ns asker python3 -c "import urllib.request; urllib.request.urlopen('http://203.0.113.80:443/', timeout=20).read()" &&
		grep -F "$asker6" "$scratch/web.log"
}

check "a server answers" answering servers
check "so does the asker" answering asker
start_in servers web python3 -m http.server --bind 2001:db8:12::80 8443
configure gate <"$repository/docs/examples/nat46-front/ipxlatd.toml"
daemon gate
check "the gateway comes up" comes_to gate front "on: 1 server and 2 services"
check "an address that is all of a server: TCP reaches it, and it sees the asker below the prefix" \
	wait_for asks asker tcp 203.0.113.81 $asker6
check "so does UDP" asks asker udp 203.0.113.81 $asker6
check "so does ping" ns asker ping -c 1 -W 5 203.0.113.81
check "the server begins flows from its address" asks servers udp 64:ff9b:1:46::203.0.113.9 203.0.113.81
check "a service at a port is reached, at another port of its server" wait_for fetched
check "ping of that address is another service" ns asker ping -c 1 -W 5 203.0.113.80
check "another port of it ends in the device" device_counts gate front not_local 1 ask asker leave 203.0.113.80 9
check "nobody reaches the inside" counts gate "nobody but the rules below knows the inside" ask asker leave 240.46.0.1 9
check_says "a server without an address begins nothing, and is told" "Administratively prohibited" bash -c "
	! ip netns exec servers-$$ ping -c 1 -W 5 -I 2001:db8:12::80 64:ff9b:1:46::203.0.113.9"
check_not "nobody was taken for a disturber" grep "somebody has changed" "$scratch/gate-ipxlatd.log"
check "the daemon stops" stop gate-ipxlatd
check "everything is as it was" test "$(ours gate)" = "$before"
finish
