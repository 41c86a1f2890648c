#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# ICMP messages that come in fragments are put together and translated as a whole, both ways: by route, from an ingress
# hook, from the gateway itself, behind connection tracking. What never becomes whole goes when its time is over, or with
# its namespace, whatever becomes of the device. The network is siit_network.sh's; 198.51.100.11 is the gateway in IPv4.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/siit_network.sh
. "$(dirname "$0")/siit_network.sh"
needs python3 nft conntrack
modprobe -qa nft_fwd_netdev nft_ct nft_nat
programs=$(dirname "$0")/programs
tracing=/sys/kernel/tracing
mountpoint -q $tracing || mount -t tracefs tracefs $tracing

siit_network
check "the gateway has an address in IPv4" ns gate ipxlatctl map add siit0 198.51.100.11 2001:db8:12::1
ns gate ip route add 198.51.100.11/32 dev siit0
check "four counts what comes in fragments" ns four nft -f - <<-'END'
	table ip arrivals {
		chain prerouting {
			type filter hook prerouting priority -450
			ip frag-off & 0x3fff != 0 counter comment "fragments"
			ip frag-off & 0x3fff != 0 ip id 0x1234 counter comment "identified"
			icmp type time-exceeded counter comment "time exceeded"
		}
	}
END
check "so does six" ns six nft -f - <<-'END'
	table ip6 arrivals {
		chain prerouting {
			type filter hook prerouting priority -450
			exthdr frag exists counter comment "fragments"
			frag id 0x1234 counter comment "identified"
			icmpv6 type time-exceeded counter comment "time exceeded"
			icmpv6 type destination-unreachable counter comment "errors"
		}
	}
END
arrived() { # NAMESPACE COMMENT
	ns "$1" nft list ruleset | sed -n "s/.*counter packets \([0-9]*\) .*comment \"$2\"/\1/p"
}

# grown COMMAND...: by how many a number has grown since it was noted
note() { noted=$("$@"); }
grown() { echo $(($("$@") - noted)); }

# pings FROM ADDRESS SIZE [ARGUMENT...]: twice; what comes back is compared
pings() { ns "$1" ping -c 2 -i 0.2 -W 5 -s "$3" "${@:4}" "$2"; }

# both_ways HOW: large messages are answered, and each is one packet to the device
both_ways() {
	local size
	for size in 2000 8000 60000; do
		note counter ok
		check "$1: four pings six with $size bytes" pings four 198.51.100.10 $size
		check "$1: six pings four with $size bytes" pings six 2001:db8:46::203.0.113.9 $size
		check "$1: each message is translated once" test "$(grown counter ok)" -eq 8
	done
	check "$1: no fragment was dropped" test "$(counter icmp_fragment)" -eq 0
}

note arrived six fragments
check "8000 bytes from four" pings four 198.51.100.10 8000
check "arrive at six in 7 fragments of at most 1280 bytes" test "$(grown arrived six fragments)" -eq 14
note arrived four fragments
check "8000 bytes from six" pings six 2001:db8:46::203.0.113.9 8000
check "arrive at four in 6 fragments of at most 1500 bytes" test "$(grown arrived four fragments)" -eq 12
both_ways "by route"

check "the gateway pings six with 2000 bytes of IPv4" pings gate 198.51.100.10 2000 -I 203.0.113.1
check "and four with 2000 bytes of IPv6" pings gate 2001:db8:46::203.0.113.9 2000 -I 2001:db8:12::1
check "six pings the gateway's IPv4 side with 2000 bytes" pings six 2001:db8:46::203.0.113.1 2000

four_sends() { ns four python3 "$programs/icmp_fragments.py" 203.0.113.9 198.51.100.10 "$1"; }
six_sends() { ns six python3 "$programs/icmp_fragments.py" 2001:db8:12::10 2001:db8:46::cb00:7109 "$1"; }
for host in four six; do
	for case in ordered reversed doubled small; do
		check_says "$host: an echo request in fragments, $case, is answered" "answered" ${host}_sends $case
	done
done
check_says "four: one whose fragments have DF is answered, too" "answered" four_sends with-df
note arrived six identified
check_says "what four sends" "answered" four_sends ordered
check "leaves in fragments with the identification of four" test "$(grown arrived six identified)" -eq 3
note arrived four identified
check_says "what six sends" "answered" six_sends ordered
check "leaves in fragments with what is left of the identification of six" test "$(grown arrived four identified)" -gt 1
note arrived six errors
check "an error in fragments" four_sends error
arrived_error() { [ "$(grown arrived six errors)" -eq 1 ]; }
check "arrives" wait_for -t 20 arrived_error
for host in four six; do
	note counter ok
	check_says "$host: where fragments overlap nothing is answered" "nothing" ${host}_sends overlapping
	check "$host: only what was sent behind was translated, and its answer" test "$(grown counter ok)" -eq 2
done
check "of each an overlapping fragment was counted" test "$(counter icmp_fragment)" -ge 2

# Fragments that wait for others: Linux tells of those of IPv4
waiting() { ns gate sed -n 's/^FRAG: inuse \([0-9]*\).*/\1/p' /proc/net/sockstat; }
none_waits() { [ "$(waiting)" -eq 0 ]; }
check "none waits any more" wait_for none_waits
note counter ok
check_says "four: a first fragment alone is not answered" "nothing" four_sends first
check_says "six: nor is it there" "nothing" six_sends first
check "neither was counted" test "$(grown counter ok)" -eq 4
check "it waits" test "$(waiting)" -eq 1
check_says "the rest is answered with it" "answered" four_sends others
check_says "so is that of six" "answered" six_sends others
check "none waits" none_waits

for host in four six; do ns gate sysctl -qw net.ipv4.ipfrag_time=1 net.netfilter.nf_conntrack_frag6_timeout=1; done
told() { [ "$(arrived "$1" "time exceeded")" -eq 1 ]; }
for host in four six; do
	check_says "$host: what lacks a part" "nothing" ${host}_sends first
	check "$host: is told once that its time is over, as by any host" wait_for -t 20 told $host
done
check "none waits" none_waits
ns gate sysctl -qw net.ipv4.ipfrag_time=30 net.netfilter.nf_conntrack_frag6_timeout=60

# what comes by another device is another message
check "a second device is there" batch gate <<-END
	link add siit1 type ipxlat
	link set siit1 up
END
ns gate ipxlatctl set siit1 remote-prefix6 2001:db8:46::/96 local-map 198.51.100.10 2001:db8:12::10
check_says "a first fragment by the one device" "nothing" four_sends first
ns gate ip route replace 198.51.100.10/32 dev siit1
check_says "and the others by another are no message" "nothing" four_sends others
ns gate ip route replace 198.51.100.10/32 dev siit0
check "the second device goes" ip -n "gate-$$" link del siit1

# where none may wait
ns gate sysctl -qw net.ipv4.ipfrag_low_thresh=0 net.netfilter.nf_conntrack_frag6_low_thresh=0
thresholds=$(ns gate sysctl net.ipv4.ipfrag_high_thresh net.netfilter.nf_conntrack_frag6_high_thresh)
ns gate sysctl -qw net.ipv4.ipfrag_high_thresh=0 net.netfilter.nf_conntrack_frag6_high_thresh=0
echo 1 >$tracing/events/ipxlat/ipxlat_drop/enable
for host in four six; do
	note counter icmp_fragment
	check_says "$host: where no fragment may wait there is no answer" "nothing" ${host}_sends ordered
	check "$host: and each is dropped and counted" test "$(grown counter icmp_fragment)" -eq 4
done
echo 0 >$tracing/events/enable
cat $tracing/trace >"$scratch/trace"
check_says "the tracepoint has the addresses of those of four" \
	"to_v6 reason=icmp_fragment source=::ffff:203.0.113.9 destination=::ffff:198.51.100.10" cat "$scratch/trace"
check_says "and of six" "to_v4 reason=icmp_fragment source=2001:db8:12::10 destination=2001:db8:46::cb00:7109" \
	cat "$scratch/trace"
ns gate sysctl -q --load - <<<"$thresholds"

afresh() { ip -n "gate-$$" link del siit0 && device; } # a device with counters of zero
check "a hook at ingress leads into a new device" afresh
check "and no route" no_routes
check "nftables forwards at ingress" ns gate nft -f - <<-'END'
	table netdev steer {
		chain of_four { type filter hook ingress device "eth4" priority 0; ip daddr 198.51.100.10 fwd to "siit0"; }
		chain of_six { type filter hook ingress device "eth6" priority 0; ip6 daddr 2001:db8:46::/96 fwd to "siit0"; }
	}
END
both_ways "from ingress"
check "the hook goes" ns gate nft delete table netdev steer

check "connections are tracked, with a NAT in front of a new device" ns gate nft -f - <<-'END'
	table ip nat {
		chain postrouting {
			type nat hook postrouting priority srcnat
			oifname "siit0" ip saddr 203.0.113.9 snat to 203.0.113.77
		}
	}
	table ip6 tracked {
		chain forward {
			type filter hook forward priority filter
			ct state new
		}
	}
END
check "  which routes lead into" afresh
both_ways "tracked"
check "a device without a prefix has no address for four" ns gate ipxlatctl set siit0 remote-prefix6 none
check_says "four is told that, of a message in fragments, from behind the NAT" "filtered" bash -c "
	! ip netns exec four-$$ ping -c 1 -W 5 -s 2000 198.51.100.10"
check "the prefix is back" configure
check "none waits" wait_for none_waits
check "later fragments do not get into the device" ns gate nft -f - <<-'END'
	table netdev lossy {
		chain egress { type filter hook egress device "siit0" priority 0; ip frag-off & 0x1fff != 0 drop; }
	}
END
check_says "a message without them" "nothing" four_sends ordered
check "waits" test "$(waiting)" -eq 1
tracked() { ns gate sysctl -n net.netfilter.nf_conntrack_count; }
untracked() { ns gate conntrack -F && [ "$(tracked)" -eq 0 ]; }
check "what waits holds no connection" wait_for -t 10 untracked
check "and waits still" test "$(waiting)" -eq 1
ns gate nft flush ruleset

# what holds on to a device, to the module, or to a namespace
check_says "a fragment of four waits" "nothing" four_sends first
check_says "and one of six" "nothing" six_sends first
check "the device is deleted" ip -n "gate-$$" link del siit0
check "the module unloads" wait_for rmmod ipxlat
check "fragments wait still" test "$(waiting)" -ge 1
check "their time ends without a device" wait_for none_waits
check "the module is there again, and a device" device
check_says "a fragment of four waits" "nothing" four_sends first
check_says "and one of six" "nothing" six_sends first
check "they go with their namespace" end_namespace gate
check "the module unloads" wait_for rmmod ipxlat
finish
