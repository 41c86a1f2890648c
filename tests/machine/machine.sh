# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by the scenarios, which state sentences as the selftests do: the README's blocks, and who else is on the two
# Ethernets of the machine.
export LC_ALL=C SYSTEMD_COLORS=0 PAGER=cat SYSTEMD_BUS_TIMEOUT=180
# shellcheck source=tests/selftests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../selftests/lib.sh"
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
cd "$repository" || exit
# shellcheck disable=SC2034  # for the scenarios
began=$(date +%s)

# on the IPv4 Internet of the scenarios; one that is not global would be refused
server=1.2.3.4

# readme HEADING NUMBER: the NUMBERth indented block below the heading, as it is printed
readme() {
	awk -v heading="$1" -v wanted="$2" '
		/^#/ { inside = $0 ~ "^#+ " heading "$"; block = 0; was = 0; next }
		inside && /^    / { if (!was) block++; if (block == wanted) print substr($0, 5); was = 1; next }
		inside && /^$/ { next }
		{ was = 0 }' README.md
}

# readme_commands HEADING NUMBER: each line of that block succeeds
readme_commands() {
	local line
	while read -r line; do
		check "README: ${line%%  *}" bash -c "$line"
	done < <(readme "$1" "$2")
}

# neighbour NAME INTERFACE: a namespace that has this interface of the machine, by the same name
neighbour() {
	namespaces "$1"
	wait_for ip link show "$2" >"$scratch/output"  # it comes back from the scenario before
	ip link set "$2" netns "$1-$$" && ns "$1" ip link set "$2" up
}

# gateway_neighbours: a client on the Ethernet of eth0 and, behind a router on that of eth1, a web server, for the addresses of
# gateway_links. The server says who asked.
gateway_neighbours() {
	neighbour client eth2
	neighbour server eth3
	ns client ip address add 2001:db8:1::11/64 dev eth2
	ns client ip route add default via 2001:db8:1::1
	ns server ip address add 203.0.113.1/24 dev eth3
	ns server ip address add $server dev lo
	web_server server
}

# gateway_links: what an operator gives the machine before ours comes: its addresses, by networkd
gateway_links() {
	mkdir -p /etc/systemd/network
	printf '[Match]\nName=eth0\n[Network]\nAddress=2001:db8:1::1/64\nIPv6AcceptRA=no\n' >/etc/systemd/network/eth0.network
	printf '[Match]\nName=eth1\n[Network]\nAddress=203.0.113.2/24\nGateway=203.0.113.1\n' >/etc/systemd/network/eth1.network
	systemctl enable --now systemd-networkd
}

# web_server NAMESPACE: which answers each question with the address that asked
web_server() {
	start_in "$1" web python3 -c '
import http.server, socketserver, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.client_address[0].encode() + b"\n")
socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer((sys.argv[1], 80), Answer).serve_forever()' $server
	wait_for ns "$1" curl -sf --max-time 5 "http://$server/" >"$scratch/web"
}

# router_neighbours: a router with NAT64 on the Ethernet of eth0, and a web server behind it
#
#   the machine --- eth2 router 203.0.113.1 --- 203.0.113.9 server 1.2.3.4
router_neighbours() {
	neighbour router eth2
	namespaces server
	veth router:wan0 server:eth0
	ns router ip address add 2001:db8:1::1/64 dev eth2
	ns router ip address add 203.0.113.1/24 dev wan0
	ns router ip route add default via 203.0.113.9
	ns server ip address add 203.0.113.9/24 dev eth0
	ns server ip address add $server dev lo
	printf '[nat64.edge]\npref64 = "64:ff9b::/96"\ndownlinks = ["eth2"]\nuplinks = ["wan0"]\n' >"/etc/ipxlat/netns/router-$$.toml"
	web_server server
}

# advertise [LINE...]: the router advertises 2001:db8:1::/64, with these lines of radvd.conf(5) more
advertise() {
	if running radvd; then stop radvd; fi
	printf '%s\n' 'interface eth2 {' 'AdvSendAdvert on;' 'MinRtrAdvInterval 3;' 'MaxRtrAdvInterval 10;' \
		'prefix 2001:db8:1::/64 { };' "$@" '};' >"$scratch/radvd.conf"
	start_in router radvd radvd -n -C "$scratch/radvd.conf" -p "$scratch/radvd.pid"
}

# files: all of the machine but what packages in general leave
files() {
	find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path '/var/lib/dpkg' -o \
		-path /var/lib/apt -o -path /var/cache -o -path /var/log/journal -o -path /var/lib/systemd -o \
		-path '/var/tmp/systemd-private-*' \) -prune -o -print | sort
}
