#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The packages go: a removal takes away what the service made, a purge all that is left, and they can come back.
. "$(dirname "$0")/machine.sh"

gateway_links
printf '[nat64.edge]\npref64 = "64:ff9b::/96"\nuplinks = ["eth1"]\ndownlinks = ["eth0"]\n' >/etc/ipxlat/ipxlatd.toml
check "a gateway is at work" systemctl start ipxlatd
ours=(ipxlatd ipxlatctl ipxlat-dkms ipxlat-dev)
check "the packages are removed" apt remove -y "${ours[@]}"
check_not "with them the device" ip link show edge
check_says "and the rules" 0 sh -c "nft list ruleset | grep -c 'table.*ipxlat' || true"
check_not "and the module's file" modinfo ipxlat
check "the configuration stays" grep -q 64:ff9b::/96 /etc/ipxlat/ipxlatd.toml
check "they come back" apt install -y ./build/packages/*.deb
check "with the configuration" grep -q 64:ff9b::/96 /etc/ipxlat/ipxlatd.toml
check "which is at work again" systemctl start ipxlatd
check_says "with its device" edge ip -brief link show type ipxlat
check "they are purged" apt purge -y "${ours[@]}"
check_not "nothing is left of them" grep ipxlat <(files)
check "nor in the network" sh -c '! ip link show type ipxlat | grep .'
finish
