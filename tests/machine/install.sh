#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The packages on a machine that has none: the README's line, and what is there then and what is not yet.
. "$(dirname "$0")/machine.sh"

check_not "nothing of ours is here" modinfo ipxlat
line=$(readme "Use it" 1 | grep '^sudo apt')
check "README: $line" bash -c "$line"
check_says "the module is built for the kernel that runs" "/lib/modules/$(uname -r)/" modinfo -F filename ipxlat
check_says "DKMS has it" installed dkms status ipxlat
check_says "the service is not on before it is configured" inactive sh -c 'systemctl is-active ipxlatd || true'
check_says "nor at the next boot" disabled sh -c 'systemctl is-enabled ipxlatd || true'
check "the configuration that comes along is valid" ipxlatd --check
check "a device brings its module along" ip link add probe0 type ipxlat
check_says "which NetworkManager is told to leave alone" "E: NM_UNMANAGED=1" \
	wait_for -t 60 sh -c 'udevadm info /sys/class/net/probe0 | grep NM_UNMANAGED'
check "it goes again" ip link delete probe0
for page in man8/ipxlatctl.8 man8/ipxlatd.8 man5/ipxlatd.toml.5; do
	check "there is the page $page" test -e "/usr/share/man/$page.gz"
done
check "there are the examples" test -e /usr/share/doc/ipxlatd/examples/nat64-masquerade/ipxlatd.toml
check "the unit is one that systemd finds nothing wrong with" systemd-analyze verify --man=no ipxlatd.service ipxlatd@blue.service
check "and exposes little" systemd-analyze security --threshold=21 ipxlatd.service
finish
