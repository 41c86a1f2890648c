#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# IPv4 over IPv6 over two devices without state: what one side sends the other receives, bit by bit behind the IPv4
# header, since the second device takes back what the first one did.
#
#   client 192.0.2.10 --- c near siit0 --- link6 --- siit0 far s --- 198.51.100.20 server
#
# near and far write IPv4 addresses below 2001:db8:64::/96. Packets are captured on c and s as they are on the wire;
# the way between is large enough for what grows. Losses are in front of the captures.
. "$(dirname "$0")/lib.sh"
needs tcpdump tc ethtool python3 dig unbound traceroute
programs=$(dirname "$0")/programs
modprobe -q sch_netem

client=192.0.2.10 server=198.51.100.20
namespaces client near far server
veth client:eth0 near:c
veth near:link6 far:link6
veth far:s server:eth0
# batch NAMESPACE: ip commands on standard input, all of which succeed
batch() { ip -n "$1-$$" -batch -; }
check "the client is there" batch client <<-END
	address add $client/24 dev eth0
	route add default via 192.0.2.1
END
check "the server is there" batch server <<-END
	address add $server/24 dev eth0
	route add default via 198.51.100.1
END
gateway() { # NAME DEVICE ADDRESS4 ADDRESS6 NEIGHBOUR6 OWN4 OWN6 OTHER4 OTHER6
	batch "$1" <<-END
		address add $3/24 dev $2
		address add $4/64 dev link6
		link set link6 mtu 2000
		link add siit0 type ipxlat
		link set siit0 mtu 2000 up
		route add $8 dev siit0
		route add $7 dev siit0
		route add $9 via $5
	END
	ns "$1" ipxlatctl set siit0 remote-prefix6 2001:db8:64::/96 &&
		ns "$1" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
}
check "a gateway is there near the client" gateway near c 192.0.2.1 2001:db8:f::1 2001:db8:f::2 \
	192.0.2.0/24 2001:db8:64::192.0.2.0/120 198.51.100.0/24 2001:db8:64::198.51.100.0/120
check "a gateway is there near the server" gateway far s 198.51.100.1 2001:db8:f::2 2001:db8:f::1 \
	198.51.100.0/24 2001:db8:64::198.51.100.0/120 192.0.2.0/24 2001:db8:64::192.0.2.0/120
for link in client:eth0 near:c far:s server:eth0; do
	ns "${link%:*}" ethtool -K "${link#*:}" tx off tso off gso off gro off >/dev/null
done
check "the server answers the client" wait_for ns client ping -c 1 -W 1 $server

capture() { # NAMESPACE DEVICE
	start_in "$1" "tcpdump-$1" tcpdump -i "$2" -n -U -B 32768 -w "$scratch/$1.pcap" ip
	wait_for grep -q "listening on" "$scratch/tcpdump-$1.log"
}
check "the client's side is captured" capture near c
check "the server's side is captured" capture far s

mix() { python3 "$programs/mix.py" "$1" "client-$$" "server-$$" $client $server; }
lossy() { # COMMAND...: while both hosts lose packets
	local host
	for host in client server; do
		ns "$host" tc qdisc add dev eth0 root netem loss 3% delay 4ms 2ms || return
	done
	"$@" || return
	for host in client server; do ns "$host" tc qdisc del dev eth0 root || return; done
}
check "TCP carries a stream each way with losses on the way" lossy mix tcp
check "UDP datagrams of 0 to 65507 bytes arrive each way" mix udp
check "so do datagrams whose fragments have DF, or arrive backwards" mix fragments

texts() { # the strings of a long answer
	local i
	for ((i = 0; i < $1; i++)); do printf ' "%0200d"' "$i"; done
}
cat >"$scratch/unbound.conf" <<END
server:
	interface: $server
	access-control: 0.0.0.0/0 allow
	do-ip6: no
	do-daemonize: no
	username: ""
	chroot: ""
	directory: "$scratch"
	pidfile: ""
	use-syslog: no
	max-udp-size: 4096
	edns-buffer-size: 4096
	module-config: "iterator"
	local-zone: "example." static
	local-data: "www.example. A 203.0.113.5"
	local-data: 'large.example. TXT$(texts 6)'
	local-data: 'larger.example. TXT$(texts 17)'
END
start_in server unbound unbound -d -c "$scratch/unbound.conf"
ask() { ns client dig "@$server" +bufsize=4096 +time=5 +tries=3 "$@"; }
check_says "a name server's answer arrives" "203.0.113.5" wait_for ask www.example
check_says "so does that there is no such name" "NXDOMAIN" ask nothing.example
check_says "so does an answer of 1,300 bytes" 'TXT' ask large.example TXT
check_says "so does an answer in fragments" 'TXT' ask larger.example TXT +ignore
check_says "so does one over TCP" 'TXT' ask larger.example TXT +tcp

for size in 0 1 56 1232; do
	check "an echo request with $size bytes is answered" ns client ping -c 1 -W 5 -s $size -M dont $server
done
check "the server pings the client" ns server ping -c 1 -W 5 $client
check_says "a traceroute shows the far gateway's IPv4 side" " 4  198.51.100.1" \
	ns client traceroute -n -q 1 -w 5 -m 6 $server

# the last packets of all, by which one knows that a capture is complete
last_there() { [ "$(grep -ao lastlastlast "$scratch/$1.pcap" | wc -l)" -eq 4 ]; }
check "a last echo request is answered" ns client ping -c 1 -W 10 -s 40 -p 6c617374 $server
for side in near far; do
	check "the capture at the $side gateway is complete" wait_for last_there $side
	stop "tcpdump-$side"
	check_says "  and has lost nothing" "0 packets dropped by kernel" log "tcpdump-$side"
done
check "every datagram arrived as it was sent" \
	python3 "$programs/same_transport.py" "$scratch/near.pcap" "$scratch/far.pcap" $client $server 4 &&
	diagnostic <"$scratch/output"
finish
