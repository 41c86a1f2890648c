#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# How long a CLAT takes for what happens to its uplink, in milliseconds: with a shared address, since an address of its own
# waits for duplicate address detection, one to two seconds (RFC 4862).
#
#   host 2001:db8:1::11 --- ::1 gate 203.0.113.2 --- 203.0.113.9 server
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/daemon_network.sh"
needs python3 tcpdump

server=203.0.113.9
limit=3000 # where a second is wanted: this machine may be emulated, and others run beside it
clat_network
ns host sysctl -qw net.ipv6.conf.eth0.accept_ra=1 net.ipv6.conf.eth0.router_solicitations=0
configure gate <<-END
	$(gateway)
	pool4 = ["203.0.113.64/32"]
	[nat64.other]
	pref64 = "2001:db8:64::/96"
	downlinks = ["eth0"]
	uplinks = ["eth1"]
	allow-private = ["203.0.113.0/24"]
	pool4 = ["203.0.113.80/32"]
END
configure host <<-END
	[clat.home]
	device = "clat0"
	uplinks = ["eth0"]
	address6 = "shared"
END

# a program of the host that sends all the time, whether there is a way or not
cat >"$scratch/sends.py" <<-'END'
	import socket, sys, time
	while True:
	    try:
	        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
	            sock.sendto(b"tick", (sys.argv[1], 9))
	    except OSError:
	        pass
	    time.sleep(0.005)
END

# watches PREFIX: prints when gate advertises it, and when the first packet of the host goes there
watches() {
	start_in gate capture timeout 100 tcpdump -l -n -tt -i eth0 \
		"icmp6[icmp6type] == icmp6-routeradvert or (udp and ip6 dst net $1)"
	wait_for grep "listening on" "$scratch/capture.log"
}

# within SENTENCE MILLISECONDS
within() {
	check "$1: $2 ms" [ "$2" -lt $limit ]
}

# first_after_advertisement: from the capture, in milliseconds
first_after_advertisement() {
	wait_for grep -q UDP "$scratch/capture.log" || return
	awk '/router advertisement/ { heard = $1 } /UDP/ && heard { printf "%d", 1000 * ($1 - heard); exit }' "$scratch/capture.log"
}

# first_after SECONDS: the same from that time on
first_after() {
	wait_for grep -q UDP "$scratch/capture.log" || return
	awk -v begin="$1" '/UDP/ && $1 > begin { printf "%d", 1000 * ($1 - begin); exit }' "$scratch/capture.log"
}

milliseconds() { echo $((${EPOCHREALTIME/./} / 1000)); }

# lasts COMMAND...: how long until it succeeds
lasts() {
	local begin
	begin=$(milliseconds)
	until "$@" >/dev/null 2>&1; do
		[ $(($(milliseconds) - begin)) -lt 60000 ] || break
	done
	echo $(($(milliseconds) - begin))
}

there_is_no_device() { ! ip -n "host-$$" link show clat0; }

router() { start_in gate router python3 "$repository/tests/selftests/programs/router.py" eth0 "$@"; }

check "the server answers" answering server
daemon gate
check "the gateways come up" comes_to gate edge "on: "
check "both" comes_to gate other "on: "
# modules are loaded, and all that a first time takes
daemon host
check "without a prefix the CLAT is off" comes_to host home "off: neither"
router 64:ff9b::/96=600
check "a first time" comes_to host home "on: "
check "and it works" wait_for asks host udp $server 203.0.113.64
check "the router ends" stop router
router 64:ff9b::/96=0
check "its prefix ends" comes_to host home "off: neither"
check "the router ends" stop router

start_in host sends python3 "$scratch/sends.py" $server
check "the uplink is watched" watches 64:ff9b::/96
router 64:ff9b::/96=600
within "from the advertisement of a prefix to the first IPv4 packet out" "$(first_after_advertisement)"
check "the watch ends" stop capture
check "the CLAT works" wait_for asks host udp $server 203.0.113.64

ns host ip address add 192.0.2.7/24 dev eth0
ns host ip route add default via 192.0.2.1 metric 4000
within "from native IPv4 to the end of the CLAT" "$(lasts there_is_no_device)"
check "the uplink is watched" watches 64:ff9b::/96
begin=$EPOCHREALTIME
ns host ip address del 192.0.2.7/24 dev eth0
within "from the end of that to the first IPv4 packet out" "$(first_after "$begin")"
check "the watch ends" stop capture

check "the router ends" stop router
check "the uplink is watched" watches 2001:db8:64::/96
router 64:ff9b::/96=0 2001:db8:64::/96=600
within "from another prefix to the first IPv4 packet there" "$(first_after_advertisement)"
check "the CLAT works" wait_for asks host udp $server 203.0.113.80
finish
