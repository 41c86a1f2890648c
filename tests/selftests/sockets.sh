#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A packet that a program of this host sends through the device stays its socket's: a filter of its control group sees
# it once, as what the program sent; rules see who sent it; it is charged to the socket until it is gone. The network
# is own_network.sh's, with one uplink.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/own_network.sh
. "$(dirname "$0")/own_network.sh"
needs nft python3 tc
modprobe -qa nft_counter sch_tbf
programs=$(dirname "$0")/programs

far_side 1
own_host host
uplink host 1
far_answers
own_device host
batch host < <(ways_out 1)
echo=(python3 "$programs/udp_echo.py")
start_in far echo4 "${echo[@]}" serve 198.19.0.7 7001
start_in far echo6 "${echo[@]}" serve 2001:db8:46::c612:7 7001
check "the answering programs are there" eval "wait_for grep -q serving $scratch/echo4.log &&
	wait_for grep -q serving $scratch/echo6.log"
filtered() { # ALLOWED COMMAND...: in a control group whose programs may send to that address only
	local allowed=$1
	shift
	python3 "$programs/cgroup_filter.py" "$allowed" ip netns exec "host-$$" "$@"
}
declare -A target=([IPv4]=198.18.0.7 [IPv6]=2001:db8:46::c613:7)
declare -A packets=([IPv4]="1 of IPv4, 0 of IPv6" [IPv6]="0 of IPv4, 1 of IPv6")

for family in IPv4 IPv6; do
	check "far answers $family" ns host "${echo[@]}" ask "${target[$family]}" 7001 100
	check_says "far answers a program that may send to ${target[$family]} only, whose filter has seen one $family packet" \
		"${packets[$family]}" filtered "${target[$family]}" "${echo[@]}" ask "${target[$family]}" 7001 100
	check_refused "a program that may not is stopped" "not permitted" \
		filtered 192.0.2.99 "${echo[@]}" ask "${target[$family]}" 7001 100
done

check "rules look for user 1234" ns host nft -f - <<-'END'
	table inet users {
		chain output {
			type filter hook output priority 0
			oifname "eth1" meta skuid 1234 ip daddr 198.19.0.7 counter comment "IPv6"
			oifname "eth1" meta skuid 1234 ip6 daddr 2001:db8:46::c612:7 counter comment "IPv4"
		}
	}
END
counts() { ns host nft list table inet users | grep -q "packets 1 .*comment \"$1\""; }
for family in IPv4 IPv6; do
	# by its text, since that user may not be able to reach the file
	check "user 1234 sends $family" ns host setpriv --reuid 1234 --clear-groups \
		/usr/bin/python3 -c "$(<"$programs/charged.py")" "${target[$family]}" 1
	check "  and is known when it leaves" counts $family
done

check "rules look for what user 1234 pings" ns host nft -f - <<-'END'
	table inet pings {
		chain output {
			type filter hook output priority 0
			oifname "eth1" meta skuid 1234 ip daddr 198.19.0.7 counter comment "IPv6"
			oifname "eth1" meta skuid 1234 ip6 daddr 2001:db8:46::c612:7 exthdr frag exists counter comment "IPv4"
		}
	}
END
ns host sysctl -qw net.ipv4.ping_group_range="0 2147483647"
declare -A pieces=([IPv4]=2 [IPv6]=1)
leave() { ns host nft list table inet pings | grep -q "packets ${pieces[$1]} .*comment \"$1\""; }
for family in IPv4 IPv6; do
	check "user 1234 pings with 2000 bytes of $family" ns host setpriv --reuid 1234 --regid 1234 --clear-groups \
		ping -c 1 -W 5 -s 2000 "${target[$family]}"
	check "  and is known when they leave, put together and cut again" leave $family
done

check "the uplink lets 300 bytes pass, then 10 each second" \
	ns host tc qdisc add dev eth1 root tbf rate 80bit burst 300 limit 100000
for family in IPv4 IPv6; do
	start_in host $family python3 "$programs/charged.py" "${target[$family]}" 20
	check "what is sent by $family is charged to its socket" wait_for -t 20 grep -q "^charged" "$scratch/$family.log"
done
check "the uplink drops them" ns host tc qdisc del dev eth1 root
for family in IPv4 IPv6; do
	check "what was sent by $family is charged no longer" wait_for -t 20 grep -q "^nothing" "$scratch/$family.log"
done
finish
