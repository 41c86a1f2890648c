#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every vector of tests/vectors through the device, from packets laid out in memory in every way:
#
#   vector_injector > tap0 --(tc redirect)--> siit0 --(packet socket)--> vector_injector
#                                                   `--(tc drop)
#
# What comes in by tc is as it was on the wire: no receiving function has seen, judged or trimmed it.
# The routes over link4 and link6 tell the device the MTU of the other side.
. "$(dirname "$0")/lib.sh"
needs tc vector_injector
modprobe -q tun

namespaces box
in_box() { ns box "$@"; }
check "the topology is set up" bash -ec "
	ip() { command ip -n box-$$ \"\$@\"; }
	tc() { command tc -n box-$$ \"\$@\"; }
	ip link add siit0 type ipxlat
	ip tuntap add dev tap0 mode tap
	ip link add link4 type dummy
	ip link add link6 type dummy
	for link in siit0 tap0 link4 link6; do ip link set \$link up; done
	ip route add default dev link4
	ip -6 route add default dev link6
	for link in siit0 tap0; do tc qdisc add dev \$link clsact; done
	tc filter add dev tap0 ingress matchall action mirred egress redirect dev siit0
	tc filter add dev siit0 ingress matchall action drop"
check "the namespace forwards" in_box sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
# a fragment of ICMP waits nowhere for others, which vectors are as well
check "no fragment is kept" in_box sysctl -qw net.ipv4.ipfrag_{low,high}_thresh=0 \
	net.netfilter.nf_conntrack_frag6_{low,high}_thresh=0

inject() { ns box vector_injector "$repository/tests/vectors" siit0 tap0 link4 link6; }
take_over "every vector has been sent" inject
finish
