# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by every selftest. Each states sentences with check and its kin and ends with finish:
#
#	. "$(dirname "$0")/lib.sh"
#	needs dig
#	namespaces host router
#	veth host:eth0 router:eth1
#	check "the router answers the host" wait_for ns host ping -c 1 -W 1 192.0.2.1
#	finish
#
# Namespaces, programs and files are this test's own and are gone when it ends, however it ends.
set -u
repository=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
PATH=$repository/build/userspace:$PATH
# shellcheck source=/dev/null
. "$repository/build/kselftest/ktap_helpers.sh" || exit 1

test_name=$(basename "$0" .sh)
scratch=$(mktemp -d "/tmp/ipxlat-$test_name.XXXXXX")
owned_namespaces=()
declare -A owned_programs=()
finished=no
ktap_print_header

# diagnostic: standard input as diagnostic lines
diagnostic() {
	sed 's/^/# /'
}

clean_up() {
	local name
	for name in "${!owned_programs[@]}"; do stop "$name" KILL; done
	if [ "$KTAP_CNT_FAIL" -gt 0 ] || [ $finished = no ]; then show_logs; fi
	for name in "${owned_namespaces[@]}"; do ip netns del "$name-$$"; done
	rm -rf "$scratch"
	if [ $finished = no ]; then
		echo "Bail out! $test_name ended before it was finished"
		exit "$KSFT_FAIL"
	fi
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

show_logs() {
	local log
	for log in "$scratch"/*.log; do
		[ -s "$log" ] || continue
		echo "the last lines of $(basename "$log" .log):" | diagnostic
		tail -n 20 "$log" | diagnostic
	done
}

# needs PROGRAM...: skips the whole test where one is not installed
needs() {
	local program
	for program; do
		command -v "$program" >/dev/null && continue
		ktap_skip_all "$program is not installed"
		finished=yes
		exit "$KSFT_SKIP"
	done
}

# finish: the plan, the totals, and the exit status
finish() {
	finished=yes
	ktap_set_plan $((KTAP_TESTNO - 1))
	ktap_finished
}

# ---- network

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

# ---- programs

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
	kill -0 "${owned_programs[$1]}" 2>/dev/null
}

# stop NAME [SIGNAL]: sends TERM, or SIGNAL, and returns the program's exit status once it has ended
stop() {
	local pid=${owned_programs[$1]} status=0
	unset "owned_programs[$1]"
	kill -s "${2-TERM}" "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null || status=$?
	return $status
}

# ---- statements

# wait_for [-t SECONDS] COMMAND...: tries until the command succeeds, 30 seconds unless told
wait_for() {
	local seconds=30
	if [ "$1" = -t ]; then
		seconds=$2
		shift 2
	fi
	local end=$((SECONDS + seconds))
	until "$@"; do
		if [ $SECONDS -ge $end ]; then
			echo "not within $seconds s: $*"
			return 1
		fi
		sleep 0.1
	done
}

# stated SENTENCE VERDICT: VERDICT (a status) with the output of the command where it is bad
stated() {
	if [ "$2" -eq 0 ]; then
		ktap_test_pass "$1"
	else
		ktap_test_fail "$1"
		diagnostic <"$scratch/output"
	fi
	return "$2"
}

# check SENTENCE COMMAND...: the command succeeds
check() {
	local sentence=$1 status=0
	shift
	"$@" >"$scratch/output" 2>&1 || status=1
	stated "$sentence" $status
}

# check_not SENTENCE COMMAND...: the command fails
check_not() {
	local sentence=$1 status=0
	shift
	"$@" >"$scratch/output" 2>&1 && status=1
	stated "$sentence" $status
}

# check_says SENTENCE TEXT COMMAND...: the command succeeds and its output contains TEXT
check_says() {
	local sentence=$1 text=$2 status=0
	shift 2
	"$@" >"$scratch/output" 2>&1 || status=1
	grep -qF -e "$text" "$scratch/output" || status=1
	stated "$sentence" $status || { echo "expected: $text" | diagnostic; return 1; }
}

# check_refused SENTENCE TEXT COMMAND...: the command fails and its output contains TEXT
check_refused() {
	local sentence=$1 text=$2 status=0
	shift 2
	"$@" >"$scratch/output" 2>&1 && status=1
	grep -qF -e "$text" "$scratch/output" || status=1
	stated "$sentence" $status || { echo "expected a refusal: $text" | diagnostic; return 1; }
}
