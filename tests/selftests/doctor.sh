#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# ipxlatd beside the firewalls that others bring along, and what ipxlatctl doctor says of them:
#
#   client 2001:db8:1::11 --- ::1 gate 203.0.113.2 --- 203.0.113.9 server
#
# The client is a CLAT, the gate a NAT64. The rules are those that these programs usually have (rulesets/).
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/selftests/daemon_network.sh
. "$(dirname "$0")/daemon_network.sh"
needs python3 iptables-nft-restore

# much is asked here that is not answered
export ASK_PATIENCE=5
server=203.0.113.9
rulesets=$(dirname "$0")/rulesets
gateway_network
ns gate ip route add default via $server
configured ""
configure client <<-'END'
	[clat.home]
	uplinks = ["eth0"]
	pref64 = "64:ff9b::/96"
END

# doctor NAMESPACE [WORD...]
doctor() {
	local where=$1
	shift
	ns "$where" env "IPXLAT_STATE=$scratch/$where-run/state.json" ipxlatctl doctor "$@"
}

# mendings NAMESPACE: the commands of what is certain
mendings() {
	doctor "$1" --json | python3 -c '
import json, sys
for check in json.load(sys.stdin):
    for finding in check["findings"]:
        if finding["certain"]:
            print(finding["mend"])'
}

# Programs that are not installed here; each does what the program does to the rules that it is asked about.
cat >"$scratch/ufw" <<-'END'
	#!/bin/bash
	# ufw route allow in on IN out on OUT
	iptables-nft -A ufw-user-forward -i "$5" -o "$8" -j ACCEPT
	ip6tables-nft -A ufw6-user-forward -i "$5" -o "$8" -j ACCEPT
END
cat >"$scratch/firewall-cmd" <<-'END'
	#!/bin/bash
	words=$*
	case $words in
	*--zone=trusted\ --add-interface=*)
		nft insert rule inet firewalld filter_FORWARD_POLICIES iifname "${words##*=}" goto filter_FWD_trusted
		echo "${words##*=}" >"$0.device"
		;;
	*--add-ingress-zone=ANY\ --add-egress-zone=trusted\ --set-target=ACCEPT)
		nft insert rule inet firewalld filter_FORWARD_POLICIES oifname "$(cat "$0.device")" accept
		;;
	esac
END
for program in iptables ip6tables; do ln -s "$(command -v $program-nft)" "$scratch/$program"; done
chmod +x "$scratch/ufw" "$scratch/firewall-cmd"

# mended NAMESPACE: what the doctor names is done
mended() {
	mendings "$1" >"$scratch/mendings"
	cat "$scratch/mendings"
	ns "$1" env "PATH=$scratch:$PATH" bash -e "$scratch/mendings"
}

works() {
	asks client tcp $server 203.0.113.2 && asks client udp $server 203.0.113.2
}

# load NAMESPACE NAME: that program's rules
load() {
	if [ -e "$rulesets/$2.ip" ]; then ns "$1" iptables-nft-restore <"$rulesets/$2.ip" || return; fi
	if [ -e "$rulesets/$2.ip6" ]; then ns "$1" ip6tables-nft-restore <"$rulesets/$2.ip6" || return; fi
	if [ -e "$rulesets/$2.nft" ]; then ns "$1" nft -f "$rulesets/$2.nft" || return; fi
}

unload() {
	ns "$1" nft list tables | grep -v ipxlat | sed 's/^/delete /' | ns "$1" nft -f -
}

# agrees NAMESPACE: doctor finds something where it does not work, and nothing where it does
agrees() {
	local status=0
	doctor "$1" || status=1
	if works; then [ $status -eq 0 ]; else [ $status -eq 1 ]; fi
}

check "the server answers" answering server
daemon gate
daemon client
check "the NAT64 is on" comes_to gate edge "on: "
check "the CLAT is on" comes_to client home "on: "
check "without a firewall it works" wait_for works
check "and doctor finds nothing on the gate" doctor gate
check "nor on the client" doctor client

for firewall in docker ufw firewalld libvirt; do
	check "$firewall: its rules load on the gate" load gate $firewall
	check "$firewall: the NAT64 works, or doctor says why" agrees gate
	case $firewall in
	libvirt) check "$firewall: the NAT64 works" works ;;
	*)
		check_refused "$firewall: doctor names it" "($firewall)" bash -c "
			ip netns exec gate-$$ env IPXLAT_STATE=$scratch/gate-run/state.json ipxlatctl doctor | tr D d; exit 1"
		check "$firewall: what doctor names can be done" mended gate
		check "$firewall: then it works" works
		check "$firewall: and doctor finds nothing any more" doctor gate
		;;
	esac
	unload gate
	check "$firewall: its rules load on the client" load client $firewall
	check "$firewall: the CLAT works, or doctor says why" agrees client
	check "$firewall: the CLAT works" works
	unload client
done

ns client nft -f - <<-'END'
	table inet strict {
		chain in {
			type filter hook input priority filter; policy drop;
			meta nfproto ipv6 accept
		}
	}
END
check "an input chain that drops replies: doctor says so" agrees client
check "what doctor names can be done" mended client
check "then it works" works
unload client

ns gate ip -6 route add 64:ff9b::/98 dev eth1 metric 5
check_refused "a route that leads past the device is found" "pref64 64:ff9b::/96 goes by eth1 and not into edge" \
	doctor gate
check "what doctor names takes it away" mended gate
check "and then nothing is found" doctor gate

ns gate sysctl -qw net.ipv4.conf.edge.rp_filter=1
ns gate ip route add 198.18.0.0/16 dev eth1
check_refused "a strict reverse path filter that would drop is found" "rp_filter is strict on edge" doctor gate
ns gate ip route del 198.18.0.0/16 dev eth1
check "where it does not drop it is nothing wrong" doctor gate
ns gate sysctl -qw net.ipv4.conf.edge.rp_filter=0

ns gate ip link set eth0 mtu 1270
check_refused "a link that is too narrow for IPv6 is found" "eth0 takes packets of 1270 bytes, and IPv6 needs 1280" \
	doctor gate
finish
