#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The life of ipxlatd: adoption after it was killed, reload, repair, bad configurations, refusals. A NAT64 gateway whose
# uplink is watched by a connection that has to outlive all of it:
#
#   client 2001:db8:1::11 --- ::1 gate 203.0.113.2 --- 203.0.113.9 server
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/daemon_network.sh"
needs socat python3

server6=64:ff9b::203.0.113.9
gateway_network
before=$(ours gate)

# write EXTRA-LINES: the configuration with these lines more
write() {
	configure gate <<-END
		[nat64.edge]
		pref64 = "64:ff9b::/96"
		downlinks = ["eth0"]
		uplinks = ["eth1"]
		$1
	END
}

reload_and_wait() {
	env "RUNTIME_DIRECTORY=$scratch/gate-run" ipxlatd --reload
}

# as_made: all is as the daemon made it first
as_made() {
	diff <(echo "$made") <(ours gate)
}

# connection_lives: a line sent on the old connection comes back
connection_lives() {
	echo "$1" >&"${talk[1]}"
	local answer
	read -r -t 20 answer <&"${talk[0]}" && [ "$answer" = "$1" ]
}

write 'allow-private = ["203.0.113.0/24"]'
check_says "a rehearsal tells the steps" "add route 64:ff9b::/96 dev edge" \
	ns gate ipxlatd --config "$scratch/gate.toml" --dry-run
check "and takes none" test "$(ours gate)" = "$before"
daemon gate
check "the gateway comes up" comes_to gate edge "on: "
made=$(ours gate)
check "the server answers" answering server
coproc talk { exec ip netns exec "client-$$" socat - "TCP6:[$server6]:7"; }
check "a connection is made" wait_for connection_lives first

check_refused "a second daemon in the same network namespace is refused, whatever its directory" \
	"another ipxlatd runs in this network namespace" \
	ns gate env "RUNTIME_DIRECTORY=$scratch/other-run" timeout 60 ipxlatd --config "$scratch/gate.toml"
check_refused "so is one of the same directory in another network namespace" "another ipxlatd runs with $scratch/gate-run" \
	ns client env "RUNTIME_DIRECTORY=$scratch/gate-run" timeout 60 ipxlatd --config "$scratch/gate.toml"

stop gate-ipxlatd KILL
check "a daemon that was killed leaves the gateway working" connection_lives second
rules=$(ns gate nft -a list ruleset | grep -o 'handle [0-9]*')
daemon gate
check "the next one adopts it" wait_for grep -q "edge\] on:" "$scratch/gate-ipxlatd.log"
check "nothing is doubled or missing" as_made
check "no rule was touched" test "$(ns gate nft -a list ruleset | grep -o 'handle [0-9]*')" = "$rules"
check "the connection lives" connection_lives third

ns gate nft flush ruleset
check "a flushed ruleset is put back" wait_for as_made
ns gate nft flush chain ip ipxlat-edge forward
check "so is a flushed chain" wait_for as_made
ns gate ip route del 64:ff9b::/96
check "so is a deleted route" wait_for as_made
ns gate sysctl -qw net.ipv4.conf.eth1.forwarding=0
check "so is a sysctl" wait_for as_made
ns gate ipxlatctl set edge remote-prefix6 2001:db8:46::/96
check "so is a setting of the device" wait_for ns gate bash -c "ipxlatctl show edge | grep 64:ff9b::/96"
ns gate ip link set edge down
check "so is a device that was set down, with its routes" wait_for as_made
check "the connection lives" connection_lives fourth
ns gate ip link del edge
check "so is a deleted device" wait_for as_made
check "the connection lives still" connection_lives fifth
check_says "the log says it" "somebody has changed what it needs" log gate-ipxlatd

write 'pool9 = "x"
		mode = "nat44"'
check_refused "a broken configuration is refused with file, line and key" "gate.toml:5: nat64.edge.pool9: unknown key" \
	reload_and_wait
check_refused "with all that is wrong" "gate.toml:6: nat64.edge.mode: 'nat44' is no mode" reload_and_wait
check_says "the log says it" "gate.toml:5: nat64.edge.pool9: unknown key" grep "stays as it was" "$scratch/gate-ipxlatd.log"
check "the service is untouched" as_made
check "and runs" connection_lives sixth
check_refused "--check says the same" "gate.toml:5: nat64.edge.pool9: unknown key; allowed: allow-private, client-prefix-length" \
	ipxlatd --config "$scratch/gate.toml" --check

ns gate ip route add blackhole 198.19.0.0/24
write 'pool4 = ["10.64.0.0/16"]
		mode = "masquerade"
		allow-private = ["203.0.113.0/24"]'
ns gate ip route add blackhole 10.64.7.0/24
check_refused "a configuration that cannot be had is told" \
	"[nat64.edge] failed: pool4 10.64.0.0/16 overlaps the route 10.64.7.0/24" reload_and_wait
check "it is in the state" is gate edge "failed: pool4 10.64.0.0/16 overlaps the route 10.64.7.0/24"
check_says "and the old one stays" "198.18.0.0/15 dev edge" ns gate ip route
check "the connection lives on" connection_lives seventh
ns gate ip route del blackhole 10.64.7.0/24
check "when nothing is in the way any more, it is had" comes_to gate edge "on: "
check_says "with its routes" "10.64.0.0/16 dev edge" ns gate ip route
check_not "and without the old ones" bash -c "ip -n gate-$$ route | grep 198.18.0.0"
ns gate ip route del blackhole 198.19.0.0/24
write 'allow-private = ["203.0.113.0/24"]'
check "a reload returns" reload_and_wait
check "when it took effect: the first configuration is back" as_made
reload gate
check_says "SIGHUP is heard, too" "the configuration was read again" \
	wait_for bash -c "[ \$(grep -c 'read again' '$scratch/gate-ipxlatd.log') -eq 3 ] && grep 'read again' '$scratch/gate-ipxlatd.log'"
check "and changes nothing" as_made

check "the daemon stops" stop gate-ipxlatd
check_refused "there is nobody to reload then" "no ipxlatd runs with" reload_and_wait
check "everything is as it was" test "$(ours gate)" = "$before"
finish
