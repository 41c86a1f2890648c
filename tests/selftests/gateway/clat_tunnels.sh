#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Tunnels over IPv4 of a host that is a CLAT, with each kind of address6: WireGuard, and IPsec in UDP (RFC 3948). They begin
# at the host of clat_network (daemon_network.sh) and end at its server:
#
#   host 10.9.0.1 --- WireGuard --- 10.9.0.2 server
#   host 10.8.0.1 --- ESP in UDP --- 10.8.0.2 server
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/../daemon_network.sh"
needs python3 wg
modprobe -qa wireguard xfrm_user esp4 gcm ghash_generic ctr seqiv

server=203.0.113.9
programs=$repository/tests/selftests/programs
clat_network
configured ""
ns gate nft -f - <<-'END'
	table ip6 watch {
		chain arrivals {
			type filter hook prerouting priority -450
			iifname "eth0" exthdr frag exists counter comment "fragments"
		}
	}
END

# wireguard NAMESPACE ADDRESS PEER WORDS...: the device, with these words about the peer
wireguard() {
	ns "$1" ip link add wg0 type wireguard &&
		ns "$1" wg set wg0 listen-port 51820 private-key "$scratch/$1.key" \
			peer "$(wg pubkey <"$scratch/$3.key")" "${@:4}" &&
		ns "$1" ip address add "$2/24" dev wg0 && ns "$1" ip link set wg0 up
}

# association NAMESPACE SPI SOURCE DESTINATION PORT PORT
association() {
	ns "$1" ip xfrm state add src "$3" dst "$4" proto esp spi "$2" reqid 1 mode tunnel \
		aead "rfc4106(gcm(aes))" 0x000102030405060708090a0b0c0d0e0f10111213 128 encap espinudp "$5" "$6" 0.0.0.0
}

# policy NAMESPACE in|out SOURCE DESTINATION FROM TO: the one goes to the other in the tunnel from FROM to TO
policy() {
	ns "$1" ip xfrm policy add dir "$2" src "$3" dst "$4" tmpl src "$5" dst "$6" proto esp reqid 1 mode tunnel
}

# ipsec NEAR4 PORT: between the host's IPv4 address and the server, which sees the host's program at PORT
ipsec() {
	association host 0x101 "$1" $server 4500 4500 && association host 0x102 $server "$1" 4500 4500 &&
		policy host out 10.8.0.1 10.8.0.2 "$1" $server && policy host in 10.8.0.2 10.8.0.1 $server "$1" &&
		association server 0x101 203.0.113.2 $server "$2" 4500 && association server 0x102 $server 203.0.113.2 4500 "$2" &&
		policy server in 10.8.0.1 10.8.0.2 203.0.113.2 $server && policy server out 10.8.0.2 10.8.0.1 $server 203.0.113.2
}

both_ways() { python3 "$programs/mix.py" tcp "host-$$" "server-$$" "$1" "$2"; }
mirrored() { ns host python3 "$programs/udp_echo.py" ask "$1" 7001 "$2"; }

# whole COMMAND...: nothing that comes from the host meanwhile is a fragment
whole() {
	local before
	before=$(packets gate fragments)
	"$@" && [ "$(packets gate fragments)" -eq "$before" ]
}

# traffic TUNNEL NEAR FAR
traffic() {
	local size
	check "$1: ping is answered" wait_for ns host ping -c 2 -i 0.2 -W 5 -I "$2" "$3"
	check "$1: so is the server's" ns server ping -c 2 -i 0.2 -W 5 -I "$3" "$2"
	check "$1: TCP passes both ways, and no packet of it in fragments" whole both_ways "$2" "$3"
	for size in 1 1400 8000 60000; do check "$1: a datagram of $size bytes comes back" mirrored "$3" $size; done
}

start_tunnels() {
	local port
	check "$1: WireGuard is set up" wireguard host 10.9.0.1 server endpoint $server:51820 allowed-ips 10.9.0.2/32
	check "$1: at the server, too" wireguard server 10.9.0.2 host allowed-ips 10.9.0.1/32
	start_in host ike python3 "$programs/espinudp.py" $server
	check "$1: IPsec's program reaches the server's" wait_for grep "seen from 203.0.113.2 " "$scratch/ike.log"
	port=$(awk '{ print $4 }' "$scratch/ike.log")
	# behind the one that is to be the source of everything else
	ns host ip address add 10.8.0.1/32 dev lo
	ns host ip route add 10.8.0.2/32 dev clat0 src 10.8.0.1
	check "$1: IPsec is set up" ipsec "$2" "$port"
}

stop_tunnels() {
	local name
	stop ike
	ns host ip address del 10.8.0.1/32 dev lo
	for name in host server; do
		ns $name ip link del wg0
		ns $name ip xfrm policy flush
		ns $name ip xfrm state flush
	done
}

# beyond MTU: how wide the way is behind the gateway, of which nobody knows yet
beyond() {
	ns gate ip link set eth1 mtu "$1"
	ns server ip link set eth0 mtu "$1"
	for name in host server; do
		ns $name ip route flush cache
		ns $name ip -6 route flush cache
	done
}

for name in host server; do (umask 077 && wg genkey >"$scratch/$name.key"); done
ns server ip address add 10.8.0.2/32 dev lo
ns server ip route add 10.8.0.1/32 via 203.0.113.2 src 10.8.0.2
check "the server answers" answering server
start_in server mirror python3 "$programs/udp_echo.py" serve 0.0.0.0 7001
check "and sends datagrams back" wait_for grep serving "$scratch/mirror.log"
start_in server server-ike python3 "$programs/espinudp.py"
check "and has a program for IPsec" wait_for grep ready "$scratch/server-ike.log"
daemon gate
check "the gateway comes up" comes_to gate edge "on: "
for kind in dedicated shared given delegated; do
	address4=192.0.0.1
	if [ $kind = delegated ]; then address4=192.0.2.1; fi
	clat_with $kind
	daemon host
	check "$kind: IPv4 comes up" comes_to host home "on: "
	check "$kind: and works" wait_for asks host udp $server 203.0.113.2
	start_tunnels $kind $address4
	traffic "$kind: WireGuard" 10.9.0.1 10.9.0.2
	traffic "$kind: IPsec" 10.8.0.1 10.8.0.2
	beyond 1400
	check "$kind: WireGuard: TCP passes both ways where the way is narrower" both_ways 10.9.0.1 10.9.0.2
	check "$kind: IPsec, too" both_ways 10.8.0.1 10.8.0.2
	beyond 1500
	stop_tunnels
	check "the daemon stops" stop host-ipxlatd
done
finish
