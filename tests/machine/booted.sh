#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# After a boot: the gateway is there by itself, with nothing that failed on the way.
. "$(dirname "$0")/machine.sh"

# settled: systemd has done all that a boot asks for, but for the scenarios themselves
settled() {
	[ "$(systemctl is-system-running)" = running ]
}

gateway_neighbours
check "the service has come up" wait_for systemctl is-active ipxlatd
check "a client reaches an IPv4 server" wait_for ns client curl -sf --max-time 5 "http://[64:ff9b::$server]/"
check "the machine has come up whole" wait_for settled
check_says "no unit has failed" "0 loaded units listed" systemctl --failed
check_not "nothing waited for the service" grep -q . <(systemctl show -P Before ipxlatd | tr ' ' '\n' | grep -vE '^(shutdown|multi-user).target$')
check "the journal has no error of it" sh -c '! journalctl -q -b -u ipxlatd -p err | grep .'
finish
