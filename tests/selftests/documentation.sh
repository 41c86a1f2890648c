#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The examples of ipxlatctl(8) do what the page says: those that show what is printed, print it. Addresses written in
# hexadecimal are easily wrong otherwise.
. "$(dirname "$0")/lib.sh"
needs tcpdump

# what the examples take for granted: two more devices, and an eth0 with ICMP on it
namespaces host other
ns host ip link add clat0 type ipxlat
ns host ip link add siit1 type ipxlat
veth host:eth0 other:eth0
ns host ip addr add 192.0.2.1/24 dev eth0
ns other ip addr add 192.0.2.2/24 dev eth0
start_in other pings ping -i 0.2 192.0.2.1

# examples: the page's literal blocks one after the other, each in a file of its own
awk -v file="$scratch/example" '
	/^\.Sh/ { in_examples = /EXAMPLES/ }
	/^\.Bd -literal/ && in_examples { block = file (++count); next }
	/^\.Ed/ { block = "" }
	block { gsub(/\\e/, "\\"); print >block }' "$repository/docs/man/ipxlatctl.8"

# followed FILE: the commands of an example succeed; where its lines begin with $, the others are what they print
followed() {
	cat "$1"
	if grep -q '^\$ ' "$1"; then
		diff <(grep -v '^\$ ' "$1") <(sed -n 's/^\$ //p' "$1" | ns host bash -e 2>&1)
	else
		ns host bash -eo pipefail "$1"
	fi
}

count=0
for example in "$scratch"/example?; do
	check "example $((++count)) of ipxlatctl(8) does what it says: $(head -n 1 "$example")" followed "$example"
done
check "there were all of the examples" [ "$count" -ge 4 ]
check "siit1 is like siit0" diff <(ns host ipxlatctl save siit0) <(ns host ipxlatctl save siit1)
finish
