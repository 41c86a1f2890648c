#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a host sends through its device leaves by the routes of where the device is now, whatever becomes of where it
# was. The network is own_network.sh's, with two hosts in turn:
#
#   first eth1 --- far                 second eth2 --- far
#   siit0 is here at first                    eth3 --- far, in a VRF at times
#                                      siit0 is here then
#
# In both, programs send all the time, IPv4 and IPv6.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/own_network.sh
. "$(dirname "$0")/own_network.sh"
needs nft python3
modprobe -qa vrf nft_counter

spray=$(dirname "$0")/programs/spray.py
send_in() { # NAMESPACE
	start_in "$1" "$1-4" python3 "$spray" 4 192.0.2.1 198.18 1
	start_in "$1" "$1-6" python3 "$spray" 6 2001:db8:46::c000:202 2001:db8:46::c613 1
}

sent() { ns "$1" cat /sys/class/net/siit0/statistics/tx_packets; }
has_sent() { [ "$(sent "$1")" -ge "$2" ]; }
more() { wait_for -t 20 has_sent "$1" $(($(sent "$1") + $2)); } # NAMESPACE COUNT: so many go into its device

# new_arrivals: "FAMILY LINK" for each that has grown since the file of before
new_arrivals() { arrivals | diff "$scratch/before" - | sed -n 's/^> \(.*\) [0-9]*$/\1/p'; }
just() { diff <(printf '%s\n' "ipv4 far$1" "ipv6 far$1") <(new_arrivals); }
# leaves_by NAMESPACE NUMBER: of what goes into the device from now on, both families leave by this uplink, none by others
leaves_by() {
	more "$1" 6 && arrivals >"$scratch/before" && more "$1" 40 && wait_for -t 20 just "$2"
}

far_side 1 2 3
own_host first
own_host second
uplink first 1
uplink second 2
uplink second 3
own_device first
batch first < <(ways_out 1)
batch second < <(ways_out 2)
send_in first
send_in second

check "what the host sends leaves by the first namespace's uplink" leaves_by first 1
check "the device moves to another namespace while packets arrive" ip -n "first-$$" link set siit0 netns "second-$$"
check "and is brought up there" batch second < <(ways_in)
check "what the host sends leaves by the second namespace's uplink" leaves_by second 2

# A namespace's memory is freed when a later one has been deleted, and that has been seen when the one after it is gone.
vanished() { ! ip -n "far-$$" link show "$1"; }
stop first-4
stop first-6
check "the first namespace is deleted" end_namespace first
check "and gone" wait_for vanished far1
for name in another "one more"; do
	namespaces brief
	veth brief:eth0 far:brief
	check "$name is made and deleted" end_namespace brief
	check "and gone" wait_for vanished brief
done
check "what the host sends still leaves by the second namespace's uplink" leaves_by second 2

check "routes are changed" batch second < <(ways_out 3)
check "what the host sends leaves by the new routes" leaves_by second 3
ns second ip link set siit0 down
check "the device is down while they are changed back, and comes up" batch second < <(ways_out 2; ways_in)
check "what the host sends leaves by the old routes" leaves_by second 2

# Routes outside a VRF may lead into a device that belongs to it.
check "a VRF is there with an uplink of its own" batch second <<-END
	link add vrf0 type vrf table 100
	link set vrf0 up
	link set eth3 master vrf0
	address add 2001:db8:3::1/64 dev eth3 nodad
	$(ways_out 3 "table 100")
END
check "the VRF takes the device while packets arrive" batch second < <(echo "link set siit0 master vrf0"; ways_in)
check "what the host sends leaves by the VRF's uplink" leaves_by second 3
check "the VRF releases the device while packets arrive" batch second < <(echo "link set siit0 nomaster"; ways_in)
check "what the host sends leaves by the uplink outside the VRF" leaves_by second 2
finish
