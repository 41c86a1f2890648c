#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What ipxlatd relies on of the kernel, claim by claim: those of the fake kernel, so that it cannot drift from the real one
# (tests/unit/daemon_kernel_contract_test.cc), what is read of a network and made of it (daemon_real_kernel_test.cc), how
# sessions are read and heard of (daemon_real_mappings_test.cc), and the program itself (daemon_program_test.cc).
#
#     own [one - two]
. "$(dirname "$0")/lib.sh"

namespaces own

take_over "all claims were made" in_ktap ns own env IPXLAT_REAL_KERNEL=1 unit_tests --gtest_filter='Real/*'
finish
