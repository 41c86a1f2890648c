#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What ipxlatd relies on of the kernel's routes, addresses and announcements, claim by claim: the unit tests of the fake
# kernel (tests/unit/daemon_kernel_contract_test.cc), run on the real one, so that the fake cannot drift from it.
#
#     own [one - two]
. "$(dirname "$0")/lib.sh"

namespaces own

tests=$repository/build/userspace/unit_tests
claims() {
	IPXLAT_REAL_KERNEL=1 "$tests" --gtest_list_tests --gtest_filter='Real/*' | sed -n 's|^  \([a-z0-9_]*\)/0.*|\1|p'
}

holds() {
	ns own env IPXLAT_REAL_KERNEL=1 "$tests" --gtest_brief=1 --gtest_filter="Real/*.$1/0" |
		tee /dev/stderr | grep -q 'PASSED.* 1 test'
}

for claim in $(claims); do
	check "${claim//_/ }" holds "$claim"
done
finish
