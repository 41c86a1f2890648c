# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154,SC2034  # variables that environment.sh sets, and that run uses
# Sourced by tests/demo/run: the network of the demo, each machine a namespace.
#
#    laptop ---.                IPv6 only                              IPv4 only
#   (clat)     |--- router ---------------------- gateway ---------------- isp ---------------- server
#    phone ----'                                  (nat64, dns64)
#          2001:db8:a::/64    2001:db8:b::/64            203.0.113.0/24        198.51.100.0/24
#          by advertisement   ::1           ::2          .2          .1        .1            .80

server=198.51.100.80
public=203.0.113.2
resolver=2001:db8:b::2
pref64=64:ff9b::/96
name=www.example.net

build_network() {
	namespaces laptop phone router gateway isp server
	veth laptop:eth0 router:laptop
	veth phone:eth0 router:phone
	veth router:eth0 gateway:eth0
	veth gateway:eth1 isp:eth0
	veth isp:eth1 server:eth0

	ns router sysctl -qw net.ipv6.conf.all.forwarding=1
	ns router ip link add access type bridge
	ns router ip link set laptop master access
	ns router ip link set phone master access
	ns router ip link set access up
	ns router ip address add 2001:db8:a::1/64 dev access
	ns router ip address add 2001:db8:b::1/64 dev eth0
	ns router ip route add default via $resolver

	ns gateway ip address add $resolver/64 dev eth0
	ns gateway ip route add 2001:db8:a::/64 via 2001:db8:b::1
	ns gateway ip address add $public/24 dev eth1
	ns gateway ip route add default via 203.0.113.1

	ns isp sysctl -qw net.ipv4.ip_forward=1
	ns isp ip address add 203.0.113.1/24 dev eth0
	ns isp ip address add 198.51.100.1/24 dev eth1
	ns server ip address add $server/24 dev eth0
	ns server ip route add default via 198.51.100.1

	mkdir -p "/etc/netns/phone-$$"
	echo "nameserver $resolver" >"/etc/netns/phone-$$/resolv.conf"
}

# the router tells the prefix of the NAT64 itself, where radvd is new enough, and else whom to ask for it
advertise() {
	local nat64prefix="nat64prefix $pref64 { };"
	advertises "$nat64prefix"
	radvd -c -C "$scratch/radvd.conf" >/dev/null 2>&1 || advertises ""
	start_in router radvd radvd -n -m stderr -u root -C "$scratch/radvd.conf" -p "$scratch/radvd.pid"
}

# advertises LINE: radvd's configuration, with this line more
advertises() {
	cat >"$scratch/radvd.conf" <<-END
		interface access {
			AdvSendAdvert on;
			MinRtrAdvInterval 3;
			MaxRtrAdvInterval 10;
			prefix 2001:db8:a::/64 { };
			RDNSS $resolver { };
			$1
		};
	END
}

start_server() {
	head -c 50M /dev/urandom >"$scratch/file"
	checksum=$(sha256sum <"$scratch/file" | cut -d ' ' -f 1)
	start_in server server-http python3 "$repository/tests/demo/server.py" $server "$scratch/file"
	name_server server $server 'module-config: "iterator"' 'local-zone: "example.net." static' \
		"local-data: \"$name. 300 IN A $server\"" 'local-zone: "ipv4only.arpa." static' \
		'local-data: "ipv4only.arpa. 300 IN A 192.0.0.170"' 'local-data: "ipv4only.arpa. 300 IN A 192.0.0.171"'
	wait_for ns server curl -sf -o "$scratch/hello" http://$server/
	wait_for ns server dig +short +time=1 +tries=1 @$server $name A
}

# daemon NAMESPACE: ipxlatd there, with the configuration from standard input
daemon() {
	mkdir -p "$scratch/$1-run"
	cat >"$scratch/$1.toml"
	start_in "$1" "$1-ipxlatd" env "RUNTIME_DIRECTORY=$scratch/$1-run" ipxlatd --config "$scratch/$1.toml"
}

# status NAMESPACE: what its ipxlatd runs
status() {
	ns "$1" env "IPXLAT_STATE=$scratch/$1-run/state.json" ipxlatctl status
}
