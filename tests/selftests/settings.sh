#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What may be set on a device, and what is refused with which sentence. One namespace, no traffic.
. "$(dirname "$0")/lib.sh"

namespaces host
ctl() { ns host ipxlatctl "$@"; }

# refused WHAT SENTENCE ARGUMENT...: set refuses it with this sentence of the kernel, and nothing has changed
refused() {
	local what=$1 sentence=$2
	shift 2
	check_refused "$what is refused" "$sentence" ctl set x0 "$@"
	check_says "  and changed nothing" "$before" ctl save x0
}

if [ -d /sys/module/ipxlat ]; then rmmod ipxlat; fi
# an alias that leads nowhere, as on a machine without the module
mkdir -p /run/modprobe.d
echo 'install ipxlat /bin/false' >/run/modprobe.d/ipxlat-selftest.conf
check_refused "a missing module is named" "the kernel module is not loaded" ctl show
rm /run/modprobe.d/ipxlat-selftest.conf

ns host ip link add x0 type ipxlat
ns host ip link add dummy0 type dummy
check_says "a new device is unconfigured" "x0: not configured" ctl show x0
check_refused "an unknown device is named" "nosuch" ctl set nosuch lowest-ipv6-mtu 1400
check_refused "a device of another kind is named" "not of kind ipxlat" ctl set dummy0 lowest-ipv6-mtu 1400
check_refused "a link-layer address is refused" "no link-layer address" \
	ns host ip link add x1 address 02:00:00:00:00:01 type ipxlat
check_refused "a VLAN on a device is refused" "VLANs not supported" ns host ip link add link x0 name x0.5 type vlan id 5
check_refused "changing settings needs a privilege" "CAP_NET_ADMIN" \
	ns host setpriv --bounding-set -net_admin --inh-caps -net_admin ipxlatctl set x0 lowest-ipv6-mtu 1400

check "a prefix and a map can be set at once" ctl set x0 remote-prefix6 64:ff9b::/96 \
	local-map 192.0.2.0/24 2001:db8:1::/120 local-map 198.51.100.1 2001:db8:2::1
before=$(ctl save x0)
check_says "the device is configured" "x0: configured" ctl show x0

for length in 0 33 72 95 97 128; do
	refused "a remote prefix of length $length" "the length must be 32, 40, 48, 56, 64 or 96" \
		remote-prefix6 "::/$length"
done
refused "the well-known prefix with another length" "must have the length 96" remote-prefix6 64:ff9b::/64
refused "a remote prefix with bits 64 to 71" "bits 64 to 71 must be zero" remote-prefix6 2001:db8:0:0:ff00::/96
refused "a remote prefix with host bits" "bits behind its length must be zero" remote-prefix6 2001:db8:1::1/48
refused "a multicast prefix" "multicast" remote-prefix6 ff02::/96
refused "a link-local prefix" "link-local" remote-prefix6 fe80::/96
refused "the unspecified prefix" "unspecified" remote-prefix6 ::/96
refused "the IPv4-mapped prefix" "IPv4-mapped" remote-prefix6 ::ffff:0:0/96
refused "a lowest IPv6 MTU of 1279" "must be 1280 to 65535" lowest-ipv6-mtu 1279
refused "a lowest IPv6 MTU of 65536" "must be 1280 to 65535" lowest-ipv6-mtu 65536
refused "a multicast ICMP source" "must be a unicast address" icmp-source4 224.0.0.1
refused "the loopback ICMP source" "must be a unicast address" icmp-source4 127.0.0.1
refused "an IPv6 prefix that is too long for the suffix" "too long to hold the IPv4 suffix" \
	local-map 192.0.2.0/24 2001:db8::/121
refused "an IPv4 prefix with host bits" "bits behind an IPv4 prefix's length" local-map 192.0.2.17/28 2001:db8::/124
refused "an IPv6 prefix with host bits" "bits behind its length" local-map 192.0.2.16/28 2001:db8::1/124
refused "the same IPv4 prefix twice" "this IPv4 prefix is in the map already" \
	local-map 192.0.2.0/24 2001:db8::/120 local-map 192.0.2.0/24 2001:db8:9::/120
refused "the same IPv6 prefix twice" "this IPv6 prefix is in the map already" \
	local-map 192.0.2.0/24 2001:db8::/120 local-map 192.0.3.0/24 2001:db8::/120
refused "a map of loopback addresses" "127.0.0.0/8" local-map 127.0.0.0/8 2001:db8::/96
refused "a map to link-local addresses" "link-local" local-map 192.0.2.1/32 fe80::1/128
refused "a good and a bad setting together" "must be 1280 to 65535" icmp-source4 192.0.2.7 lowest-ipv6-mtu 1

check_refused "an entry that is there already cannot be added" "already" \
	ctl map add x0 192.0.2.0/24 2001:db8:7::/120
check_refused "an entry that is not there cannot be removed" "no such entry" \
	ctl map del x0 192.0.2.0/24 2001:db8:7::/120
check "an entry inside another can be added" ctl map add x0 192.0.2.128/26 2001:db8:7::/64
check "and removed" ctl map del x0 192.0.2.128/26 2001:db8:7::/64
check_says "the map is as before" "$before" ctl save x0

ctl save x0 >"$scratch/saved"
ns host ip link add x2 type ipxlat
check "what save prints, restore reads" ctl restore x2 "$scratch/saved"
check "and gives the same device" diff "$scratch/saved" <(ctl save x2)
check "a prefix can be unset" ctl set x2 remote-prefix6 none local-map none
check_says "and the device is unconfigured again" "x2: not configured" ctl show x2

awk 'BEGIN { for (i = 0; i < 100000; i++)
	printf "100.%d.%d.%d/32 2001:db8:%x::%x:%x/128\n", 64 + int(i / 65536), int(i / 256) % 256, i % 256,
	i % 7, int(i / 65536), i % 65536 }' \
	>"$scratch/map"
check "100,000 entries come in one message" ctl map load x2 "$scratch/map"
check_says "and are all there" "100000 entries" ctl show x2
check_says "the last of them is found" "2001:db8:4::1:869f" ctl explain x2 100.65.134.159
check "they can be removed at once" ctl set x2 local-map none

check "a device can be deleted with its settings" ns host ip link del x0
check_refused "and is then unknown" "x0" ctl show x0
finish
