#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A CLAT that nobody has told the prefix of the NAT64: routers advertise it (RFC 8781).
#
#   host 2001:db8:1::11 --- ::1 gate 203.0.113.2 --- 203.0.113.9 server
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/daemon_network.sh"
needs python3 setpriv

server=203.0.113.9
namespaces host gate server
veth host:eth0 gate:eth0
veth gate:eth1 server:eth0
ns host ip address add 2001:db8:1::11/64 dev eth0 nodad
ns host sysctl -qw net.ipv6.conf.eth0.accept_ra=1 net.ipv6.conf.eth0.router_solicitations=0
ns gate ip address add 2001:db8:1::1/64 dev eth0
ns gate ip address add 203.0.113.2/24 dev eth1
ns server ip address add $server/24 dev eth0
configured ""
configure host <<-END
	[clat.home]
	device = "clat0"
	uplinks = ["eth*"]
	address6 = "shared"
END

# router PREFIX=SECONDS...: advertises these once, and when it is asked
router() {
	start_in gate router python3 "$repository/tests/selftests/programs/router.py" eth0 "$@"
}

# asked TIMES: the router was, by the host, so many times at least
asked() {
	local times
	times=$(grep -c '^asked by fe80:.*: 8500....00000000$' "$scratch/router.log")
	echo "$times"
	[ "$times" -ge "$1" ]
}

# sockets NAMESPACE: those that packets come to whoever they are for, with the bytes that wait in them
sockets() {
	ns "$1" cat /proc/net/raw /proc/net/raw6 /proc/net/packet | grep -vE '^(  sl|sk) ' | tee "$scratch/sockets"
}

hears_routers_alone() { # while the daemon reads nothing
	[ "$(sockets host | wc -l)" -eq 1 ] && grep -E '^ *[0-9]+: 0{32}:003A .* 0{8}:0{8} ' "$scratch/sockets"
}

heard_a_router() {
	sockets host | grep -v ' 00000000:00000000 '
}

before=$(ours host)
check "the server answers" answering server
daemon gate
check "the gateway comes up" comes_to gate edge "on: "
check "a gateway listens to no router" test -z "$(sockets gate)"
start_in host host-ipxlatd env "RUNTIME_DIRECTORY=$scratch/host-run" \
	setpriv --bounding-set -all,+net_admin ipxlatd --config "$scratch/host.toml"
check "without the capability to listen to routers it says so" \
	comes_to host home "off: DNS does not tell the prefix of a NAT64, and routers cannot be listened to: CAP_NET_RAW is missing"
check "and ends" stop host-ipxlatd
daemon host
check "without a router that advertises one it is off" \
	comes_to host home "off: neither routers on eth0 nor DNS tell the prefix of a NAT64"
router hops=254 2001:db8:bad::/96=600
check "a router beyond another advertises" wait_for grep advertised "$scratch/router.log"
check "and ends" stop router
router 64:ff9b::/96=600
check "it comes on as soon as one is advertised" comes_to host home "on: pref64 64:ff9b::/96 by router advertisement"
check_not "what came from beyond a router before counted for nothing (RFC 4861 section 6.1.2)" \
	grep -F 2001:db8:bad:: "$scratch/host-ipxlatd.log"
check "it works" wait_for asks host tcp $server 203.0.113.2
check "ipxlatctl tells for how long" wait_for ns host bash -c "
	IPXLAT_STATE='$scratch/host-run/state.json' ipxlatctl status | grep -E 'pref64 64:ff9b::/96 by router advertisement for (5[0-9][0-9]|600) s'"
start_in host follow env "IPXLAT_STATE=$scratch/host-run/state.json" ipxlatctl status --watch
check "and so it does to whoever watches" wait_for grep -E 'by router advertisement for (5[0-9][0-9]|600) s' "$scratch/follow.log"
stop follow
kill -STOP "$(pid_of host-ipxlatd)"
ns host ping -6 -qc 3 -i 0.1 2001:db8:1::1 >/dev/null
check "its socket hears no other ICMPv6" hears_routers_alone
stop router
router 64:ff9b::/96=600
check "than of routers" wait_for heard_a_router
kill -CONT "$(pid_of host-ipxlatd)"
kill -KILL "$(pid_of host-ipxlatd)"
check "the daemon is killed" wait_for bash -c "! kill -0 $(pid_of host-ipxlatd)"
: >"$scratch/router.log"
kill -STOP "$(pid_of router)"
daemon host
check "a daemon that starts goes on with what the former one had learnt" \
	wait_for grep -F "[clat.home/eth0] on: pref64 64:ff9b::/96 by router advertisement" "$scratch/host-ipxlatd.log"
kill -CONT "$(pid_of router)"
check "it asks, with the bytes of a solicitation" wait_for asked 1
check "and goes on by the answer" comes_to host home "on: pref64 64:ff9b::/96 by router advertisement"
check "and works" wait_for asks host tcp $server 203.0.113.2
check_not "nothing was taken away meanwhile" grep -F "delete device" "$scratch/host-ipxlatd.log"
check "the router ends" stop router
ns host sysctl -qw net.ipv6.conf.eth0.accept_ra=0 # as where a network manager reads them in the kernel's place
router 64:ff9b::/96=16
check "a lifetime of 16 seconds is taken" wait_for ns host bash -c "
	IPXLAT_STATE='$scratch/host-run/state.json' ipxlatctl status | grep -E 'for 1?[0-9] s'"
: >"$scratch/router.log"
check "and outlived, since the router is asked in time" stays_on 24
check "each time when a third of it is left" asked 2
check "the router ends" stop router
router 64:ff9b::/96=0
check "what is taken back ends at once" comes_to host home "off: neither routers on eth0 nor DNS tell the prefix of a NAT64"
check "nothing is left of it then" wait_for bash -c "! ip -n host-$$ link show clat0"
check "the router ends" stop router
ns host sysctl -qw net.ipv6.conf.eth0.accept_ra=1
check "the daemon stops" stop host-ipxlatd
check "everything is as it was" test "$(ours host)" = "$before"
finish
