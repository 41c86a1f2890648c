#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A virtual machine behind a tap device says of its packets where a check is still to be computed, and may lie. What it
# says is not believed further than the packet reaches, and the kernel log stays clean.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/siit_network.sh
. "$(dirname "$0")/siit_network.sh"
needs python3
modprobe -qa tun
guest="$(dirname "$0")/programs/guest.py"

# counted DIRECTION: two packets were dropped for their transport header, and one at least was translated
counted() {
	ns gate ipxlatctl stats siit0 --json | python3 -c "
import json, sys
counts = {row['name']: row['$1'] for row in json.load(sys.stdin)[0]['reasons']}
print(counts['ok'], 'translated,', counts['bad_transport'], 'dropped')
sys.exit(counts['ok'] == 0 or counts['bad_transport'] != 2)"
}

gateway
ns gate sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
# twice in front of the IP header, then where the check of the datagram is
check "a guest sends IPv4" python3 "$guest" "gate-$$:guest4" 203.0.113.9 198.51.100.10 20 21 42
check "where it lies the packet is dropped, else it is translated" wait_for counted to_v6
check "a guest sends IPv6" python3 "$guest" "gate-$$:guest6" 2001:db8:12::10 2001:db8:46::203.0.113.9 20 21 62
check "where it lies the packet is dropped, else it is translated" wait_for counted to_v4
finish
