#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A CLAT that shares the address of its host: 10,000 connections of IPv4 programs and 10,000 of native IPv6, to the same
# server and port, from the same local ports, at once.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/../daemon_network.sh"
needs python3

server=203.0.113.9 connections=10000
program=(python3 "$repository/tests/selftests/programs/connections.py")
clat_network
configured "max-flows = 50000"
clat shared
start_in server server "${program[@]}" serve 7
daemon gate
check "the gateway comes up" comes_to gate edge "on: "
daemon host
check "the CLAT comes up" comes_to host home "on: "
check_says "both work at once, $connections of each" "$connections over IPv4, $connections over IPv6" \
	ns host "${program[@]}" open $server "64:ff9b::$server" 7 20000 $connections
finish
