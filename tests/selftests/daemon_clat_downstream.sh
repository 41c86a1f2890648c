#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A CLAT of a host that has an IPv4 network behind it: containers, whose program translates their addresses itself, and
# phones, for which the daemon does.
#
#   phone 192.168.7.2 --- ::1, 192.168.7.1 eth1 host eth0 2001:db8:1::11 --- ::1 gate 203.0.113.2 --- 203.0.113.9 server
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/daemon_network.sh"
needs socat python3 tcpdump

server=203.0.113.9
clat_network
namespaces phone
veth phone:eth0 host:eth1
ns host ip address add 192.168.7.1/24 dev eth1
ns phone ip address add 192.168.7.2/24 dev eth0
ns phone ip route add default via 192.168.7.1
head -c 1M /dev/urandom >"$scratch/file"
configured ""

# downloads: the file of the server arrives whole
downloads() {
	rm -f "$scratch/copy"
	start_in server source socat -u "FILE:$scratch/file" TCP4-LISTEN:81,reuseaddr
	wait_for ns phone socat -u "TCP4:$server:81" "OPEN:$scratch/copy,creat,trunc" && cmp "$scratch/file" "$scratch/copy"
}

# serves SITUATION
serves() {
	check "$1: TCP of the network behind arrives from the gateway's address" wait_for asks phone tcp $server 203.0.113.2
	check "$1: so does UDP" asks phone udp $server 203.0.113.2
	check "$1: ping is answered" ns phone ping -c 2 -i 0.2 -W 5 $server
	check "$1: so is one of 8,000 bytes" ns phone ping -c 1 -W 5 -s 8000 $server
	check "$1: a file arrives whole" downloads
	check "$1: the host's own IPv4 works, too" asks host tcp $server 203.0.113.2
}

# what a program for containers does: NAT44 to whatever the uplink is, and no forwarding that it does not know of
containers() {
	ns host sysctl -qw net.ipv4.ip_forward=1
	ns host nft -f - <<-'END'
		table ip containers {
			chain postrouting {
				type nat hook postrouting priority srcnat
				ip saddr 192.168.7.0/24 oifname != "eth1" masquerade
			}
		}
		table ip6 containers {
			chain forward { type filter hook forward priority filter; policy drop; }
		}
	END
}
no_containers() {
	ns host nft 'delete table ip containers; delete table ip6 containers'
	ns host sysctl -qw net.ipv4.ip_forward=0
}

# neither IPv6, nor IPv4 of other interfaces
no_router() {
	ns host sysctl -ar '\.forwarding$|ip_forward$' | grep ' = 1' | tee "$scratch/forwarding"
	[ "$(cat "$scratch/forwarding")" = "net.ipv4.conf.clat0.forwarding = 1
net.ipv4.conf.eth1.forwarding = 1" ]
}

# what a phone says is the largest segment that it takes, as it leaves the gateway
segment_of_phone() {
	start_in server capture timeout 20 tcpdump -n -c 1 -i eth0 'tcp[tcpflags] == tcp-syn'
	wait_for grep "listening on" "$scratch/capture.log" && asks phone tcp $server 203.0.113.2 &&
		wait_for grep mss "$scratch/capture.log"
}

check "the server answers" answering server
daemon gate
check "the gateway comes up" comes_to gate edge "on: "

for address6 in dedicated shared; do
	before=$(ours host)
	clat $address6
	daemon host
	check "$address6: IPv4 comes up" comes_to host home "on: "
	containers
	serves "$address6, containers"
	# an IPv6 router that forwards nothing of what it does not know
	ns host sysctl -qw net.ipv6.conf.all.forwarding=1
	serves "$address6, containers of an IPv6 router"
	ns host sysctl -qw net.ipv6.conf.all.forwarding=0
	ns host ip -6 route replace default via 2001:db8:1::1
	no_containers
	clat $address6 'downlinks = ["eth1"]'
	reload host
	check "$address6: the daemon serves a network behind" wait_for bash -c \
		"ip netns exec host-$$ nft list table ip ipxlat-home"
	serves "$address6, phones"
	check "$address6, phones: no more is forwarded than theirs" no_router
	check_says "$address6, phones: segments fit the way" "options [mss 1440" segment_of_phone
	check "the daemon stops" stop host-ipxlatd
	check "everything is as it was" test "$(ours host)" = "$before"
done
finish
