#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# docs/examples/nat64-anycast as it is printed: two gateways on one prefix, whose routes BIRD announces to the core.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/../daemon_network.sh"
example=nat64-anycast
# shellcheck source=tests/selftests/gateway/core_network.sh
. "$(dirname "$0")/core_network.sh"
needs bird python3

# comes_from NUMBER: the server sees an address of that gateway's pool
comes_from() {
	ask client tcp $server 80 | tee /dev/stderr | grep "^answered: 203\.0\.113\." | {
		IFS=. read -r _ _ _ last
		[ "$((last / 16))" -eq "$1" ]
	}
}

ctl() {
	ns one env "IPXLAT_STATE=$scratch/one-run/state.json" ipxlatctl "$@"
}

core_network
gateway_of one 1
gateway_of two 2 "s|203.0.113.16/28|203.0.113.32/28|"
core_bird
for gate in one two; do check "gateway $gate comes up" comes_to $gate edge "on: "; done
check "the core knows both, and prefers the first" wait_for leads_to 1
check "it knows both pools" wait_for bash -c "ip -n core-$$ route show 203.0.113.16/28 | grep via &&
	ip -n core-$$ route show 203.0.113.32/28 | grep via"
check "clients come from the first one's pool" wait_for comes_from 1
ctl drain edge
check "drained: the core leads to the second within a second" soon leads_to 2
check "where clients come from then" wait_for comes_from 2
check "the pool of the first stays announced" bash -c "ip -n core-$$ route show 203.0.113.16/28 | grep via"
ctl resume edge
check "resumed: it leads to the first again within a second" soon leads_to 1
check "and clients come from there" wait_for comes_from 1
stop one-ipxlatd
check "ended: it leads to the second within a second" soon leads_to 2
check "where clients come from then" wait_for comes_from 2
finish
