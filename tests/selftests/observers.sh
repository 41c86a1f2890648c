#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What others see of packets on the device: classifiers and rules at its ingress, packet sockets. Each finds the IP
# header where the packet begins, and nobody's packet changes under his hands.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/siit_network.sh
. "$(dirname "$0")/siit_network.sh"
needs tc nft python3
modprobe -qa sch_ingress cls_bpf cls_u32 cls_flower act_gact act_mirred nft_counter

siit_network
tc() { command tc -n "gate-$$" "$@"; }

# An echo request with 56 bytes and its answer are 84 bytes long in IPv4, 104 in IPv6.
# bpf LENGTH VERSION WHERE: a classifier that matches a packet of LENGTH bytes with the IP version VERSION at WHERE
bpf() {
	echo "7,128 0 0 0,21 0 4 $1,48 0 0 $3,84 0 0 240,21 0 1 $(($2 << 4)),6 0 0 4294967295,6 0 0 0"
}
declare -A places=(["the start of each packet"]=0 ["its network header"]=$((0xfff00000))  # SKF_NET_OFF
	["its link-layer header"]=$((0xffe00000)))  # SKF_LL_OFF
preference=0
watch() { # PROTOCOL CLASSIFIER...: counts what it matches and lets the next one look
	preference=$((preference + 1))
	tc filter add dev siit0 ingress pref $preference protocol "$1" "${@:2}" action continue
}
matched() { # PREFERENCE
	tc -s filter show dev siit0 ingress pref "$1" | sed -n 's/.*Sent [0-9]* bytes \([0-9]*\) pkt.*/\1/p'
}
has_matched() { # PREFERENCE PACKETS
	echo "matched: $(matched "$1")"
	[ "$(matched "$1")" = "$2" ]
}

check "classifiers are put at the device's ingress" tc qdisc add dev siit0 clsact
for place in "${!places[@]}"; do
	check "BPF looks for IPv6 at $place" watch ipv6 bpf bytecode "$(bpf 104 6 "${places[$place]}")"
	check "BPF looks for IPv4 at $place" watch ip bpf bytecode "$(bpf 84 4 "${places[$place]}")"
done
check "u32 looks for IPv6" watch ipv6 u32 match u8 0x60 0xf0 at 0 match ip6 dst 2001:db8:12::10
check "u32 looks for IPv4" watch ip u32 match u8 0x45 0xff at 0 match ip dst 203.0.113.9
check "flower looks for ICMPv6" watch ipv6 flower ip_proto icmpv6 dst_ip 2001:db8:12::10
check "flower looks for ICMP" watch ip flower ip_proto icmp dst_ip 203.0.113.9
check "nftables looks for all of them" ns gate nft -f - <<-'END'
	table netdev observer {
		chain ingress {
			type filter hook ingress device "siit0" priority 0
			@nh,0,4 6 ip6 daddr 2001:db8:12::10 icmpv6 type { echo-request, echo-reply } counter comment "IPv6"
			@nh,0,4 4 ip daddr 203.0.113.9 icmp type { echo-request, echo-reply } counter comment "IPv4"
		}
	}
END
check "four pings six" ns four ping -c 3 -i 0.2 -W 5 -s 56 198.51.100.10
check "six pings four" ns six ping -c 3 -i 0.2 -W 5 -s 56 2001:db8:46::203.0.113.9
pass=0
for place in "${!places[@]}"; do
	check "BPF has found IPv6 at $place" has_matched $((++pass)) 6
	check "BPF has found IPv4 at $place" has_matched $((++pass)) 6
done
check "u32 has found every IPv6 packet" has_matched $((++pass)) 6
check "u32 has found every IPv4 packet" has_matched $((++pass)) 6
check "flower has found every ICMPv6 packet" has_matched $((++pass)) 6
check "flower has found every ICMP packet" has_matched $((++pass)) 6
rules() { ns gate nft list table netdev observer; }
check_says "nftables has found every IPv6 packet" 'packets 6 bytes 624 comment "IPv6"' rules
check_says "nftables has found every IPv4 packet" 'packets 6 bytes 504 comment "IPv4"' rules

check "tc redirects datagrams to port 7007 into the device" eval "
	tc qdisc add dev eth4 clsact
	tc filter add dev eth4 ingress protocol ip flower ip_proto udp dst_port 7007 action mirred egress redirect dev siit0"
take_over "every packet socket has been tried" python3 "$(dirname "$0")/programs/observers.py" $$
finish
