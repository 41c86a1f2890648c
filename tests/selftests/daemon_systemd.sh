#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# ipxlatd.service as it is installed, under a systemd with namespaces of its own: start, reload and stop are told as they
# went, within the unit's sandbox. The service manager's network is that of a NAT64 gateway, gate.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/daemon_network.sh"
needs systemctl journalctl unshare nsenter curl

namespaces gate client
veth gate:eth0 client:eth0
veth gate:eth1 client:eth1
ns gate ip address add 2001:db8:1::1/64 dev eth0
ns gate ip address add 203.0.113.2/24 dev eth1
before=$(ours gate)

mkdir -p "$scratch/system"
sed "s,@PREFIX@,/usr/local,; s,^\(ExecStart=.*\),\1 --config /run/gate.toml," "$repository/dist/ipxlatd.service" \
	>"$scratch/system/ipxlatd.service"
# nothing of this machine is to be started; the journal is where the log goes
cat >"$scratch/system/test.target" <<-'END'
	[Unit]
	DefaultDependencies=no
	Wants=systemd-journald.socket
	After=systemd-journald.socket
END
sed '/^ExecStart=/s, --config .*,,' "$scratch/system/ipxlatd.service" | sed -f "$repository/dist/netns.sed" |
	sed 's,/etc/ipxlat/netns,/run,' >"$scratch/system/ipxlatd@.service"
mkdir "$scratch/system/ipxlatd.service.d" "$scratch/system/ipxlatd@.service.d"
tee "$scratch/system/ipxlatd.service.d/alone.conf" >"$scratch/system/ipxlatd@.service.d/alone.conf" <<-'END'
	[Unit]
	DefaultDependencies=no
END

# become_init: in new namespaces, all that systemd asks for
cat >"$scratch/become_init" <<-END
	set -e
	mount --make-rprivate /
	mount -t tmpfs tmpfs /usr/local/sbin
	cp "$repository/build/userspace/ipxlatd" /usr/local/sbin
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
	mount -t tmpfs -o mode=755 tmpfs /run
	mkdir /run/systemd
	cp -r "$scratch/system" /run/systemd
	hostname gate
	exec env -i container=ipxlat PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --unit=test.target
END

# manager COMMAND...: where systemd is; a busy machine without KVM takes longer than its tools wait
manager() {
	SYSTEMD_BUS_TIMEOUT=180 nsenter --target "$init" --all "$@"
}

# found_manager: prints its process once it has come up
found_manager() {
	local init
	init=$(pgrep -f -- '^/lib/systemd/systemd --system --unit=test.target') && manager systemctl is-active test.target >&2 &&
		echo "$init"
}

# configure_gate LINES
configure_gate() {
	manager tee /run/gate.toml <<-END
		metrics-listen = "127.0.0.1:9464"
		[nat64.edge]
		downlinks = ["eth0"]
		uplinks = ["eth1"]
		$1
	END
}

group=/sys/fs/cgroup/ipxlat-$$
mkdir "$group"
start systemd bash -c "echo \$\$ >$group/cgroup.procs
	exec ip netns exec gate-$$ unshare --fork --kill-child --pid --mount-proc --mount --cgroup --uts --ipc bash $scratch/become_init"
init=$(wait_for found_manager 2>"$scratch/found.log" | tail -n 1)
check "systemd starts" test -n "$init"

configure_gate 'pref64 = "64:ff9b::/96"' >/dev/null
check "the service starts" manager systemctl start ipxlatd
check_says "which means that all is there" "64:ff9b::/96 dev edge" ns gate ip -6 route
check_says "metrics are served within the sandbox" 'ipxlat_instance_state{name="nat64.edge",state="on"} 1' \
	manager curl -sSf --max-time 20 http://127.0.0.1:9464/metrics
pid=$(manager systemctl show -P MainPID ipxlatd)

configure_gate 'pref64 = "2001:db8:64::/96"' >/dev/null
check "a reload succeeds" manager systemctl reload ipxlatd
check_says "which means that it took effect" "2001:db8:64::/96 dev edge" ns gate ip -6 route

configure_gate $'pref64 = "2001:db8:64::/97"\nmode = "nat44"' >/dev/null
check_not "a reload of a configuration with mistakes fails" manager systemctl reload ipxlatd
check_says "the journal says all of them" "gate.toml:5: nat64.edge.pref64: '2001:db8:64::/97' is refused" \
	wait_for manager journalctl -q -u ipxlatd -p err
check_says "the status tells of it" "stays as it was: /run/gate.toml:5: nat64.edge.pref64" \
	manager systemctl show -P StatusText ipxlatd
check "the daemon runs on" test "$(manager systemctl show -P MainPID ipxlatd)" = "$pid"
check_says "with what it had" "2001:db8:64::/96 dev edge" ns gate ip -6 route

configure_gate 'pref64 = "2001:db8:64::/96"' >/dev/null
check "the next reload succeeds again" manager systemctl reload ipxlatd

# in_blue COMMAND...: in a namespace of systemd's
in_blue() {
	manager ip netns exec blue "$@"
}

# blue_network: with links of the same names as gate has
blue_network() {
	manager ip netns add blue && in_blue ip link add eth0 type dummy && in_blue ip link add eth1 type dummy &&
		in_blue ip link set eth0 up && in_blue ip link set eth1 up && in_blue ip address add 203.0.113.66/24 dev eth1
}

gate_alone=$(ours gate)
check "there is another network namespace" blue_network
check_not "without a configuration its service fails" manager systemctl start ipxlatd@blue
manager tee /run/blue.toml >"$scratch/blue.toml" <<-'END'
	[nat64.edge]
	pref64 = "64:ff9b::/96"
	downlinks = ["eth0"]
	uplinks = ["eth1"]
END
check "with one it starts" manager systemctl start ipxlatd@blue
check_says "a gateway of the same name is there" "64:ff9b::/96 dev edge" in_blue ip -6 route
check_says "ipxlatctl tells of it" "uplinks eth1, downlinks eth0" \
	in_blue env IPXLAT_STATE=/run/ipxlat/netns/blue/state.json "$repository/build/userspace/ipxlatctl" status
check "its reload succeeds" manager systemctl reload ipxlatd@blue
check "the other one does not notice" test "$(ours gate)" = "$gate_alone"
check "it stops" manager systemctl stop ipxlatd@blue
check_not "and takes everything away" in_blue ip link show edge
check "the other one runs on" test "$(manager systemctl show -P MainPID ipxlatd)" = "$pid"
check "the namespace can go" manager ip netns del blue

check "the service stops" manager systemctl stop ipxlatd
check "everything is as it was" test "$(ours gate)" = "$before"
check "nothing is left to remember" test -z "$(manager find /run/ipxlat ! -type d)"

stop systemd KILL
check "systemd ends" wait_for find "$group" -depth -type d -exec rmdir '{}' +
finish
