#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The gateway's service in an operator's hands: reload, mistakes, a crash, a daemon that hangs, stop and start.
. "$(dirname "$0")/machine.sh"

gateway_neighbours
answers() { ns client curl -sf --max-time 5 "http://[$1$server]/"; }
main_pid() { systemctl show -P MainPID ipxlatd; }
# another DAEMON: there is one, and it is not this one
another() { systemctl is-active -q ipxlatd && [ "$(main_pid)" != "$1" ] && [ "$(main_pid)" != 0 ]; }

check "it is at work" wait_for answers 64:ff9b::
sed -i 's,64:ff9b::/96,2001:db8:64::/96,' /etc/ipxlat/ipxlatd.toml
check "a reload takes a change" systemctl reload ipxlatd
check "which is at work" wait_for answers 2001:db8:64::
sed -i 's,2001:db8:64::/96,64:ff9b::/95,' /etc/ipxlat/ipxlatd.toml
check_not "a reload of a mistake fails" systemctl reload ipxlatd
check_says "the journal says what is wrong" nat64.edge.pref64 wait_for -t 60 sh -c "journalctl -q -u ipxlatd -p err --since @$began | grep pref64"
check "everything stays as it was" answers 2001:db8:64::
sed -i 's,64:ff9b::/95,64:ff9b::/96,' /etc/ipxlat/ipxlatd.toml
check "the next reload takes the change back" systemctl reload ipxlatd

pid=$(main_pid)
check "a daemon that crashes" kill -SEGV "$pid"
check "leaves the gateway at work" answers 64:ff9b::
check "and has a successor" wait_for another "$pid"
check "which goes on with it" wait_for answers 64:ff9b::

mkdir -p /etc/systemd/system/ipxlatd.service.d
printf '[Service]\nWatchdogSec=20\n' >/etc/systemd/system/ipxlatd.service.d/watchdog.conf
systemctl daemon-reload
pid=$(main_pid)
kill -SEGV "$pid"
wait_for another "$pid" >"$scratch/another"
pid=$(main_pid)
check "a daemon that hangs" kill -STOP "$pid"
check "has one, too" wait_for another "$pid"
check_says "the journal says why" watchdog sh -c "journalctl -q -u ipxlatd --since @$began | grep -i watchdog"
rm -r /etc/systemd/system/ipxlatd.service.d
systemctl daemon-reload

check "a stop" systemctl stop ipxlatd
check_not "takes the device away" ip link show edge
check_says "and the rules" 0 sh -c "nft list ruleset | grep -c 'table.*ipxlat' || true"
check_not "and the directory of its state is empty" grep -q . <(find /run/ipxlat -type f)
check "a start" systemctl start ipxlatd
check "brings all back" wait_for answers 64:ff9b::
finish
