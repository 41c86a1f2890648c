#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The flowtables of a NAT64 gateway: what was answered once passes by the stack, in both modes.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/daemon_network.sh"
needs conntrack python3

server6=64:ff9b::203.0.113.9
gateway_network
# what each packet that goes through the stack is counted by, and a flowtable of somebody else on the same links
ns gate nft -f - <<-'END'
	table inet watch {
		chain everything {
			type filter hook forward priority -10
			meta l4proto tcp counter comment "through the stack"
		}
	}
	table inet theirs {
		flowtable f {
			hook ingress priority 5
			devices = { eth0, eth1 }
		}
	}
END

# offloaded FAMILY PROTOCOL NUMBER: so many flows of the client are
offloaded() {
	local found
	found=$(ns gate conntrack -L -f "$1" -p "$2" 2>/dev/null | grep -c OFFLOAD)
	echo "$found"
	[ "$found" -eq "$3" ]
}

# passes_by: of an established connection nothing goes through the stack
passes_by() {
	local before
	open_connection $server6 || return
	wait_for offloaded ipv6 tcp 1 && wait_for offloaded ipv4 tcp 1 || return
	before=$(packets gate "through the stack")
	echo >&7
	wait_for grep "answered: second" "$scratch/twice.log" || return
	[ "$(packets gate "through the stack")" -eq "$before" ]
	local status=$?
	exec 7>&-
	stop twice
	return $status
}

# flowtables: the links of the gateway's
flowtables() {
	ns gate nft list flowtables | awk '/^table/ { own = /ipxlat-edge/ } own && /devices/' | sort | tr -d "\t\n"
}

has_flowtables() {
	flowtables
	[ "$(flowtables)" = "$1" ]
}

ns gate sysctl -qw net.netfilter.nf_conntrack_udp_timeout_stream=10 net.netfilter.nf_flowtable_udp_timeout=2

# outlives_its_rest: an idle flow is in the stack's hands again, for five minutes
outlives_its_rest() {
	wait_for offloaded ipv6 udp 0 && wait_for offloaded ipv4 udp 0 && lives gate ipv6 udp 300 && lives gate ipv4 udp 300
}

# little_room: 32 bytes are in front of what the server sends, since a bridge leaves what its ports want. That is as much as
# virtio_net and some other drivers leave, enough for a larger IP header and not for a link-layer header in front of it.
little_room() {
	ns server ip link add wire0 type dummy && ns server ip link add link wire0 sec0 type macsec &&
		ns server ip link add br0 address "$(ns server cat /sys/class/net/eth0/address)" type bridge &&
		ns server ip link set sec0 master br0 && ns server ip link set br0 up &&
		ns server ip address flush dev eth0 && ns server ip link set eth0 master br0 &&
		ns server ip address add 203.0.113.9/24 dev br0
}

check "the server leaves little room in front of its packets" little_room
check "the server answers" answering server
configured ""
daemon gate
check "the gateway comes up" comes_to gate edge "on: "
for mode in masquerade pool; do
	check "$mode: TCP passes" wait_for asks client tcp $server6 "$([ $mode = pool ] && echo 203.0.113.16 || echo 203.0.113.2)"
	ns gate conntrack -F
	check "$mode: a question and its answer leave no offloaded flow" bash -c "
		ip netns exec client-$$ python3 '$repository/tests/selftests/programs/ask.py' udp $server6 9"
	check "$mode: none of IPv6" offloaded ipv6 udp 0
	check "$mode: none of IPv4" offloaded ipv4 udp 0
	check "$mode: nothing of an established connection goes through the stack" passes_by
	start_in client flow python3 "$repository/tests/selftests/programs/keep_asking.py" $server6 9
	check "$mode: so does UDP that goes on" wait_for offloaded ipv6 udp 1
	check "$mode: on both sides" wait_for offloaded ipv4 udp 1
	answers=$(wc -l <"$scratch/flow.log")
	check "$mode: and is answered" wait_for bash -c "[ \$(wc -l <'$scratch/flow.log') -gt $((answers + 5)) ]"
	stop flow
	check "$mode: idle, it lives as long as any other" outlives_its_rest
	if [ $mode = masquerade ]; then
		configured 'pool4 = ["203.0.113.16/32"]'
		reload gate
		check "the mode changes" comes_to gate edge "on: 64:ff9b::/96 is translated to 203.0.113.16/32"
	fi
done

check "a downlink goes, and its flowtable with it" bash -c "
	ip -n gate-$$ link set eth0 down && ip -n gate-$$ link set eth0 name other"
check "the other one stays" wait_for has_flowtables "devices = { edge, eth1 }"
ns gate ip link set other name eth0
ns gate ip link set eth0 up
check "it comes back" wait_for has_flowtables "devices = { edge, eth0 }devices = { edge, eth1 }"
ns gate ip address add 2001:db8:1::1/64 dev eth0 nodad
check "and carries what it did" wait_for passes_by
configured "flowtable = false"
reload gate
check "without the option there is none" wait_for has_flowtables ""
check "and everything goes through the stack" asks client tcp $server6 203.0.113.2
check_not "nobody was taken for a disturber" grep "somebody has changed" "$scratch/gate-ipxlatd.log"
check "the daemon stops" stop gate-ipxlatd
check_says "and leaves others the times they had" "= 10" ns gate sysctl net.netfilter.nf_conntrack_udp_timeout_stream
finish
