#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What an operator asks of ipxlatctl: another namespace, what becomes of devices, whether a daemon runs, and why the
# kernel has no module. One namespace, no traffic.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/daemon_network.sh"
needs python3 depmod

namespaces host
ctl() {
	ipxlatctl -n "host-$$" "$@"
}

check "a device is made" ip -n "host-$$" link add siit0 type ipxlat
check_refused "it is not in this namespace" "no device 'siit0'" ipxlatctl show siit0
check_says "but in the one that -n names" "siit0: not configured" ctl show siit0
check "and is changed there" ctl set siit0 remote-prefix6 64:ff9b::/96 local-map 10.0.0.0/24 2001:db8::/120
check_says "by a path, too" "siit0: configured" ipxlatctl show siit0 --netns "/run/netns/host-$$"
check_refused "a namespace that is not there is told" "no network namespace 'nowhere'" ipxlatctl -n nowhere
check_refused "so is a file that is none" "is no network namespace" ipxlatctl -n /etc/passwd

same_again() {
	ip -n "host-$$" link add siit1 type ipxlat &&
		ctl -j save siit0 | ctl restore siit1 - &&
		diff <(ctl save siit0) <(ctl save siit1) &&
		ctl map show siit0 -j | ctl map load siit1 -
}
check "what is saved as JSON is restored" same_again

start_in host monitor ipxlatctl monitor
# seen TEXT: the monitor has printed it
seen() {
	grep -E -e "$1" "$scratch/monitor.log"
}
watches() {
	ip -n "host-$$" link del probe 2>/dev/null
	ip -n "host-$$" link add probe type ipxlat && seen 'added probe'
}
check "a device that is made is told of" wait_for watches
ctl set probe lowest-ipv6-mtu 1400
check "so is a change, with its time" wait_for seen '^20..-..-.. ..:..:..\.... changed probe: not configured'
ip -n "host-$$" link set probe name other
check "and another name" wait_for seen ' changed other: not configured'
ip -n "host-$$" link del other
check "and a removal" wait_for seen ' removed other$'

# a monitor that is held and has room for a few announcements alone
room=$(sysctl -n net.core.rmem_default)
sysctl -qw net.core.rmem_default=2304
stop monitor
start_in host monitor ipxlatctl monitor
check "a monitor with little room watches" wait_for watches
sysctl -qw net.core.rmem_default="$room"
kill -STOP "$(pid_of monitor)"
for mtu in $(seq 1300 1330); do ctl set siit0 lowest-ipv6-mtu "$mtu"; done
ip -n "host-$$" link del probe
kill -CONT "$(pid_of monitor)"
check "what was lost is told of" wait_for seen ' some changes were lost'
check "then what has changed" wait_for seen 'lowest-ipv6-mtu 1330 '
check "and what is gone" wait_for seen ' removed probe$'
check "and it goes on" wait_for watches
check "for as long as it is not stopped" running monitor

status() {
	IPXLAT_STATE=$scratch/host-run/state.json ctl status
}
check_refused "no daemon runs" "ipxlatd is not running" status
# data_centre PREFIX6: what the host is to be
data_centre() {
	configure host <<-END
		[siit.dc]
		remote-prefix6 = "$1"
		local-map = [["198.51.100.10/32", "2001:db8:12::10/128"]]
	END
}
data_centre 2001:db8:46::/96
daemon host
check "a daemon comes up" comes_to host dc "on: "
check "its status is no failure" status
stop host-ipxlatd KILL
check_refused "one that was killed is known by its lock" "does not run in this network namespace" status
left() {
	! status
}
check_says "what it left is printed all the same" "dc  siit  on" left
daemon host
check "the next one comes up" wait_for status
stop host-ipxlatd

# what is told as it happens
told() { grep -E "$1" "$scratch/follow.log"; }
start_in host follow env "IPXLAT_STATE=$scratch/host-run/state.json" ipxlatctl status --watch
daemon host
check "whoever watches the status is told of an instance, with the time" \
	wait_for told '^20..-..-.. ..:..:..\.... dc  siit  on  '
data_centre 2001:db8:47::/96
reload host
check "of what changes" wait_for told ' dc  siit  on  .*2001:db8:47::/96'
stop host-ipxlatd
check "and of its end" wait_for told ' dc  siit  removed'
stop follow

# The module as it is built, but as for another kernel, where modprobe finds it; with CONFIG_MODVERSIONS the release
# alone does not count.
stop monitor
ip -n "host-$$" link del siit0
ip -n "host-$$" link del siit1
ip -n "host-$$" link del probe
modules=/lib/modules/$(uname -r)
built=/run/vm/ipxlat.ko
offered=/run/modprobe.d/ipxlat.conf  # tests/vm/offer-module
if ! [ -e $built ]; then built=$repository/build/kmod/$(uname -r)/ipxlat.ko; fi
foreign() {
	rmmod ipxlat && mkdir -p "$modules/updates" && python3 - "$built" "$modules/updates/ipxlat.ko" <<-'END'
		import sys
		module = open(sys.argv[1], "rb").read()
		at = module.index(b"vermagic=") + 9
		end = module.index(b"\0", at)
		module = module[:at] + b"9.9.9-other SNP".ljust(end - at)[:end - at] + module[end:]
		open(sys.argv[2], "wb").write(module)
	END
}
# depmod of all modules takes minutes here; of one it lists that alone
known() {
	if [ -e $offered ]; then mv $offered "$scratch/"; fi
	mkdir "$scratch/lists" && cp -p "$modules"/modules.* "$scratch/lists" &&
		depmod "$(uname -r)" "$modules/updates/ipxlat.ko"
}
forgotten() {
	rm "$modules/updates/ipxlat.ko" && cp -p "$scratch"/lists/modules.* "$modules"
}
put_back() {
	if [ -e "$scratch/ipxlat.conf" ]; then mv "$scratch/ipxlat.conf" $offered; fi
	modprobe ipxlat
}
if [ -e "$built" ]; then
	check "a module for another kernel is installed" foreign
	check "and known to modprobe" known
	check_refused "it is told what it is" "there, updates/ipxlat.ko, but was built for kernel 9.9.9-other" ipxlatctl
	check_refused "and where to look" "is refused by $(uname -r) (journalctl -k -g ipxlat says why)" ipxlatctl
	check_says "the kernel's log does say why" "ipxlat: version magic" dmesg
	check_refused "doctor says so, too" "was built for kernel 9.9.9-other" ipxlatctl doctor
	check "it is taken away" forgotten
	check_refused "where there is none, that is told" "the kernel module is not loaded (modprobe ipxlat)" ipxlatctl
	check "the module is put back" put_back
	check "and is there" ipxlatctl
fi
finish
