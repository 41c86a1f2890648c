# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154  # variables that environment.sh sets
# Sourced by the selftests of ipxlatd: running it in a namespace, and what it did there.

# gateway_network: for NAT64,
#
#   client 2001:db8:1::11 --- ::1 gate 203.0.113.2 --- 203.0.113.9 server
gateway_network() {
	namespaces client gate server
	veth client:eth0 gate:eth0
	veth gate:eth1 server:eth0
	ns client ip address add 2001:db8:1::11/64 dev eth0
	ns client ip route add default via 2001:db8:1::1
	ns gate ip address add 2001:db8:1::1/64 dev eth0
	ns gate ip address add 203.0.113.2/24 dev eth1
	ns server ip address add 203.0.113.9/24 dev eth0
}

# routed_network: for NAT64 with a router on each side,
#
#   client 2001:db8:1::11 --- ::1 near 2001:db8:2::2 --- ::1 gate 203.0.113.2 --- 203.0.113.1 far 203.0.113.129 --- 203.0.113.137 server
#
# where eth0 is toward the client and eth1 toward the server.
routed_network() {
	namespaces client near gate far server
	veth client:eth1 near:eth0
	veth near:eth1 gate:eth0
	veth gate:eth1 far:eth0
	veth far:eth1 server:eth0
	ns near sysctl -qw net.ipv6.conf.all.forwarding=1
	ns far sysctl -qw net.ipv4.ip_forward=1
	ns client ip address add 2001:db8:1::11/64 dev eth1
	ns client ip route add default via 2001:db8:1::1
	ns near ip address add 2001:db8:1::1/64 dev eth0
	ns near ip address add 2001:db8:2::2/64 dev eth1
	ns near ip route add default via 2001:db8:2::1
	ns gate ip address add 2001:db8:2::1/64 dev eth0
	ns gate ip route add 2001:db8:1::/64 via 2001:db8:2::2
	ns gate ip address add 203.0.113.2/26 dev eth1
	ns gate ip route add default via 203.0.113.1
	ns far ip address add 203.0.113.1/26 dev eth0
	ns far ip address add 203.0.113.129/25 dev eth1
	ns server ip address add 203.0.113.137/25 dev eth0
	ns server ip route add default via 203.0.113.129
}

# clat_network: for a CLAT behind a NAT64,
#
#   host 2001:db8:1::11 --- ::1 gate 203.0.113.2 --- 203.0.113.9 server
#
# The host has IPv6 only and is no router; its address came from an advertised /64.
clat_network() {
	namespaces host gate server
	veth host:eth0 gate:eth0
	veth gate:eth1 server:eth0
	ns host sysctl -qw net.ipv6.conf.eth0.accept_dad=1
	ns host ip address add 2001:db8:1::11/64 dev eth0 valid_lft 36000 preferred_lft 36000 nodad
	ns host ip route add default via 2001:db8:1::1
	ns gate ip address add 2001:db8:1::1/64 dev eth0
	ns gate ip address add 203.0.113.2/24 dev eth1
	ns server ip address add 203.0.113.9/24 dev eth0
}

# clat_at UPLINKS ADDRESS6 LINE...: the host of clat_network is to be one, with these lines more
clat_at() {
	configure host < <(printf '%s\n' '[clat.home]' 'device = "clat0"' "uplinks = [\"$1\"]" 'pref64 = "64:ff9b::/96"' \
		"address6 = \"$2\"" "${@:3}")
}

# clat ADDRESS6 LINE...: the same at eth0
clat() { clat_at eth0 "$@"; }

# clat_with KIND: the same, with an address6 that is dedicated, shared, given, or delegated; with the last one the host is the
# router of a network behind it, where its own address is 192.0.2.1
clat_with() {
	case $1 in
	given) clat 2001:db8:1::46 ;;
	delegated)
		ns host ip address replace 192.0.2.1/24 dev lo
		ns host sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
		ns gate ip route replace 2001:db8:100:64::/96 via 2001:db8:1::11
		clat 2001:db8:100:64::/96 'local4 = "192.0.2.0/24"'
		;;
	*) clat "$1" ;;
	esac
}

# stays_on SECONDS: programs of the host of clat_network are served all that time, in which nothing changes
stays_on() {
	local end=$((SECONDS + $1)) lines
	lines=$(wc -l <"$scratch/host-ipxlatd.log")
	while [ $SECONDS -lt "$end" ]; do
		asks host udp 203.0.113.9 203.0.113.2 || return
	done
	! tail -n "+$((lines + 1))" "$scratch/host-ipxlatd.log" | grep -F "[clat.home"
}

# advertise NAMESPACE LINK PREFIX HOSTS: routers tell there the prefix of a NAT64, by radvd where it is new enough, and a /64
# from which hosts make addresses
advertise() {
	cat >"$scratch/radvd.conf" <<-END
		interface $2 {
			AdvSendAdvert on;
			MinRtrAdvInterval 3;
			MaxRtrAdvInterval 10;
			nat64prefix $3 { AdvValidLifetime 600; };
			prefix $4 { };
		};
	END
	if radvd -c -C "$scratch/radvd.conf" >/dev/null 2>&1; then
		start_in "$1" router radvd -n -m stderr -u root -C "$scratch/radvd.conf" -p "$scratch/radvd.pid"
	else
		start_in "$1" router python3 "$repository/tests/selftests/programs/router.py" "$2" "$3=600" "hosts=${4%/64}"
	fi
}

# configure NAMESPACE: the daemon's configuration there, from standard input
configure() {
	mkdir -p "$scratch/$1-run"
	cat >"$scratch/$1.toml"
}

# gateway LINE...: an instance for gateway_network, with these lines more, on standard output
gateway() {
	cat <<-'END'
		[nat64.edge]
		pref64 = "64:ff9b::/96"
		downlinks = ["eth0"]
		uplinks = ["eth1"]
		allow-private = ["203.0.113.0/24"]
	END
	printf '%s\n' "$@"
}

# configured LINE...: the gate is to be that
configured() {
	configure gate < <(gateway "$@")
}

# reload NAMESPACE: the daemon there reads its configuration again
reload() {
	kill -HUP "$(pid_of "$1-ipxlatd")"
}

# open_connection ADDRESS [NAMESPACE]: a TCP connection of the client, or of whom is named, whose first word the server has
# mirrored; a line to descriptor 7 sends the second one, and its log says what became of that
open_connection() {
	rm -f "$scratch/go-on"
	mkfifo "$scratch/go-on"
	start_in "${2:-client}" twice bash -c "exec python3 '$repository/tests/selftests/programs/ask.py' twice $1 7 <'$scratch/go-on'"
	exec 7>"$scratch/go-on"
	wait_for grep "answered: first" "$scratch/twice.log"
}

# daemon NAMESPACE: runs ipxlatd there with its configuration
daemon() {
	start_in "$1" "$1-ipxlatd" env "RUNTIME_DIRECTORY=$scratch/$1-run" ipxlatd --config "$scratch/$1.toml"
}

# state NAMESPACE INSTANCE: "on: why", "off: why" or "failed: why"
state() {
	sed -n "/\"name\": \"$2\"/,/\"why\"/{
		s/.*\"state\": \"\(.*\)\",/\1/; T why; h
		:why
		s/.*\"why\": \"\(.*\)\",/\1/; T; H; x; s/\n/: /p
	}" "$scratch/$1-run/state.json"
}

# is NAMESPACE INSTANCE TEXT: its state says TEXT
is() {
	state "$1" "$2" | tee /dev/stderr | grep -qF -e "$3"
}

# comes_to NAMESPACE INSTANCE TEXT: its state says TEXT in the end; the first use of a kernel feature loads modules
comes_to() {
	wait_for -t 120 is "$@"
}

# packets NAMESPACE COMMENT: how many packets the rule with this comment has counted
packets() {
	ns "$1" nft list ruleset | sed -n "s/.*counter packets \([0-9]*\) .*comment \"$2\"/\1/p"
}

# counts NAMESPACE COMMENT COMMAND...: the rule counts packets of the command, whatever becomes of that
counts() {
	local where=$1 comment=$2 before
	shift 2
	before=$(packets "$where" "$comment")
	"$@"
	[ "$(packets "$where" "$comment")" -gt "$before" ]
}

# device_counts NAMESPACE DEVICE REASON NUMBER COMMAND...: the device counts NUMBER packets of the command as REASON, whatever
# becomes of that
device_counts() {
	local where=$1 device=$2 reason=$3 number=$4 before after
	shift 4
	before=$(ns "$where" ipxlatctl stats "$device" -a --json)
	"$@"
	after=$(ns "$where" ipxlatctl stats "$device" -a --json)
	python3 - "$before" "$after" "$reason" "$number" <<-'END'
		import json, sys
		before, after = ({row["name"]: row["packets"] for row in json.loads(text)[0]["reasons"]} for text in sys.argv[1:3])
		counts = {name: after[name] - before[name] for name in after}
		print(counts)
		sys.exit(counts[sys.argv[3]] != int(sys.argv[4]))
	END
}

# refused_source NAMESPACE SOURCE DESTINATION: whatever NAMESPACE sends from there, the gateway's device translates nothing
refused_source() {
	ns "$1" ip address add "$2/128" dev eth0 nodad
	device_counts gate edge ok 0 several_from "$@"
	local status=$?
	ns "$1" ip address del "$2/128" dev eth0
	return $status
}

# several_from NAMESPACE SOURCE DESTINATION: a flow, what belongs to no flow, and an error
several_from() {
	ns "$1" ping -c 1 -W 1 -I "$2" "$3"
	for what in rst unreachable 47; do
		ns "$1" python3 "$repository/tests/selftests/programs/raw6.py" $what "$3" "$2"
	done
}

# lives NAMESPACE FAMILY PROTOCOL SECONDS: a tracked flow of the protocol has almost so many left, and none has more
lives() {
	ns "$1" conntrack -L -f "$2" -p "$3" 2>/dev/null | awk -v most="$4" '
		{ for (i = 3; i < 5; i++) if ($i ~ /^[0-9]+$/) left = $i }
		{ print left; if (left > longest) longest = left }
		END { exit !(longest <= most && longest > most * 3 / 4) }'
}

# ours NAMESPACE: everything that a daemon makes, and nothing else: devices, rules (without handles and counters),
# routes, addresses, proxy entries; and forwarding, redirects and router advertisements, which nothing else may change
ours() {
	ns "$1" ip -o link show type ipxlat | sed 's/^[0-9]*: //'
	ns "$1" nft -s list ruleset
	ns "$1" ip -4 route show proto 64
	ns "$1" ip -6 route show proto 64
	ns "$1" ip -o address show | grep -E 'proto 64|proto 0x40' | sed 's/^[0-9]*: //'
	ns "$1" ip neigh show proxy
	ns "$1" sysctl -ar '^net\.ipv[46]\..*(\.ip_forward|\.forwarding|\.force_forwarding|\.accept_redirects|\.accept_ra)$'
}

# answering NAMESPACE: TCP port 80 and UDP port 9 there answer with the address of whoever asks, TCP port 7 is a mirror,
# UDP port 10 sends as many bytes as it is asked for
answering() {
	start_in "$1" "$1-answers" python3 "$repository/tests/selftests/programs/answers.py"
	wait_for grep ready "$scratch/$1-answers.log"
}

# ask NAMESPACE WORDS...: programs/ask.py there
ask() {
	local where=$1
	shift
	ns "$where" python3 "$repository/tests/selftests/programs/ask.py" "$@"
}

# asks NAMESPACE tcp|udp ADDRESS ANSWER: the server there answers ANSWER
asks() {
	local port=80 answer
	if [ "$2" = udp ]; then port=9; fi
	answer=$(ask "$1" "$2" "$3" $port 2>&1)
	echo "$answer"
	[ "$answer" = "answered: $4" ]
}
