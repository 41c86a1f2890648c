#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What people use, through a NAT64 gateway between two routers, in both modes (routed_network in daemon_network.sh). Names
# come from unbound on the gate, which makes addresses below pref64 of those that the server's own unbound knows.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/../daemon_network.sh"
needs busybox conntrack curl dig iperf3 ping python3 traceroute unbound vsftpd

routed_network
resolver client 2001:db8:2::1
name=www.example.net
server6=64:ff9b::203.0.113.137
mkdir -p "$scratch/served" "$scratch/nobody"
head -c 300000 /dev/urandom >"$scratch/served/file"

# names NAMESPACE LINE...: unbound there with these lines more
names() {
	local where=$1
	shift
	printf '%s\n' "server:" "username: ''" "chroot: ''" "pidfile: ''" "directory: '$scratch'" "use-syslog: no" \
		"access-control: ::/0 allow" "access-control: 0.0.0.0/0 allow" "$@" >"$scratch/$where.unbound"
	start_in "$where" "$where-unbound" unbound -d -c "$scratch/$where.unbound"
}

# resolves TYPE ANSWER: dig in the client's network gets it
resolves() {
	ns client dig +short +tries=1 +time=5 @2001:db8:2::1 "$name" "$1" | tee /dev/stderr | grep -qxF "$2"
}

# fetches URL: curl gets the server's file
fetches() {
	ns client curl -sS -m 60 -o "$scratch/fetched" "$1" && cmp "$scratch/served/file" "$scratch/fetched"
}

# measured FLAG...: iperf3 sends to the end, and of UDP nothing is lost
measured() {
	ns client iperf3 -6 -c "$name" "$@" | tee /dev/stderr | grep receiver >"$scratch/received" &&
		! grep -E ' [1-9][0-9]*/[0-9]+ \(' "$scratch/received"
}

# hops NAMESPACE HOP... -- WORDS...: traceroute sees these, in this order
hops() {
	local where=$1 wanted=()
	shift
	while [ "$1" != -- ]; do
		wanted+=("$1")
		shift
	done
	shift
	ns "$where" traceroute -n -q 1 -w 5 -m 8 "$@" | tee /dev/stderr | awk 'NR > 1 { print $2 }' >"$scratch/hops"
	[ "$(tr '\n' ' ' <"$scratch/hops")" = "${wanted[*]} " ]
}

# rests FAMILY: the idle connection is in the stack's hands, for the time of an established one
rests() {
	! ns gate conntrack -L -f "$1" -p tcp 2>/dev/null | grep OFFLOAD && lives gate "$1" tcp 7440
}

# goes_on_after_rest: a connection that nobody keeps in the flowtable, whose times the kernel has shortened
goes_on_after_rest() {
	ns gate conntrack -F
	open_connection "$server6" || return
	wait_for -t 60 rests ipv6 && wait_for -t 60 rests ipv4 || return
	echo >&7
	wait_for -t 20 grep "answered: second" "$scratch/twice.log"
	local status=$?
	exec 7>&-
	stop twice
	return $status
}

check "the server's services start" answering server
check "the client has one, too" answering client
names server "interface: 203.0.113.137" "local-zone: 'example.net.' static" "local-data: '$name. A 203.0.113.137'"
names gate "interface: 2001:db8:2::1" "module-config: 'dns64 iterator'" "dns64-prefix: 64:ff9b::/96" \
	"forward-zone:" "name: '.'" "forward-addr: 203.0.113.137"
start_in server httpd busybox httpd -f -p 8080 -h "$scratch/served"
start_in server iperf3 iperf3 -s
printf '%s\n' listen=YES background=NO anonymous_enable=YES run_as_launching_user=YES seccomp_sandbox=NO \
	"anon_root=$scratch/served" "secure_chroot_dir=$scratch/nobody" >"$scratch/ftp"
start_in server ftp vsftpd "$scratch/ftp"
modprobe nf_flow_table
ns gate sysctl -qw net.netfilter.nf_flowtable_tcp_timeout=1 net.netfilter.nf_conntrack_tcp_timeout_established=10
configured 'forward = [{ protocol = "tcp", port = 80, to = "[2001:db8:1::11]:80" }]'
daemon gate
check "the gateway comes up" comes_to gate edge "on: "
check "the name has an address of IPv6" wait_for resolves AAAA 64:ff9b::cb00:7189
check "and the one it had" resolves A 203.0.113.137
public=203.0.113.2
for mode in masquerade pool; do
	check "$mode: curl fetches a file by name" wait_for fetches "http://$name:8080/file"
	check "$mode: curl fetches it by FTP, passive" fetches "ftp://$name/file"
	check "$mode: iperf3, TCP" measured -n 1M
	check "$mode: iperf3, TCP back" measured -n 1M -R
	check "$mode: iperf3, UDP" measured -u -b 2M -n 300K
	check "$mode: iperf3, UDP back" measured -u -b 2M -n 300K -R
	check "$mode: ping" ns client ping -c 2 -i 0.2 -W 5 "$name"
	for how in "" -I -T; do
		check "$mode: traceroute $how sees routers of both families" hops client 2001:db8:1::1 2001:db8:2::1 64:ff9b::cb00:7102 \
			64:ff9b::cb00:7101 64:ff9b::cb00:7189 -- -6 $how "$name"
	done
	check "$mode: from IPv4 the gateway stands for the routers behind it" hops server 203.0.113.129 203.0.113.2 $public $public \
		$public -- -T -p 80 $public
	check "$mode: an idle connection goes on" goes_on_after_rest
	if [ $mode = masquerade ]; then
		public=203.0.113.16
		configured 'pool4 = ["203.0.113.16/32"]' \
			'forward = [{ protocol = "tcp", address = "203.0.113.16", port = 80, to = "[2001:db8:1::11]:80" }]'
		reload gate
		check "the mode changes" comes_to gate edge "on: 64:ff9b::/96 is translated to 203.0.113.16/32"
	fi
done
check_not "nobody was taken for a disturber" grep "somebody has changed" "$scratch/gate-ipxlatd.log"
check "the daemon stops" stop gate-ipxlatd
finish
