// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/repairer.h"

#include "tests/datapath/arena.h"
#include "tests/datapath/command.h"
#include "tests/datapath/sysctl.h"

namespace ipxlat::test {
namespace {

constexpr const char* kGateLinks = R"(link add x0 type ipxlat
link set x0 up mtu 1500
link set wire up mtu 1500
link set tap-route up mtu 1500
route replace 0.0.0.0/0 dev x0 table 100
route replace ::/0 dev x0 table 100
route replace 0.0.0.0/0 dev wire
route replace ::/0 dev wire
addr replace 192.0.0.2/32 dev lo
addr replace 2001:db8:cafe::3/128 dev lo
addr replace 203.0.113.254/32 dev wire
addr replace 2001:db8:ffff::1/128 dev wire nodad
)";

constexpr const char* kFarLinks = R"(link set wire up mtu 1500
route replace local 0.0.0.0/0 dev lo table 100
route replace local ::/0 dev lo table 100
route replace 0.0.0.0/0 dev wire
route replace ::/0 dev wire
)";

constexpr const char* kRedirects =
    R"(filter replace dev tap-redirect ingress pref 1 handle 1 matchall action mirred egress redirect dev x0
filter replace dev tap-mirror ingress pref 1 handle 1 matchall action mirred egress mirror dev x0
)";

// The ways of nftables into a device: as a packet on a link, and as a CLAT does it.
constexpr const char* kPortRules = R"(
table netdev fuzz
delete table netdev fuzz
table netdev fuzz {
	chain dup { type filter hook ingress device "tun-dup" priority 0; dup to "x0"; drop; }
	chain framed { type filter hook ingress device "tap-dup" priority 0; dup to "x0"; drop; }
	chain forwarded { type filter hook ingress device "tun-fwd" priority 0; fwd to "x0"; }
}
table ip fuzz
delete table ip fuzz
table ip fuzz {
	chain pre { type filter hook prerouting priority raw; iifname "tun-clat" dup to 192.0.2.77 device "x0" drop; }
}
table ip6 fuzz
delete table ip6 fuzz
table ip6 fuzz {
	chain pre { type filter hook prerouting priority raw; iifname "tun-clat" dup to fe80::1 device "x0" drop; }
}
)";

void forward_all() {
  set_sysctl("net/ipv4/ip_forward", "1");
  set_sysctl("net/ipv6/conf/all/forwarding", "1");
  set_sysctl("net/ipv4/conf/all/accept_local", "1");
}

}  // namespace

Repairer::Repairer(const Namespace& gate, const Namespace& far)
    : gate_(gate),
      interfaces_(gate.inside([] { return Interfaces(); })),
      gate_ip_(gate.name()),
      far_ip_(far.name()) {}

void Repairer::repair() {
  gate_ip_.run(kGateLinks);
  far_ip_.run(kFarLinks);
  gate_.inside(forward_all);
  int index = interfaces_.index(Arena::kDevice);
  if (index == device_) return;
  // what refers to a device knows it by its number, and so would a tc that goes on
  run({"tc", "-n", gate_.name(), "-force", "-batch", "-"}, kRedirects);
  run({"ip", "netns", "exec", gate_.name(), "nft", "-f", "-"}, kPortRules);
  device_ = index;
}

}  // namespace ipxlat::test
