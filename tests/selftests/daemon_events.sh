#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What ipxlatd hears of: a router's MTU, announcements that were lost, settings of a device after the module was loaded
# anew. Each is acted on in far less than the minutes after which everything is read anyway. A CLAT:
#
#   host 2001:db8:1::11 --- ::1 router
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/daemon_network.sh"
needs python3

soon=60  # seconds, on a machine without KVM
namespaces host router
veth host:eth0 router:eth0
ns host sysctl -qw net.ipv6.conf.eth0.accept_ra=1
ns host ip address add 2001:db8:1::11/64 dev eth0
ns host ip route add default via 2001:db8:1::1
ns router ip address add 2001:db8:1::1/64 dev eth0
before=$(ours host)
configure host <<-'END'
	[clat.home]
	device = "clat0"
	uplinks = ["eth0"]
	pref64 = "64:ff9b::/96"
	address6 = "shared"
END

# has_setting TEXT: the device shows it
has_setting() {
	ns host ipxlatctl show clat0 | grep -F -e "$1"
}

has_route() {
	ns host ip route show default dev clat0 proto 64 | grep default
}

# flood: twice the announcements that the daemon's sockets hold, while nobody reads them
flood() {
	local i
	for i in {1..12000}; do
		echo "route add blackhole 10.$((i / 250)).$((i % 250)).0/24"
	done >"$scratch/routes"
	ns host ip -batch "$scratch/routes"
	sed 's/add/del/' "$scratch/routes" | ns host ip -batch -
}

daemon host
check "the CLAT comes up" comes_to host home "on: "
check "it fits the link" has_setting "lowest-ipv6-mtu 1500"
ns router python3 "$repository/tests/selftests/programs/advertise.py" eth0 1400
check "the MTU that a router advertises is heard of" wait_for -t $soon has_setting "lowest-ipv6-mtu 1400"

kill -STOP "$(pid_of host-ipxlatd)"
check "many things happen while the daemon does not read" flood
ns host ip route del default dev clat0 proto 64
kill -CONT "$(pid_of host-ipxlatd)"
check "what was lost among them is found" wait_for -t $soon has_route

check "the module unloads under the daemon" wait_for rmmod ipxlat
check "and comes back with the device" wait_for -t $soon has_setting "lowest-ipv6-mtu 1400"
check "with its route" wait_for -t $soon has_route
ns host ipxlatctl set clat0 lowest-ipv6-mtu 1300
check "a setting that somebody changes then is put back" wait_for -t $soon has_setting "lowest-ipv6-mtu 1400"

check "the daemon stops" stop host-ipxlatd
check "everything is as it was" test "$(ours host)" = "$before"
finish
