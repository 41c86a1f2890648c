#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A kernel that has an ipxlat of its own one day: the module is refused, and the kernel log says why. The other one is made of
# this one, with another name for the module and the same names for the link kind and the netlink family.
. "$(dirname "$0")/lib.sh"
needs readelf python3

module=/run/vm/ipxlat.ko
[ -e $module ] || module=$repository/build/kmod/$(uname -r)/ipxlat.ko

# renamed: its name is in the information about it, and in the variable that becomes its struct module
renamed() {
	local offset
	offset=$(readelf -SW "$module" | awk '$2 == ".gnu.linkonce.this_module" || $3 == ".gnu.linkonce.this_module" {
		for (i = 1; i < NF; i++) if ($i == "PROGBITS") print $(i + 2) }')
	python3 - "$module" "$scratch/rival.ko" "$((16#$offset))" <<-'END'
		import sys
		source, target, variable = open(sys.argv[1], "rb").read(), sys.argv[2], int(sys.argv[3])
		information, struct = b"\0name=ipxlat\0", b"ipxlat\0"
		assert source.count(information) == 1
		there = source.index(struct, variable)
		source = source[:there] + b"rival0\0" + source[there + len(struct):]
		open(target, "wb").write(source.replace(information, b"\0name=rival0\0"))
	END
}

if [ -d /sys/module/ipxlat ]; then rmmod ipxlat; fi
modprobe nf_defrag_ipv6
check "there is another module with our names" renamed
check "it is loaded" insmod "$scratch/rival.ko"
namespaces host
check "and makes links of the kind" ns host ip link add x0 type ipxlat
check_refused "ours is refused" "Device or resource busy" insmod "$module"
check_says "and the kernel says why" "ipxlat: this kernel has a link kind or a netlink family of that name already, of another module" \
	sh -c 'dmesg | tail -n 5'
check "the other is as it was" ns host ip link show x0 type ipxlat
ns host ip link delete x0
check "it goes" rmmod rival0
check "and ours comes" modprobe ipxlat
check_says "which says its version" "$(<"$repository/VERSION")" cat /sys/module/ipxlat/version
finish
