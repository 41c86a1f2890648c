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
# shellcheck source=tests/selftests/environment.sh
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
# shellcheck source=/dev/null
. "$repository/build/kselftest/ktap_helpers.sh" || exit 1

test_name=$(basename "$0" .sh)
finished=no
ktap_print_header

# diagnostic: standard input as diagnostic lines
diagnostic() {
	sed 's/^/# /'
}

clean_up() {
	if [ "$KTAP_CNT_FAIL" -gt 0 ] || [ $finished = no ]; then show_logs; fi
	release_all
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

# take_over SENTENCE COMMAND...: the KTAP lines of a program become this test's own, and SENTENCE says that it came to
# its end, which is a line of totals
take_over() {
	local sentence=$1 line verdict ended=1
	shift
	: >"$scratch/output"
	while read -r line; do
		case $line in
		"ok "* | "not ok "*)
			verdict=0
			[[ $line = not* ]] && verdict=1
			stated "$(sed -E 's/^(not )?ok [0-9]+ //' <<<"$line")" $verdict
			: >"$scratch/output"
			;;
		"# Totals:"*) ended=0 ;;
		"TAP version"* | 1..*) ;;
		*) diagnostic <<<"${line#\# }" ;;
		esac
	done < <("$@" 2>&1)
	stated "$sentence" $ended
}

# in_ktap COMMAND...: runs a program of GoogleTest and gives its lines as KTAP, for take_over
in_ktap() {
	"$@" 2>&1 | sed -uE '
		s/^\[       OK \] [^.]*\.([a-z0-9_]*).*/ok 1 \1/
		s/^\[  FAILED  \] [^.]*\.([a-z0-9_]*).* \([0-9]* ms\)$/not ok 1 \1/
		/^(not )?ok /s/_/ /g
		s/^\[==========\] ([0-9]+) tests? .* ran\..*/# Totals: \1/'
}
