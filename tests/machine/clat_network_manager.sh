#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A CLAT where NetworkManager has the uplink.
# shellcheck disable=SC2034  # variables that managed.sh reads
. "$(dirname "$0")/managed.sh"
manager=NetworkManager prefers6=yes
# ipv4.dhcp-ipv6-only-preferred is of NetworkManager 1.52
if dpkg --compare-versions "$(dpkg-query -W -f '${Version}' network-manager)" lt 1.52; then prefers6=no; fi

manage() {
	printf '[keyfile]\nunmanaged-devices=except:interface-name:eth0,except:driver:ipxlat\n' >/etc/NetworkManager/conf.d/alone.conf
	systemctl start NetworkManager
	nmcli connection add type ethernet ifname eth0 con-name uplink ipv4.method auto ipv4.may-fail yes ipv6.method auto
	if [ $prefers6 = yes ]; then nmcli connection modify uplink ipv4.dhcp-ipv6-only-preferred yes; fi
	nmcli --wait 60 connection up uplink
}

ask_again() { nmcli --wait 60 connection up uplink; }
restart() { systemctl restart NetworkManager; }
release() {
	nmcli connection delete uplink
	systemctl stop NetworkManager
	rm /etc/NetworkManager/conf.d/alone.conf
}

clat_beside_manager
