#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A newer kernel comes, and the module with it; where it cannot be built, one sentence says so; where the kernel does not take
# it, what to do is said by those who miss it.
. "$(dirname "$0")/machine.sh"

read -ra newer </etc/newer-kernel
releases() { find /lib/modules -mindepth 1 -maxdepth 1 -printf '%f\n' | sort; }
releases >"$scratch/before"
# INITRD: this one is not booted
check "a newer kernel is installed" env INITRD=No apt install -y --no-download --no-install-recommends "${newer[@]}"
release=$(releases | comm -13 "$scratch/before" -)
check "it is another one" test -n "$release"
check_says "the module is built for it" "/lib/modules/$release/" modinfo -k "$release" -F filename ipxlat

version=$(cat /usr/src/ipxlat-*/VERSION)
printf 'MAKE[0]="false"\n' >/etc/dkms/ipxlat.conf
check_refused "a module that cannot be built is told in one sentence" \
	"ipxlat-dkms: the module could not be built; /var/lib/dkms/ipxlat/$version/build/make.log says why" \
	apt install -y --reinstall --allow-downgrades ./build/packages/ipxlat-dkms_*.deb # the upgrade left a newer one
rm /etc/dkms/ipxlat.conf
check "the next time it is built" dpkg --configure ipxlat-dkms
check_says "for the kernel that runs" "/lib/modules/$(uname -r)/" modinfo -F filename ipxlat

systemctl stop ipxlatd
rmmod ipxlat
echo 1 >/sys/module/module/parameters/sig_enforce
check_not "a kernel that takes signed modules only does not take it" modprobe ipxlat
check_says "ipxlatctl says what to do" "mokutil --import" sh -c 'ipxlatctl show 2>&1 || true'
check_says "and so does doctor" "module.sig_enforce" sh -c 'ipxlatctl doctor || true'
finish
