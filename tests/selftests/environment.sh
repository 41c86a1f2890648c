# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by the selftests and the demo: network namespaces and background programs of one's own, and waiting for a
# condition. release_all gives everything back.
repository=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
PATH=$repository/${IPXLAT_BUILD-build/userspace}:$PATH
scratch=$(mktemp -d "/tmp/ipxlat-$(basename "$0" .sh).XXXXXX")
owned_namespaces=()
declare -A owned_programs=()

release_all() {
	local name
	for name in "${!owned_programs[@]}"; do stop "$name" KILL; done
	for name in "${owned_namespaces[@]}"; do
		ip netns del "$name-$$"
		rm -rf "/etc/netns/$name-$$"
	done
	rm -rf "$scratch"
}

# namespaces NAME...: new ones with loopback up; addresses in them are usable at once (no duplicate detection)
namespaces() {
	local name
	for name; do
		ip netns add "$name-$$" || exit
		owned_namespaces+=("$name")
		ns "$name" sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
		ip -n "$name-$$" link set lo up
	done
}

# end_namespace NAME: deletes it before the test ends
end_namespace() {
	local name others=()
	for name in "${owned_namespaces[@]}"; do
		if [ "$name" != "$1" ]; then others+=("$name"); fi
	done
	owned_namespaces=("${others[@]}")
	ip netns del "$1-$$"
}

# ns NAME COMMAND...: runs the command in the namespace
ns() {
	local name=$1
	shift
	ip netns exec "$name-$$" "$@"
}

# veth NAME:DEVICE NAME:DEVICE: a cable between two namespaces, both ends up
veth() {
	ip link add "${1#*:}" netns "${1%:*}-$$" type veth peer name "${2#*:}" netns "${2%:*}-$$" || exit
	ip -n "${1%:*}-$$" link set "${1#*:}" up
	ip -n "${2%:*}-$$" link set "${2#*:}" up
}

# resolver NAMESPACE ADDRESS: programs there ask that server for names
resolver() {
	mkdir -p "/etc/netns/$1-$$"
	echo "nameserver $2" >"/etc/netns/$1-$$/resolv.conf"
}

# start NAME COMMAND...: runs it in the background until stop NAME or the end of the test; its output is in log NAME
start() {
	local name=$1
	shift
	"$@" >"$scratch/$name.log" 2>&1 &
	owned_programs[$name]=$!
}

# start_in NAMESPACE NAME COMMAND...
start_in() {
	local namespace=$1 name=$2
	shift 2
	start "$name" ip netns exec "$namespace-$$" "$@"
}

log() {
	cat "$scratch/$1.log"
}

pid_of() {
	echo "${owned_programs[$1]}"
}

# running NAME: whether the program that start began still runs
running() {
	[ -n "${owned_programs[$1]-}" ] && kill -0 "${owned_programs[$1]}" 2>/dev/null
}

# stop NAME [SIGNAL]: sends TERM, or SIGNAL, and returns the program's exit status once it has ended
stop() {
	local pid=${owned_programs[$1]} status=0
	unset "owned_programs[$1]"
	kill -s "${2-TERM}" "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null || status=$?
	return $status
}

# name_server NAMESPACE ADDRESS OPTIONS...: an unbound with these lines of configuration
name_server() {
	local where=$1 address=$2
	shift 2
	{
		printf '%s\n' server: "interface: $address" 'access-control: 0.0.0.0/0 allow' 'access-control: ::/0 allow' \
			'do-daemonize: no' 'use-syslog: no' 'chroot: ""' 'username: ""' \
			"directory: \"$scratch\"" "pidfile: \"$scratch/$where-unbound.pid\"" "$@"
		printf '%s\n' remote-control: 'control-enable: no'
	} >"$scratch/$where-unbound.conf"
	start_in "$where" "$where-unbound" unbound -d -c "$scratch/$where-unbound.conf"
}

# wait_for [-t SECONDS] COMMAND...: tries until the command succeeds, 180 seconds unless told; prints the last try's output
wait_for() {
	local seconds=180 output
	if [ "$1" = -t ]; then
		seconds=$2
		shift 2
	fi
	local end=$((SECONDS + seconds))
	until output=$("$@" 2>&1); do
		if [ $SECONDS -ge $end ]; then
			printf '%s\nnot within %s s: %s\n' "$output" "$seconds" "$*"
			return 1
		fi
		sleep 0.1
	done
	printf '%s\n' "$output"
}
