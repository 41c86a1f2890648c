#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A CLAT where systemd-networkd and systemd-resolved have the uplink.
# shellcheck disable=SC2034  # variables that managed.sh reads
. "$(dirname "$0")/managed.sh"
manager=systemd-networkd prefers6=yes
# IPv6OnlyMode= is of systemd 255
if dpkg --compare-versions "$(dpkg-query -W -f '${Version}' systemd)" lt 255; then prefers6=no; fi

manage() {
	printf '%s\n' '[Match]' 'Name=eth0' '[Network]' 'DHCP=ipv4' 'IPv6AcceptRA=yes' '[DHCPv4]' 'IPv6OnlyMode=yes' \
		>/etc/systemd/network/eth0.network
	systemctl start systemd-networkd systemd-resolved
	ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
}

ask_again() { networkctl reconfigure eth0; }
restart() { systemctl restart systemd-networkd; }
release() {
	rm /etc/systemd/network/eth0.network /etc/resolv.conf
	systemctl stop systemd-networkd.socket systemd-networkd systemd-resolved
}

clat_beside_manager
