#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# ipxlatd as a NAT64 gateway with one IPv4 address, masquerade mode:
#
#   client 2001:db8:1::11 --- ::1 gate 203.0.113.2 --- 203.0.113.9 server
#
# The client knows no IPv4, the server no IPv6. A guest 2001:db8:2::11, 10.9.0.11 is behind another interface of the gate,
# which is neither a downlink nor an uplink.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/daemon_network.sh"
needs traceroute conntrack python3

server6=64:ff9b::203.0.113.9
gateway_network
namespaces guest
veth guest:eth0 gate:eth2
ns guest ip address add 2001:db8:2::11/64 dev eth0
ns guest ip address add 10.9.0.11/24 dev eth0
ns guest ip route add default via 2001:db8:2::1
ns guest ip route add default via 10.9.0.1
ns gate ip address add 2001:db8:2::1/64 dev eth2
ns gate ip address add 10.9.0.1/24 dev eth2
# a host that believes no redirects, and has forwarding by its own will in one place
ns gate ip link add eth9 type dummy
ns gate sysctl -qw net.ipv4.conf.all.accept_redirects=0 net.ipv6.conf.eth9.forwarding=1
# nothing but the gateway's own address may ever arrive
ns server nft -f - <<-'END'
	table inet watch {
		chain arrivals {
			type filter hook prerouting priority raw
			ip saddr != { 203.0.113.2, 203.0.113.9, 127.0.0.1 } counter comment "inside addresses"
			ip saddr 203.0.113.2 icmp type echo-request ip frag-off & 0x3fff != 0 counter comment "large pings"
			ip saddr 203.0.113.2 icmp type destination-unreachable counter comment "errors of clients"
		}
	}
END
before=$(ours gate)

# advertised: the guest is a default router of the gate, by its own word
advertised() {
	ns guest python3 "$repository/tests/selftests/programs/advertise.py" eth0 1500 1800
	ns gate ip -6 route show default proto ra dev eth2 | grep via
}
configure gate <<-'END'
	[nat64.edge]
	pref64 = "64:ff9b::/96"
	downlinks = ["eth0"]
	uplinks = ["eth1"]
	allow-private = ["203.0.113.0/24", "10.9.0.0/24"]
END

# others_forward: as they did before the daemon, in both families
others_forward() {
	ns gate sysctl -n net.ipv4.ip_forward net.ipv4.conf.{default,eth0,eth2,eth9}.forwarding \
		net.ipv6.conf.{default,eth1,eth2}.forwarding | tee "$scratch/forwarding"
	[ "$(sort -u "$scratch/forwarding")" = 0 ] && [ "$(ns gate sysctl -n net.ipv6.conf.eth9.forwarding)" = 1 ]
}

# outlives_its_state: a TCP connection that sends after the gateway has forgotten it
outlives_its_state() {
	open_connection $server6 || return
	ns gate conntrack -F
	echo >&7
	wait_for grep -e reset -e second "$scratch/twice.log"
	exec 7>&-
}

# clients_error: an answer finds nobody; some are faster than the client leaves
clients_error() {
	ask client leave $server6 9
	[ "$(packets server "errors of clients")" -gt 0 ]
}

# keeps_port PORT: the server sees the client's own
keeps_port() {
	ask client udp $server6 9 "$1" && ns gate conntrack -L -f ipv4 -p udp --orig-port-src "$1" | tee "$scratch/port"
	grep "dport=$1" "$scratch/port"
}

check "the server answers" answering server
check "the gate learns a route from a router advertisement" wait_for advertised
daemon gate
check_says "the gateway comes up" "on: 64:ff9b::/96 is translated to the addresses of eth1" comes_to gate edge "on: "
check_says "it warns of what it must not lead past the uplinks" \
	"10.9.0.0/24 is routed out of eth2, which is no uplink" cat "$scratch/gate-run/state.json"
check_says "IPv4 is forwarded where it comes in: on the uplink" "= 1" ns gate sysctl net.ipv4.conf.eth1.forwarding
check_says "and on the device" "= 1" ns gate sysctl net.ipv4.conf.edge.forwarding
check_says "IPv6 is forwarded where it comes in: everywhere, or since Linux 6.17 on the downlink" "= 1" \
	ns gate sysctl -ar '^net\.ipv6\.conf\.(all\.forwarding|eth0\.force_forwarding)$'
check "no other interface becomes one that forwards" others_forward
check_says "what it has learnt from routers it knows still" "via" ns gate ip -6 route show default proto ra dev eth2
check_says "redirects are believed no more than before" "= 0" ns gate sysctl net.ipv4.conf.all.accept_redirects
check_says "what fits the client's link is not cut" "lowest-ipv6-mtu 1500" ns gate ipxlatctl show edge
check "TCP arrives from the gateway's address" wait_for asks client tcp $server6 203.0.113.2
check "UDP arrives from the gateway's address" asks client udp $server6 203.0.113.2
check "an answer in fragments arrives" ask client bytes $server6 10 3000
# as soon as anything is tracked there is such a sysctl
check "ping is remembered for a minute" wait_for bash -c "
	[ \$(ip netns exec gate-$$ sysctl -n net.netfilter.nf_conntrack_icmpv6_timeout) -eq 60 ]"
check "a client's error comes from the gateway's address" wait_for clients_error
check "a port below 1024 stays below" keeps_port 700
check "ping is answered" ns client ping -c 2 -i 0.2 -W 5 $server6
for size in 2000 8000; do
	check "so is one of $size bytes" device_counts gate edge ok 2 ns client ping -c 1 -W 5 -s $size $server6
done
check "they arrive in fragments" test "$(packets server "large pings")" -eq 2
check "a UDP flow lives for five minutes, on the IPv6 side" lives gate ipv6 udp 300
check "and on the IPv4 side" lives gate ipv4 udp 300
check "one of ping for one" lives gate ipv6 icmpv6 60
# since Linux 6.14 it stays offloaded until it has been idle for 30 s
check "and a closed TCP connection for four" wait_for -t 60 lives gate ipv6 tcp 240
check "the gateway's own programs reach IPv4 through the device" asks gate tcp $server6 203.0.113.2
check_says "a closed port is told to the client" "Connection refused" bash -c "
	! ip netns exec client-$$ python3 '$repository/tests/selftests/programs/ask.py' udp $server6 19"
check_says "a traceroute passes the gateway twice" "$server6" \
	ns client traceroute -6 -n -q 1 -w 3 -m 5 $server6

check "a source below pref64 is dropped" refused_source client 64:ff9b::192.0.2.1 $server6
check "so is one below pref64 to the other half of it" refused_source client 64:ff9b::203.0.113.1 64:ff9b::8.8.8.8
check "so is a source in pool6" refused_source client 64:ff9b:1:fffe::198.18.0.9 $server6
check_says "a private destination is refused as prohibited" "Administratively prohibited" bash -c "
	! ip netns exec client-$$ ping -c 1 -W 5 64:ff9b::10.1.2.3"
check_says "who is behind no downlink is refused" "Administratively prohibited" bash -c "
	! ip netns exec guest-$$ ping -c 1 -W 5 $server6"
check_says "what is behind no uplink is refused, allowed or not" "Administratively prohibited" bash -c "
	! ip netns exec client-$$ ping -c 1 -W 5 64:ff9b::10.9.0.11"
check "GRE is refused" counts gate "RFC 6146 section 3.4: TCP, UDP and ICMP only, from IPv6" \
	ns client python3 "$repository/tests/selftests/programs/raw6.py" 47 $server6
check "a stray reset gets into the device and no further" device_counts gate edge source_unmapped 1 \
	ns client python3 "$repository/tests/selftests/programs/raw6.py" rst $server6
check_says "a connection whose state is gone is reset" "Connection reset by peer" outlives_its_state
ns gate ip link set eth1 mtu 1400
check_says "the client learns the MTU of the IPv4 side plus 20" "mtu=1420" bash -c "
	! ip netns exec client-$$ ping -c 2 -i 0.2 -W 3 -M do -s 1400 $server6"
check "nothing else ever arrived at the server" test "$(packets server "inside addresses")" -eq 0

check_not "nobody was taken for a disturber" grep "somebody has changed" "$scratch/gate-ipxlatd.log"
check "the daemon stops" stop gate-ipxlatd
check "everything is as it was" test "$(ours gate)" = "$before"
finish
