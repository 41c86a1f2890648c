#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Segmentation offload, GRO and partial checksums through the device, over several kinds of links between the hosts and
# the gateway of siit_network.sh.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/siit_network.sh
. "$(dirname "$0")/siit_network.sh"
needs python3
programs=$(dirname "$0")/programs
modprobe -qa tun 8021q sctp

gateway

# cables tun|tap: the links of virtual machines
cables() {
	start cables python3 "$programs/cable.py" "$1" "four-$$:eth0" "gate-$$:eth4" "six-$$:eth0" "gate-$$:eth6"
	wait_for grep -q "plugged in" "$scratch/cables.log" || return
	# so that GRO has more than one packet at a time to merge
	ns gate tee /sys/class/net/eth4/gro_flush_timeout /sys/class/net/eth6/gro_flush_timeout <<<2000000
}

# lay KIND: the two links, veth, tap or tun, perhaps with a VLAN on them
lay() {
	local vlan=''
	if [[ $1 = *VLAN* ]]; then vlan=7; fi
	if [[ $1 = veth* ]]; then
		veth four:eth0 gate:eth4
		veth six:eth0 gate:eth6
	else
		cables "${1%%,*}" || return
	fi
	addresses $vlan
}

take_away() {
	if [[ $1 = veth* ]]; then
		batch gate < <(echo "link del eth4"; echo "link del eth6")
	else
		stop cables
	fi
}

for kind in veth "veth, VLAN tags beside the packet" "veth, VLAN tags within the packet" tap \
	"tap, VLAN tags within the packet" tun; do
	check "links of kind $kind are laid" lay "$kind"
	take_over "every test over $kind has been made" python3 "$programs/offload.py" $$ "$kind"
	take_away "$kind"
done
finish
