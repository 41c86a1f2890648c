// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/arena.h"

#include <algorithm>
#include <stdexcept>

#include "lib/netlink.h"
#include "tests/datapath/command.h"
#include "tests/datapath/namespace.h"

namespace ipxlat::test {
namespace {

// the gate's own address in one family, and what the device makes of it in the other
constexpr const char* kGate4 = "192.0.0.2";
constexpr const char* kGate4In6 = "2001:db8:cafe::2";
constexpr const char* kGate6 = "2001:db8:cafe::3";
constexpr const char* kGate6In4 = "192.0.0.3";

// One address on both ends of the wire: neighbours are not resolved, so each sends to its own.
constexpr const char* kWireAddress = "02:00:00:00:00:01";

// What comes out of x0, in a VRF or not, and what the gate sends follow the main table; what it receives, and
// what its sockets send out of x0, go into x0 or nowhere: nothing passes the gate that was not translated.
constexpr const char* kGateRules = R"(rule add pref 10 iif x0 lookup main
rule add pref 10 iif vrf0 lookup main
rule add pref 11 iif lo oif x0 lookup 100
rule add pref 12 iif lo lookup main
rule add pref 13 lookup 100
rule add pref 14 blackhole
)";

constexpr const char* kFarRules = R"(rule add pref 10 iif wire lookup 100
)";

// A NAT64: IPv6 clients get addresses of a pool in front of the device, and that of the wire behind it.
constexpr const char* kNatRules = R"(
table inet nat
delete table inet nat
table inet nat {
	chain post {
		type nat hook postrouting priority srcnat;
		oifname "x0" ip6 daddr 64:ff9b::/96 snat ip6 to 64:ff9b:1:fffe::c612:1-64:ff9b:1:fffe::c612:ffff
		oifname "wire" masquerade
	}
}
)";

// Connections of random packets are forgotten soon, lest the table be full.
constexpr const char* kConntrackTimeouts[] = {
    "udp_timeout",          "udp_timeout_stream",      "icmp_timeout",
    "icmpv6_timeout",       "generic_timeout",         "tcp_timeout_syn_sent",
    "tcp_timeout_syn_recv", "tcp_timeout_established", "tcp_timeout_unacknowledged",
    "tcp_timeout_last_ack", "tcp_timeout_close",       "tcp_timeout_max_retrans",
    "tcp_timeout_fin_wait", "tcp_timeout_time_wait",   "tcp_timeout_close_wait"};

void strict_batch(const Namespace& space, const std::string& lines) {
  run_or_throw({"ip", "-n", space.name(), "-batch", "-"}, lines);
}

void rules(const Namespace& space, const std::string& lines) {
  strict_batch(space, lines);
  run_or_throw({"ip", "-6", "-n", space.name(), "-batch", "-"}, lines);
}

// Everything is answered, however often.
void answer_all() {
  set_sysctl("net/ipv6/conf/default/accept_dad", "0");
  set_sysctl("net/ipv6/conf/all/accept_dad", "0");
  set_sysctl("net/ipv4/icmp_ratelimit", "0");
  set_sysctl("net/ipv6/icmp/ratelimit", "0");
  set_sysctl("net/ipv4/conf/all/rp_filter", "0");
  set_sysctl("net/ipv4/conf/default/rp_filter", "0");
}

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

Arena::Arena(std::string name, bool nat)
    : name_(std::move(name)), nat_(nat), gate_(name_ + "-gate"), far_(name_ + "-far") {
  make_links();
  open_sources();
  Repairer(gate_, far_).repair();
  if (!nat_) return;
  run_or_throw({"ip", "netns", "exec", gate_.name(), "nft", "-f", "-"}, kNatRules);
  gate_.inside([] {
    for (const char* timeout : kConntrackTimeouts)
      set_sysctl(std::string("net/netfilter/nf_conntrack_") + timeout, "3");
  });
}

void Arena::make_links() {
  gate_.inside(answer_all);
  far_.inside(answer_all);
  run_or_throw({"ip", "-n", gate_.name(), "link", "add", kWire, "address", kWireAddress, "type", "veth",
                "peer", "name", kWire, "address", kWireAddress, "netns", far_.name()});
  for (const Namespace* space : {&gate_, &far_})
    strict_batch(*space, "link set lo up\nlink set wire arp off\nlink set wire up\n");
  strict_batch(gate_, "link add x0 type ipxlat\nlink set x0 up\n");
  rules(gate_, kGateRules);
  rules(far_, kFarRules);
}

void Arena::open_sources() {
  using Kind = TunKind;
  static constexpr std::pair<Kind, const char*> kPorts[] = {
      {Kind::kTun, "tun-route"},  {Kind::kTun, "tun-dup"},         {Kind::kTun, "tun-fwd"},
      {Kind::kTun, "tun-clat"},   {Kind::kPiecewise, "tap-route"}, {Kind::kPiecewise, "tap-redirect"},
      {Kind::kTap, "tap-mirror"}, {Kind::kPiecewise, "tap-dup"}};
  Bytes gate_address = gate_.inside([] { return Link(kWire).address(); });
  gate_.inside([this] {
    for (const auto& [kind, port] : kPorts) sources_.push_back(open_tun_port(kind, port));
    sources_.push_back(open_packet_port("packet-socket", {kDevice, kDevice, kOtherDevice}, {}));
    sources_.push_back(open_raw_port(kDevice));
    sources_.push_back(open_udp_port(kDevice));
  });
  far_.inside([&] { sources_.push_back(open_packet_port("wire", {kWire}, gate_address)); });
  sources_.push_back(open_tcp_port(gate_, far_, kDevice, parse_address4(kGate4), parse_address6(kGate6)));
  std::string lines;
  for (const auto& [kind, port] : kPorts) lines += "link set " + std::string(port) + " up\n";
  strict_batch(gate_, lines);
  run_or_throw({"tc", "-n", gate_.name(), "-batch", "-"},
               "qdisc add dev tap-redirect clsact\nqdisc add dev tap-mirror clsact\n");
}

std::unique_ptr<Devices> Arena::open_devices() const {
  auto devices = gate_.inside(NetlinkDevices::open);
  if (!devices) throw std::runtime_error(devices.error().text);
  return std::move(*devices);
}

DeviceConfig nat_config() {
  DeviceConfig config;
  config.settings.remote_prefix6 = parse_prefix6("64:ff9b::/96");
  config.map = {parse_map_entry("198.18.0.0/15", "64:ff9b:1:fffe::c612:0/111")};
  return config;
}

void add_gate_addresses(DeviceConfig& config) {
  const MapEntry wanted[] = {parse_map_entry(kGate4, kGate4In6), parse_map_entry(kGate6In4, kGate6)};
  if (config.map.empty()) return;
  for (const MapEntry& entry : wanted) {
    bool taken = std::any_of(config.map.begin(), config.map.end(), [&](const MapEntry& other) {
      return other.prefix4 == entry.prefix4 || other.prefix6 == entry.prefix6;
    });
    if (!taken) config.map.push_back(entry);
  }
}

}  // namespace ipxlat::test
