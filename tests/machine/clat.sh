#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A CLAT by the README's lines alone: the machine's eth0 is in a network that has IPv6 only, with a NAT64 that is another
# ipxlatd, in the network namespace of its router.
. "$(dirname "$0")/machine.sh"

systemctl disable --now ipxlatd systemd-networkd
rm -f /etc/systemd/network/*
ip address flush dev eth0
ip address flush dev eth1
sysctl -qw net.ipv6.conf.eth0.accept_ra=1 # which networkd leaves at 0
ip link set eth0 up
router_neighbours
check "the router is a NAT64, by ipxlatd@" wait_for systemctl start "ipxlatd@router-$$"
# shellcheck disable=SC2119  # no lines more
advertise
check "the machine has an IPv6 address and a router" wait_for sh -c 'ip -6 route show default dev eth0 | grep .'
check_not "and no IPv4" curl -sf --max-time 5 http://$server/
readme "A CLAT" 1 >/etc/ipxlat/ipxlatd.toml
readme_commands "Then, on either" 1
check_says "a program that knows IPv4 only reaches its server" 203.0.113.1 \
	wait_for curl -sf --max-time 5 http://$server/
check_says "the machine is no router" 0 sysctl -n net.ipv4.ip_forward
check_says "of neither kind" 0 sysctl -n net.ipv6.conf.all.forwarding

addresses() { ip -6 address show dev eth0 scope global | grep -c inet6; }
same_addresses() { [ "$(addresses)" = "$before" ]; }
before=$(addresses)
# as by a sleep: all processes stand still for some seconds, and the network is away. Nothing would wake a virtual machine from
# a real one.
sleep_a_while() {
	ip link set eth0 down && echo freezer >/sys/power/pm_test && echo freeze >/sys/power/state && ip link set eth0 up
}
check "it sleeps for a while" sleep_a_while
check_says "and wakes with its CLAT" 203.0.113.1 wait_for curl -sf --max-time 5 http://$server/
check "and as many addresses as before" wait_for same_addresses
check "a stop" systemctl stop "ipxlatd@router-$$"
check "of both" systemctl disable --now ipxlatd
check_not "leaves no device" sh -c 'ip -brief link show type ipxlat | grep .'
finish
