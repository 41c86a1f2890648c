#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The daemon's nftables tables in the kernel, without the daemon: nft_tables writes, alters with nft and reads them.
. "$(dirname "$0")/lib.sh"

namespaces host
for link in one two three; do ip -n host-$$ link add $link type dummy; done

take_over "all tests of tables ran" in_ktap ns host nft_tables
finish
