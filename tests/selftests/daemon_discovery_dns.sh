#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A CLAT that nobody has told the prefix of the NAT64: resolvers know it (RFC 7050), those of the host, those that routers
# name (RFC 8106), those of the configuration.
#
#   host 2001:db8:1::11 --- ::1 gate 203.0.113.2 --- 203.0.113.9 server
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/daemon_network.sh"
needs python3

server=203.0.113.9
clat_network
ns gate ip address add 2001:db8:1::53/64 dev eth0
# routers of the host's own network are heard, if there are any
ns host sysctl -qw net.ipv6.conf.eth0.accept_ra=1 net.ipv6.conf.eth0.router_solicitations=0
configured ""

# learns LINE...: the host's configuration, without a prefix
learns() {
	configure host <<-END
		[clat.home]
		device = "clat0"
		uplinks = ["eth*"]
		address6 = "shared"
		$*
	END
}

# names_at ADDRESS: gate is a resolver there
names_at() {
	start_in gate resolver python3 "$repository/tests/selftests/programs/resolver.py" "$1" "$scratch/says"
	wait_for grep ready "$scratch/resolver.log"
}

# says WORD...: what it answers from now on
says() { echo "$*" >"$scratch/says.new" && mv "$scratch/says.new" "$scratch/says"; }

# asked TIMES: by the host, for the name of RFC 7050
asked() {
	local times
	times=$(grep -c '^ipv4only.arpa 28 by 2001:db8:1::11$\|^ipv4only.arpa 28 by fe80:' "$scratch/resolver.log")
	echo "$times"
	[ "$times" -ge "$1" ]
}

before=$(ours host)
check "the server answers" answering server
daemon gate
check "the gateway comes up" comes_to gate edge "on: "

# the host's own
resolver host 2001:db8:1::53
says 12 64:ff9b::192.0.0.170 64:ff9b::192.0.0.171
names_at 2001:db8:1::53
learns
daemon host
check "the host's resolver tells the prefix" comes_to host home "on: pref64 64:ff9b::/96 by DNS"
check "and it works" wait_for asks host tcp $server 203.0.113.2
check "ipxlatctl tells for how long" wait_for ns host bash -c "
	IPXLAT_STATE='$scratch/host-run/state.json' ipxlatctl status | grep -E 'pref64 64:ff9b::/96 by DNS for 1?[0-9] s'"
: >"$scratch/resolver.log"
check "a lifetime of 12 seconds is outlived" stays_on 14
check "since it is asked in time" asked 1
says silence
check "nothing changes while it is silent" stays_on 16
says nothing
check "where the name has no IPv6 address there is no NAT64" \
	comes_to host home "off: neither routers on eth0 nor DNS tell the prefix of a NAT64"
check "nothing is left of it then" wait_for bash -c "! ip -n host-$$ link show clat0"
check "the daemon stops" stop host-ipxlatd
check "the resolver ends" stop resolver
resolver host 2001:db8:1::1 # where there is none

# of a link-local address that a router names, with another length
says 600 2001:db8:122:344:c0:0:aa00:0 2001:db8:122:344:c0:0:ab00:0
local6=$(ns gate ip -6 -o address show dev eth0 scope link | sed -E 's/.*inet6 ([^/]+).*/\1/')
names_at "$local6%eth0"
daemon host
check "without a resolver it is off" comes_to host home "off: neither routers on eth0 nor DNS tell the prefix of a NAT64"
start_in gate router python3 "$repository/tests/selftests/programs/router.py" eth0 "resolver=$local6"
check "a resolver that the router names is asked" wait_for asked 1
check "and tells a prefix of 64 bits" comes_to host home "on: pref64 2001:db8:122:344::/64 by DNS"
check "the router ends" stop router
start_in gate router python3 "$repository/tests/selftests/programs/router.py" eth0 64:ff9b::/96=600
check "what routers tell comes first" comes_to host home "on: pref64 64:ff9b::/96 by router advertisement"
check "and works" wait_for asks host tcp $server 203.0.113.2
check "the router ends" stop router
check "the daemon stops" stop host-ipxlatd
check "the resolver ends" stop resolver

# of the configuration, the second of which answers
says 600 64:ff9b::192.0.0.170
names_at 2001:db8:1::53
learns 'dns = ["2001:db8:1::1", "2001:db8:1::53"]'
daemon host
check "those of the configuration are asked, one after the other" comes_to host home "on: pref64 64:ff9b::/96 by DNS"
check "and it works" wait_for asks host tcp $server 203.0.113.2
check "the daemon stops" stop host-ipxlatd
check "everything is as it was" test "$(ours host)" = "$before"
finish
