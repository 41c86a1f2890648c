#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Devices come, are configured, move between namespaces and go while packets are on their way:
#
#   here: programs that send into 60 devices x0 .. x59, what comes out of them goes into a sink:
#     198.18.N.7 -> xN -> 64:ff9b::198.18.N.7 -> sink        64:ff9b::198.19.N.7 -> xN -> 198.19.N.7 -> sink
#   there: where half of them move to.
. "$(dirname "$0")/lib.sh"
count=60

if [ -d /sys/module/ipxlat ]; then rmmod ipxlat; fi
namespaces here there
ns here sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ns here ip addr add 192.0.2.1/24 dev lo
ns here ip link add sink type dummy
ns here ip link set sink up
ns here ip route add 198.19.0.0/16 dev sink
ns here ip route add 64:ff9b::c612:0/112 dev sink
start_in here traffic python3 "$(dirname "$0")/programs/spray.py" 4 192.0.2.1 198.18 $count
start_in here traffic6 python3 "$(dirname "$0")/programs/spray.py" 6 2001:db8::1 64:ff9b::c613 $count

batch() { # NAMESPACE: ip commands on standard input, all of which succeed
	ip -n "$1-$$" -batch -
}
each() { # TEXT: a line a device, N for its number
	local i
	for ((i = 0; i < count; i++)); do echo "${1//N/$i}"; done
}
routes6() {
	local i
	for ((i = 0; i < count; i++)); do printf 'route add 64:ff9b::c613:%x00/120 dev x%d\n' "$i" "$i"; done
}
configure() { # NAMESPACE FIRST STEP
	local i
	for ((i = $2; i < count; i += $3)); do
		ns "$1" ipxlatctl set "x$i" remote-prefix6 64:ff9b::/96 local-map 192.0.2.1 2001:db8::1 || return
	done
}
all_carried() { # every device has translated something
	[ "$(ns here ip -s -j link show type ipxlat | python3 -c "
import json, sys
print(sum(link['stats64']['rx']['packets'] > 0 for link in json.load(sys.stdin)))")" -eq $count ]
}
none_left() { [ -z "$(ns "$1" ip -o link show type ipxlat)" ]; }

check "$count devices are made" batch here < <(each "link add xN type ipxlat")
check "and brought up, with routes" batch here < <(
	each "link set xN up"
	each "route add 198.18.N.0/24 dev xN"
	routes6)
check "and configured while packets arrive" configure here 0 1
check "traffic has gone through all of them" wait_for -t 120 all_carried
check "every other one moves to another namespace while packets arrive" batch here < <(
	each "link set xN netns there-$$" | awk 'NR % 2')
check "and can be configured there" configure there 0 2
check "the others are deleted while packets arrive" batch here < <(each "link del xN" | awk '!(NR % 2)')
check "none is left here" none_left here
check "the IPv4 sender was busy to the end" running traffic
check "the IPv6 sender was busy to the end" running traffic6
stop traffic
stop traffic6
check "a namespace goes and takes the others with it" ip netns del "there-$$"
owned_namespaces=(here)
check "the module unloads: nothing refers to it" wait_for rmmod ipxlat
finish
