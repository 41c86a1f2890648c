#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A configuration changes as a whole: while senders keep the device busy, everything that comes out of it belongs to the
# one or to the other of two configurations that differ in prefix, prefix length and map. In the network of
# siit_network.sh six has both addresses that 198.51.100.10 may become; four sends datagrams and ICMP errors that quote
# one, so that a packet has two or four addresses to disagree.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/siit_network.sh
. "$(dirname "$0")/siit_network.sh"
programs=$(dirname "$0")/programs
changes=12

first=(remote-prefix6 2001:db8:46::/96 local-map 198.51.100.10 2001:db8:12::10)
second=(remote-prefix6 2001:db8:b00::/40 local-map 198.51.100.10 2001:db8:12::b)

siit_network
ns six ip addr add 2001:db8:12::b/64 dev eth0
start_in six witness python3 "$programs/witness.py" eth0 \
	203.0.113.9 198.51.100.10 2001:db8:46::/96,2001:db8:12::10 2001:db8:b00::/40,2001:db8:12::b
check "the witness watches" wait_for grep -q watching "$scratch/witness.log"
start_in four sender python3 "$programs/errors_and_datagrams.py" 203.0.113.9 198.51.100.10
start_in four sender2 python3 "$programs/errors_and_datagrams.py" 203.0.113.9 198.51.100.10

change_often() {
	local i
	for ((i = 0; i < changes; i++)); do
		ns gate ipxlatctl set siit0 "${second[@]}" || return
		ns gate ipxlatctl set siit0 "${first[@]}" || return
	done
}
check "the configuration changes $((2 * changes)) times under load" change_often
check "the senders were busy to the end" running sender
stop sender
stop sender2
check "every packet belonged to one configuration" stop witness INT
check_says "both configurations were seen at work, errors included" "saw both" log witness
log witness | diagnostic
finish
