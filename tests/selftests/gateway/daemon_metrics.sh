#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What an operator sees of a NAT64, and what it tells other programs: metrics, as text and over HTTP, and DNS64:
#
#   client 2001:db8:1::11 --- ::1 gate 203.0.113.2 --- 203.0.113.9 server
# shellcheck disable=SC2119,SC2120  # a function that reads standard input needs no words
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/../daemon_network.sh"
needs python3 curl unbound dig socat

gateway_network
ns gate ip route add default via 203.0.113.9
# listening ADDRESS:PORT: a gateway that serves metrics there
listening() {
	configure gate < <(echo "metrics-listen = \"$1\""; gateway)
}
listening 127.0.0.1:9464

ctl() {
	ns gate env "IPXLAT_STATE=$scratch/gate-run/state.json" ipxlatctl "$@"
}
again() {
	ns gate env "RUNTIME_DIRECTORY=$scratch/gate-run" ipxlatd --reload
}
as_text() {
	ctl metrics >"$scratch/text" && python3 "$repository/tests/selftests/programs/openmetrics.py" "$scratch/text"
}
# served ADDRESS:PORT
served() {
	ns gate curl -sSf --max-time 20 "http://$1/metrics" >"$scratch/served" &&
		python3 "$repository/tests/selftests/programs/openmetrics.py" --prometheus "$scratch/served"
}
# sum_of SAMPLE: of all that begin so
sum_of() {
	as_text | awk -v sample="$1" 'index($0, sample) == 1 { sum += $NF } END { print sum + 0 }'
}
# counts_up NUMBER SAMPLE COMMAND...: those that begin so are more by NUMBER after the command, whatever becomes of that
counts_up() {
	local number=$1 sample=$2 before
	shift 2
	before=$(sum_of "$sample")
	"$@"
	[ "$(sum_of "$sample")" = $((before + number)) ]
}

daemon gate
check "the gateway comes up" comes_to gate edge "on: "
check "its metrics are OpenMetrics" as_text
check_says "they tell of instances" 'ipxlat_instance_state{name="nat64.edge",state="on"} 1' as_text
check_says "of the table of connections" "ipxlat_conntrack_limit_entries $(ns gate sysctl -n net.netfilter.nf_conntrack_max)" as_text
check "the server is reached" wait_for ns client ping -c 1 -W 5 64:ff9b::203.0.113.9
check "a translated ping is counted" counts_up 3 \
	'ipxlat_device_out_packets_total{device="edge",direction="to_v4"}' ns client ping -c 3 -i 0.2 64:ff9b::203.0.113.9
check "with its bytes" counts_up 156 \
	'ipxlat_device_out_bytes_total{device="edge",direction="to_v6"}' ns client ping -c 1 -s 108 64:ff9b::203.0.113.9
check "a drop by its reason" counts_up 1 'ipxlat_device_dropped_packets_total{device="edge",direction="to_v4",reason=' \
	ns client python3 "$repository/tests/selftests/programs/raw6.py" unreachable 64:ff9b::203.0.113.9 2001:db8:1::11
check "a refusal by its rule" counts_up 1 \
	'ipxlat_rule_packets_total{name="nat64.edge",family="ip6",rule="no way into networks that are not global"}' \
	ns client ping -c 1 -W 1 64:ff9b::10.0.0.1

# same ADDRESS:PORT: but for entries of connection tracking, which being asked makes
same() {
	diff <(as_text | grep -v ^ipxlat_conntrack_entries) <(served "$1" | grep -v ^ipxlat_conntrack_entries)
}
check "what is served over HTTP is the same" wait_for same 127.0.0.1:9464
listening 127.0.0.2:9465
check "a reload moves it to another address" again
check "where it is served" wait_for same 127.0.0.2:9465
check_not "and no longer where it was" served 127.0.0.1:9464
start_in gate other socat TCP-LISTEN:9466,bind=127.0.0.1,fork /dev/null
busy() {
	ns gate ss -Hltn | grep -F 127.0.0.1:9466
}
check "another program has a port" wait_for busy
listening 127.0.0.1:9466
check_refused "a reload says that it cannot be had" \
	"metrics-listen 127.0.0.1:9466: nobody can be served there: Address already in use" again
check "so does the log, once" test "$(grep -c "nobody can be served" "$scratch/gate-ipxlatd.log")" = 1
check "everything else goes on" ns client ping -c 1 -W 2 64:ff9b::203.0.113.9
stop other
check "when it is free it is had" wait_for again
check "and served" wait_for same 127.0.0.1:9466
configured ""
check "without the option a reload" again
check_not "closes it" served 127.0.0.1:9466
check_says "the status has the table of connections" "of $(ns gate sysctl -n net.netfilter.nf_conntrack_max) connections" ctl status

# the resolver that the gate itself asks
mkdir -p "/etc/netns/gate-$$"
echo "nameserver 203.0.113.2" >"/etc/netns/gate-$$/resolv.conf"
# resolver: unbound in the gate, with what standard input says of its server
resolver() {
	{
		printf 'server:\n\tinterface: 203.0.113.2\n\tinterface: 2001:db8:1::1\n\taccess-control: ::0/0 allow\n'
		printf '\t%s\n' 'access-control: 0.0.0.0/0 allow' 'use-syslog: no' 'username: ""' 'chroot: ""' \
			"directory: \"$scratch\"" "pidfile: \"$scratch/unbound.pid\"" 'do-not-query-localhost: no'
		cat
	} >"$scratch/unbound.conf"
	start_in gate unbound unbound -d -c "$scratch/unbound.conf"
}
# answered NAME TYPE: by the resolver, to the client
answered() {
	ns client dig +short +time=2 +tries=1 @2001:db8:1::1 "$1" "$2"
}
answers_well_known() {
	answered ipv4only.arpa A | grep -Fx 192.0.0.170
}
check_says "a resolver that is silent is told" "dns64         not known: the resolver of this host does not answer" ctl doctor
resolver <<<$'\tlocal-zone: "ipv4only.arpa." static\n\tlocal-data: "ipv4only.arpa. IN A 192.0.0.170"'
check "a resolver without DNS64 comes up" wait_for answers_well_known
check_says "doctor says so" "perhaps: the resolver of this host does no DNS64" ctl doctor
stop unbound
check "unbound is told of the gateway" ctl emit unbound edge
resolver < <(ctl emit unbound edge)
check "it comes up" wait_for answers_well_known
check_says "and leads to it" 64:ff9b::c000:aa answered ipv4only.arpa AAAA
check_says "back as well" ipv4only.arpa. answered 170.0.0.192.in-addr.arpa PTR
check_says "doctor finds nothing" "dns64         ok" ctl doctor
configure gate < <(gateway | sed 's,64:ff9b::/96,2001:db8:64::/96,')
check "the gateway has another prefix" again
check_refused "doctor says that DNS64 leads elsewhere" "answers ipv4only.arpa with 64:ff9b::c000:a" ctl doctor
rm -r "/etc/netns/gate-$$"
finish
