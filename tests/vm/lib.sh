# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by the scripts of tests/vm.

die() {
	echo "${0##*/}: $*" >&2
	exit 2
}

# kernel_release WORD: the newest installed kernel that WORD names ("6.1", "6.12" or a whole release)
kernel_release() {
	local dir release newest=
	for dir in "/lib/modules/$1" "/lib/modules/$1".*-amd64 "/lib/modules/$1"-*-amd64; do
		release=${dir##*/}
		case $release in *-rt-*|*-cloud-*) [ "$release" = "$1" ] || continue ;; esac
		if ! [ -r "/boot/vmlinuz-$release" ] || ! [ -d "$dir/kernel" ]; then continue; fi
		newest=$(printf '%s\n' "$newest" "$release" | sort -V | tail -n 1)
	done
	[ -n "$newest" ] || return 1
	echo "$newest"
}

installed_kernels() {
	local image
	for image in /boot/vmlinuz-*; do
		[ -r "$image" ] && printf '%s ' "${image#/boot/vmlinuz-}"
	done
}

# kvm_works KERNEL INITRAMFS NOTE: /dev/kvm may exist and still fail once a guest runs, so KERNEL is booted once up to
# its first process; the file NOTE keeps the answer until this machine is booted anew.
kvm_works() {
	local answer boot log
	[ -w /dev/kvm ] || return 1
	boot=$(cat /proc/sys/kernel/random/boot_id)
	if ! grep -q "$boot" "$3" 2>/dev/null; then
		log=$(timeout 15 qemu-system-x86_64 -accel kvm -cpu host -m 512 -nodefaults -display none -no-reboot \
			-kernel "/boot/vmlinuz-$1" -initrd "$2" -append "console=ttyS0 panic=-1 vm.probe" -serial stdio \
			</dev/null 2>&1) || true
		case $log in *"vm: probed"*) answer=yes ;; *) answer=no ;; esac
		echo "$boot $answer" >"$3"
	fi
	grep -q "$boot yes" "$3"
}
