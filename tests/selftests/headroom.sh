#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The room in front of a packet that a driver leaves is enough for the device: no head is made anew on the way through
# it. The network of siit_network.sh, over taps, which leave as much as drivers do.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/siit_network.sh
. "$(dirname "$0")/siit_network.sh"
needs python3
modprobe -qa tun ipip
tracing=/sys/kernel/tracing
count=50

forget_probe() {
	echo 0 >$tracing/events/kprobes/ipxlat_head/enable
	echo nostacktrace >$tracing/trace_options
	echo "-:ipxlat_head" >>$tracing/kprobe_events
} 2>/dev/null
trap 'forget_probe; clean_up' EXIT

probe() {
	mountpoint -q $tracing || mount -t tracefs none $tracing
	echo "p:ipxlat_head pskb_expand_head" >>$tracing/kprobe_events &&
		echo stacktrace >$tracing/trace_options && echo 1 >$tracing/events/kprobes/ipxlat_head/enable
}

# heads: how many heads were made anew in the stacks' forwarding, in front of a link, and in the device
heads() {
	awk '/<stack trace>/ { on = 1; next }
	     !/^ =>/ { on = 0 }
	     on && / (ip_forward|ip6?_finish_output2|start_xmit)(\+| |$)/ { on = 0; n++ }
	     END { print n + 0 }' $tracing/trace
}

# none_is, each_is HOST ADDRESS SIZE: heads are made anew for none of the packets, or all of them, when the host pings
# the address
ping_from() {
	echo >$tracing/trace
	ns "$1" ping -q -c $count -i 0.01 -W "$4" -s "$3" "$2"
}
none_is() {
	ping_from "$@" 5 || return
	echo "$(heads) heads were made anew"
	[ "$(heads)" -eq 0 ]
}
each_is() {
	ping_from "$@" 0.1
	echo "$(heads) heads were made anew"
	[ "$(heads)" -eq $count ]
}

gateway
start cables python3 "$(dirname "$0")/programs/cable.py" tap "four-$$:eth0" "gate-$$:eth4" "six-$$:eth0" "gate-$$:eth6"
check "the links are plugged in" wait_for grep -q "plugged in" "$scratch/cables.log"
check "four pings six through the device" addresses
check "the kernel tells of heads that are made anew" probe
for size in 56 1300; do
	check "no head is made anew for packets of $size bytes, 4 to 6 and back" none_is four 198.51.100.10 $size
	check "no head is made anew for packets of $size bytes, 6 to 4 and back" none_is six 2001:db8:46::203.0.113.9 $size
done
check "a tunnel asks for more room than there is" batch gate <<-END
	link add greedy type ipip local 203.0.113.1 remote 192.0.2.1
	link set greedy up
	route add 192.0.2.99/32 dev greedy
END
check "a head is made anew for each packet that is forwarded into that" each_is four 192.0.2.99 56
finish
