#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Newer packages on a gateway that is at work: a connection and a flow of pings notice nothing.
. "$(dirname "$0")/machine.sh"

# newer PACKAGE: the same with another version
newer() {
	dpkg-deb -R "$1" "$scratch/tree" && sed -i 's/^Version: .*/&+1/' "$scratch/tree/DEBIAN/control" &&
		dpkg-deb -b "$scratch/tree" "$scratch/${1##*/}" && rm -r "$scratch/tree"
}

gateway_neighbours
check "the gateway is at work" wait_for ns client curl -sf --max-time 5 "http://[64:ff9b::$server]/"
for package in build/packages/*.deb; do check "there is a newer ${package##*/}" newer "$package"; done

start_in server echo socat TCP4-LISTEN:7,reuseaddr,fork EXEC:cat
# a connection that says a number each tenth of a second, until it is told to end, and hears it
start_in client numbers python3 -u -c '
import itertools, os, socket, sys, time
for attempt in range(100):
    try:
        peer = socket.create_connection((sys.argv[2], 7), 5)
        break
    except OSError:
        time.sleep(0.1)
peer.settimeout(30)
answers = peer.makefile()
for number in itertools.count():
    peer.sendall(b"%d\n" % number)
    if answers.readline() != "%d\n" % number:
        sys.exit("lost at %d" % number)
    if number == 10:
        print("begun")
    if os.path.exists(sys.argv[1]):
        print("all", number)
        sys.exit()
    time.sleep(0.1)' "$scratch/enough" "64:ff9b::$server"
start_in client pings ping -i 0.2 "64:ff9b::$server"
check "a connection is open" wait_for grep -q begun "$scratch/numbers.log"
daemon=$(systemctl show -P MainPID ipxlatd)

check "they are installed" apt install -y "$scratch"/*.deb
check "there is a new daemon" wait_for sh -c "systemctl is-active -q ipxlatd && [ \$(systemctl show -P MainPID ipxlatd) != $daemon ]"
check_says "and the module is built anew" installed dkms status ipxlat
check "the state is what it was" wait_for sh -c 'ipxlatctl status | grep -q "on"'
touch "$scratch/enough"
check "the connection has lost nothing" wait_for -t 60 grep -q all "$scratch/numbers.log"
stop pings INT
check_says "no ping was lost" ", 0% packet loss" cat "$scratch/pings.log"
finish
