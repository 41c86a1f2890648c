#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# ipxlatd where no state is kept: a CLAT with a prefix of its own for a network behind it, and SIIT at the other end, so
# that each end has an address of its own all the way:
#
#   four 192.0.2.10 --- .1 home 2001:db8:1::11 --- ::1 border 203.0.113.2 --- 203.0.113.9 server
#
# 192.0.2.0/24 is 2001:db8:100:64::/96 in between, and 198.51.100.0/24 beyond the border.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/daemon_network.sh"
needs conntrack python3

namespaces four home border server
veth four:eth0 home:eth1
veth home:eth0 border:eth0
veth border:eth1 server:eth0
ns four ip address add 192.0.2.10/24 dev eth0
ns four ip route add default via 192.0.2.1
ns home sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ns home ip address add 192.0.2.1/24 dev eth1
ns home ip address add 2001:db8:1::11/64 dev eth0
ns home ip route add default via 2001:db8:1::1
ns border ip address add 2001:db8:1::1/64 dev eth0
ns border ip route add 2001:db8:100:64::/96 via 2001:db8:1::11
ns border ip address add 203.0.113.2/24 dev eth1
ns server ip address add 203.0.113.9/24 dev eth0
ns server ip route add default via 203.0.113.2
home_before=$(ours home)
border_before=$(ours border)
configure home <<-'END'
	[clat.home]
	device = "clat0"
	uplinks = ["eth0"]
	pref64 = "2001:db8:46::/96"
	address6 = "2001:db8:100:64::/96"
	local4 = "192.0.2.0/24"
END
configure border <<-'END'
	[siit.dc]
	remote-prefix6 = "2001:db8:46::/96"
	local-map-file = "border.map"
	manage-sysctls = false
END
echo "198.51.100.0/24 2001:db8:100:64::/96" >"$scratch/border.map"

check "the server answers" answering server
daemon home
check_says "the CLAT comes up" "(prefix)" comes_to home home "on: "
check "it needs no rule" test -z "$(ns home nft list ruleset)"
check_says "what nobody takes behind its prefix is unreachable" "unreachable 2001:db8:100:64::/96" ns home ip -6 route
daemon border
check "SIIT without forwarding fails and names the sysctls" comes_to border dc \
	"failed: it needs net.ipv4.ip_forward = 1 and net.ipv6.conf.all.forwarding = 1, and manage-sysctls is false"
sed -i '/manage-sysctls/d' "$scratch/border.toml"
ns border ip route add 198.51.100.0/24 dev eth1 metric 50
reload border
check "a route of somebody else's to the same is not ousted" comes_to border dc \
	"failed: there is a route to 198.51.100.0/24 already: 198.51.100.0/24 dev eth1"
ns border ip route del 198.51.100.0/24
check_says "with leave to set them it comes up" "1 mapping, and 2001:db8:46::/96 for everything else" \
	comes_to border dc "on: "
check "TCP arrives with the address that belongs to four" wait_for asks four tcp 203.0.113.9 198.51.100.10
check "so does UDP" asks four udp 203.0.113.9 198.51.100.10
check "the server reaches four by that address" ns server ping -c 2 -i 0.2 -W 5 198.51.100.10
for size in 2000 8000; do
	check "with $size bytes, too" ns server ping -c 1 -W 5 -s $size 198.51.100.10
	check "and four the server" ns four ping -c 1 -W 5 -s $size 203.0.113.9
done
ns home ip route del 192.0.2.0/24
check_says "who is not there is told to be unreachable at once, not after 64 passes" "Destination Host Unreachable" \
	bash -c "! ip netns exec server-$$ ping -c 1 -W 5 198.51.100.77"
ns home ip route add 192.0.2.0/24 dev eth1 src 192.0.2.1
check "no packet was tracked" test -z "$(ns border conntrack -L 2>/dev/null)"

# offloaded FAMILY: a flow of UDP is
offloaded() {
	ns border conntrack -L -f "$1" -p udp 2>&1 | grep OFFLOAD
}

sed -i 's/^\[siit.dc\]/&\nflowtable-links = ["eth0", "eth1"]/' "$scratch/border.toml"
reload border
check "SIIT with a flowtable comes up" comes_to border dc "on: "
start_in four flow python3 "$repository/tests/selftests/programs/keep_asking.py" 203.0.113.9 9
check "a flow that was answered is offloaded over IPv6" wait_for offloaded ipv6
check "and over IPv4" wait_for offloaded ipv4
so_far=$(wc -l <"$scratch/flow.log")
check "its answers go on" wait_for bash -c "[ \$(wc -l <$scratch/flow.log) -gt $((so_far + 10)) ]"
check "all with the address that belongs to four" test "$(sort -u "$scratch/flow.log")" = 198.51.100.10
stop flow
check "the SIIT daemon stops" stop border-ipxlatd
check "everything is as it was" test "$(ours border)" = "$border_before"
check "the CLAT daemon stops" stop home-ipxlatd
check "everything is as it was there, too" test "$(ours home)" = "$home_before"
finish
