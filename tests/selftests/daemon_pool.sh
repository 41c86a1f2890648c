#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# ipxlatd as a NAT64 gateway with public addresses, pool mode:
#
#   client 2001:db8:1::11 --- ::1 gate 203.0.113.2 --- 203.0.113.9 server
#
# The pool is 203.0.113.16/28, on the link to the server, and 192.0.2.0/30, routed to the gateway.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/daemon_network.sh"
needs socat conntrack python3

server6=2001:db8:64:0:cb:71:900:: # 203.0.113.9 below 2001:db8:64::/64
pool='^answered: (203\.0\.113\.(1[6-9]|2[0-9]|3[01])|192\.0\.2\.[0-3])$'
gateway_network
ns server ip route add 192.0.2.0/30 via 203.0.113.2
before=$(ours gate)
configure gate <<-'END'
	[nat64.edge]
	pref64 = "2001:db8:64::/64"
	downlinks = ["eth0"]
	uplinks = ["eth1"]
	pool4 = ["203.0.113.16/28", "192.0.2.0/30"]
	allow-private = ["203.0.113.0/24"]
	flowtable = false
END

# from_pool NAMESPACE tcp|udp: the server sees an address of the pool, the same each time
from_pool() {
	asks "$1" "$2" $server6 "" | tee "$scratch/first"
	grep -qE "$pool" "$scratch/first" && asks "$1" "$2" $server6 "$(sed 's/answered: //' "$scratch/first")"
}

# one_entry: the flow to port 80 is one connection, of IPv6
one_entry() {
	ns gate conntrack -F
	asks client tcp $server6 ""
	ns gate conntrack -L -f ipv6 -p tcp | tee "$scratch/entries"
	[ "$(grep -c 'dport=80' "$scratch/entries")" -eq 1 ] && [ -z "$(ns gate conntrack -L -f ipv4 -p tcp)" ]
}

# translated_once: an unsolicited ping to the pool is translated once, and nothing answers
translated_once() {
	device_counts gate edge ok 1 bash -c "! ip netns exec server-$$ ping -c 1 -W 2 203.0.113.20"
}

check "the server answers" answering server
daemon gate
check_says "the gateway comes up" "is translated to 203.0.113.16/28, 192.0.2.0/30" comes_to gate edge "on: "
check "TCP arrives from the pool, from one address for one client" wait_for from_pool client tcp
check "so does UDP, from the same one" asks client udp $server6 "$(sed 's/answered: //' "$scratch/first")"
check "ping is answered" ns client ping -c 2 -i 0.2 -W 5 $server6
for size in 2000 8000; do
	check "so is one of $size bytes" device_counts gate edge ok 2 ns client ping -c 1 -W 5 -s $size $server6
done
check "the gateway's own programs use the pool, too" from_pool gate tcp
check "a flow is one entry of the connection tracker" one_entry
check "an unsolicited packet to the pool is translated once and never answered" translated_once
check "GRE to the pool is refused" counts gate "RFC 6146 section 3.4: TCP, UDP and ICMP only, from IPv4" bash -c "
	head -c 32 /dev/zero | ip netns exec server-$$ socat -u - IP4-SENDTO:203.0.113.20:47"
check "a stray reset gets into the device and no further" device_counts gate edge source_unmapped 1 \
	ns client python3 "$repository/tests/selftests/programs/raw6.py" rst $server6
check "a source in the pool is dropped" refused_source client 64:ff9b:1:fffe::203.0.113.20 $server6
check "a source below pref64 is dropped" refused_source client 2001:db8:64:0:cb:71:900:0 $server6
check_says "a private destination is refused whatever its bits 64 to 71 are" "Administratively prohibited" bash -c "
	! ip netns exec client-$$ ping -c 1 -W 5 2001:db8:64:0:ff0a:102:300::"
ns gate ip link set eth1 mtu 1400
check_says "the client learns the MTU of the IPv4 side plus 20" "mtu=1420" bash -c "
	! ip netns exec client-$$ ping -c 2 -i 0.2 -W 3 -M do -s 1400 $server6"

check_not "nobody was taken for a disturber" grep "somebody has changed" "$scratch/gate-ipxlatd.log"
check "the daemon stops" stop gate-ipxlatd
check "everything is as it was" test "$(ours gate)" = "$before"
finish
