#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The daemon's nftables tables in the kernel, without the daemon: nft_tables writes, alters with nft and reads them.
. "$(dirname "$0")/lib.sh"

namespaces host
for link in one two three; do ip -n host-$$ link add $link type dummy; done

# in_ktap: the lines of a program of GoogleTest as KTAP
in_ktap() {
	sed -uE 's/^\[       OK \] [^.]*\.([a-z0-9_]*) .*/ok 1 \1/; s/^\[  FAILED  \] [^.]*\.([a-z0-9_]*) \([0-9]* ms\)$/not ok 1 \1/
		/^(not )?ok /s/_/ /g; s/^\[==========\] ([0-9]+) tests? .* ran\..*/# Totals: \1/'
}

take_over "all tests of tables ran" bash -c "$(declare -f in_ktap)
	ip netns exec host-$$ nft_tables 2>&1 | in_ktap"
finish
