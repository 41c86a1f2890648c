#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A CLAT where ifupdown and dhclient have the uplink.
# shellcheck disable=SC2034  # variables that managed.sh reads
. "$(dirname "$0")/managed.sh"
manager=ifupdown prefers6=no  # dhclient knows nothing of option 108

manage() {
	printf '%s\n' 'iface eth0 inet6 auto' 'iface eth0 inet dhcp' >/etc/network/interfaces.d/eth0
	printf 'timeout 5;\nretry 5;\n' >>/etc/dhcp/dhclient.conf
	ifup eth0
}

# dhclient asks every five seconds by itself
ask_again() { :; }
restart() { ifdown eth0; ifup eth0; }
release() {
	ifdown eth0
	rm /etc/network/interfaces.d/eth0
}

clat_beside_manager
