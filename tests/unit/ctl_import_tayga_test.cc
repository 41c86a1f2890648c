// SPDX-License-Identifier: GPL-2.0-only
#include <set>

#include "tests/unit/ctl_import.h"

namespace ipxlat::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kPool = "prefix 2001:db8:64::/96\ndynamic-pool 203.0.113.0/24\n";
const std::string kSiit = "prefix 2001:db8:64::/96\nmap 198.51.100.10 2001:db8:12::10\n";
const std::string kClat = "prefix 2001:db8:64::/96\nmap 192.0.0.1 2001:db8:1::c1a7\n";
const std::string kWellKnown = "prefix 64:ff9b::/96\n";

// All that tayga.conf(5) of 0.9.2 and the documentation of 0.9.3 to 0.9.6 have.
const std::vector<Expected>& tayga_settings() {
  static const std::vector<Expected> kAll = {
      {"tun-device", kPool + "tun-device nat64\n", "taken over", "nat64.nat64.device", "device = \"nat64\""},
      {"tun-device", kSiit + "TUN-Device siit0\n", "taken over", "siit.siit0.device", "[siit.siit0]"},
      {"tun-device", kClat + "tun-device clat.5\n", "taken over", "clat.\"clat.5\".device",
       "[clat.\"clat.5\"]"},
      {"ipv4-addr", kSiit + "ipv4-addr 192.0.2.1\n", "taken over", "siit.tayga.icmp-source4",
       "icmp-source4 = \"192.0.2.1\""},
      {"ipv4-addr", kPool + "ipv4-addr 203.0.113.1\n", "not needed", "one of dynamic-pool"},
      {"ipv4-addr", kClat + "ipv4-addr 192.0.0.2\n", "not needed", "no hop of its own"},
      {"ipv6-addr", kSiit + "ipv6-addr 2001:db8::1\n", "not needed", "the host's own addresses"},
      {"prefix", kPool, "taken over", "nat64.tayga.pref64", "pref64 = \"2001:db8:64::/96\""},
      {"prefix", kSiit, "taken over", "siit.tayga.remote-prefix6", "remote-prefix6 = \"2001:db8:64::/96\""},
      {"prefix", kClat, "taken over", "clat.tayga.pref64", "pref64 = \"2001:db8:64::/96\""},
      {"wkpf-strict", kPool + "wkpf-strict no\n", "not needed", "is not 64:ff9b::/96"},
      {"wkpf-strict", kWellKnown + "dynamic-pool 203.0.113.0/24\nwkpf-strict yes\n", "not needed",
       "refused below every prefix"},
      {"wkpf-strict", kWellKnown + "dynamic-pool 203.0.113.0/24\nwkpf-strict off\n", "taken over",
       "nat64.tayga.allow-private", "allow-private = [\"10.0.0.0/8\", "},
      {"wkpf-strict", kWellKnown + "wkpf-strict on\n", "no counterpart", "a SIIT translates every address"},
      {"wkpf-strict", kWellKnown + "wkpf-strict 0\n", "not needed", "a SIIT translates every address"},
      {"wkpf-strict", kWellKnown + "map 192.0.0.1 2001:db8::5\nwkpf-strict 1\n", "not needed",
       "the NAT64 of the network"},
      {"map", kSiit, "taken over", "siit.tayga.local-map", R"(["198.51.100.10/32", "2001:db8:12::10/128"])"},
      {"map", "map 198.51.100.0/24 2001:db8::/120\n", "taken over", "siit.tayga.local-map",
       R"(["198.51.100.0/24", "2001:db8::/120"])"},
      {"map", kClat, "taken over", "clat.tayga.address6", "address6 = \"2001:db8:1::c1a7\""},
      {"map", kPool + "map 198.51.100.7 2001:db8::7\n", "taken over", "nat46.maps.forward",
       R"({ address = "198.51.100.7", to = "2001:db8::7" })"},
      {"map", kPool + "map 203.0.113.7 2001:db8::7\n", "no counterpart", "has all of its pool4"},
      {"map", kPool + "map 198.51.100.0/24 2001:db8::/120\n", "no counterpart", "an address of its own"},
      {"map-file", kSiit + "map-file static.map\n", "no counterpart", "local-map-file"},
      {"map-file", kPool + "map-file static.map\n", "no counterpart", "it is not read"},
      {"dynamic-pool", kPool, "taken over", "nat64.tayga.pool4", "pool4 = [\"203.0.113.0/24\"]"},
      {"dynamic-pool",
       kWellKnown + "dynamic-pool 192.168.255.0/24\n",
       "taken over",
       "nat64.tayga.pool4",
       "mode = \"masquerade\"\npool4 = [\"192.168.255.0/24\"]",
       {"--uplinks", "eth1"}},
      {"dynamic-pool", "map 198.51.100.7 2001:db8::7\ndynamic-pool 203.0.113.0/24\n", "no counterpart",
       "there is no prefix"},
      {"data-dir", kPool + "data-dir /var/db/tayga\n", "no counterpart", "port-blocks"},
      {"data-dir", kSiit + "data-dir /var/db/tayga\n", "not needed", "no dynamic-pool"},
      {"strict-frag-hdr", kSiit + "strict-frag-hdr on\n", "no counterpart", "RFC 7915"},
      {"strict-frag-hdr", kSiit + "strict-frag-hdr false\n", "not needed", "no Fragment header"},
      {"udp-cksum-mode", kSiit + "udp-cksum-mode drop\n", "taken over", "siit.tayga.udp-zero-checksum",
       "udp-zero-checksum = \"drop\""},
      {"udp-cksum-mode", kPool + "udp-cksum-mode calc\n", "taken over", "nat64.tayga.udp-zero-checksum",
       "udp-zero-checksum = \"compute\""},
      {"udp-cksum-mode", kPool + "udp-cksum-mode fwd\n", "taken over", "nat64.tayga.udp-zero-checksum",
       "udp-zero-checksum = \"forward\""},
      {"udp-cksum-mode", kClat + "udp-cksum-mode calc\n", "not needed", "a CLAT does so"},
      {"udp-cksum-mode", kClat + "udp-cksum-mode drop\n", "no counterpart", "a CLAT computes"},
      {"log", kSiit + "log drop\n", "no counterpart", "ipxlatctl stats"},
      {"log", kSiit + "log reject\n", "no counterpart", "ipxlatctl stats"},
      {"log", kSiit + "log icmp\n", "no counterpart", "ipxlatctl stats"},
      {"log", kSiit + "log self\n", "not needed", "no address"},
      {"log", kSiit + "log dyn\n", "not needed", "no dynamic-pool"},
      {"log", kPool + "log dyn\n", "taken over", "nat64.tayga.log", "log = \"sessions\""},
      {"offlink-mtu", kSiit + "offlink-mtu 1492\n", "taken over", "siit.tayga.lowest-ipv6-mtu",
       "lowest-ipv6-mtu = 1492"},
      {"offlink-mtu", kClat + "offlink-mtu 1492\n", "not needed", "the uplink's MTU"},
      {"workers", kSiit + "workers 4\n", "not needed", "every CPU"},
      {"tun-up", kSiit + "tun-up yes\n", "not needed", "sets its device up"},
      {"tun-ip", kSiit + "tun-ip 192.0.2.1/24\n", "not needed", "without an address"},
      {"tun-ip", kClat + "tun-ip 192.0.0.1/29\n", "not needed", "gives the device its address"},
      {"tun-route", kPool + "tun-route 2001:db8:64::/96\n", "not needed", "makes the routes"},
      {"tun-route", kPool + "tun-route 203.0.113.0/24\n", "not needed", "makes the routes"},
      {"tun-route", kSiit + "tun-route 198.51.100.10\n", "not needed", "makes the routes"},
      {"tun-route", kClat + "tun-route 0.0.0.0/0\n", "not needed", "makes the routes"},
      {"tun-route", kPool + "tun-route 2001:db8:64::c633:6400/120\n", "no counterpart", "routes4"},
      {"tun-route", kSiit + "tun-route 192.0.2.0/24\n", "no counterpart", "ip-route(8)"},
      {"frobnicate", kSiit + "frobnicate 1 2\n", "unknown", ""},
  };
  return kAll;
}

using CtlImportTayga = CtlImport;

TEST_F(CtlImportTayga, EverySettingIsTakenOverOrNamed) {
  std::set<std::string> names;
  for (const auto& expected : tayga_settings()) {
    expect("tayga", expected);
    names.insert(expected.setting);
  }
  EXPECT_EQ(names.size(), 17u + 1u);
}

TEST_F(CtlImportTayga, TheAccountStandsOnTopInTheOrderOfTheFile) {
  const auto outcome =
      import("tayga", "# a border\n\ntun-device dc0 # ours\n" + kSiit +
                          "map 198.51.100.11 2001:db8:12::11\n" + "log drop self\nfrobnicate\n");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, R"(# What became of each setting:
#   line 3: tun-device dc0: taken over as siit.dc0.device; ipxlatd makes it
#   line 4: prefix 2001:db8:64::/96: taken over as siit.dc0.remote-prefix6
#   line 5: map 198.51.100.10 2001:db8:12::10: taken over as siit.dc0.local-map
#   line 6: map 198.51.100.11 2001:db8:12::11: taken over as siit.dc0.local-map
#   line 7: log drop: no counterpart, because no packet is logged; ipxlatctl stats counts them by reason, and the tracepoint ipxlat:ipxlat_drop shows each
#   line 7: log self: not needed, because a device has no address to which packets go
#   line 8: frobnicate: unknown

[siit.dc0]
device = "dc0"
remote-prefix6 = "2001:db8:64::/96"
local-map = [
  ["198.51.100.10/32", "2001:db8:12::10/128"],
  ["198.51.100.11/32", "2001:db8:12::11/128"],
]
)");
  EXPECT_EQ(
      outcome.err,
      "ipxlatctl: standard input:7: log drop: no counterpart, because no packet is logged; ipxlatctl stats "
      "counts them by reason, and the tracepoint ipxlat:ipxlat_drop shows each\n"
      "ipxlatctl: standard input:8: frobnicate: unknown\n");
}

TEST_F(CtlImportTayga, WhatIsToBeFilledInIsTold) {
  const std::string file = kWellKnown + "dynamic-pool 192.168.255.0/24\n";
  const auto without = import("tayga", file);
  EXPECT_EQ(without.status, 1);
  EXPECT_THAT(without.out,
              HasSubstr("# uplinks = [\"eth1\"]  # to be filled in: the interfaces toward IPv4\n"));
  EXPECT_THAT(without.err, HasSubstr("nat64.tayga.uplinks: masquerade mode needs to know the interfaces"));
  const auto with =
      import("tayga", file, {"--uplinks", "eth1,eth2", "--downlinks=eth0", "--uplinks", "eth3"});
  EXPECT_EQ(with.status, 0) << with.err;
  EXPECT_THAT(with.out, HasSubstr("downlinks = [\"eth0\"]\nuplinks = [\"eth1\", \"eth2\", \"eth3\"]\n"));
  EXPECT_THAT(with.out, Not(HasSubstr("to be filled in")));
}

TEST_F(CtlImportTayga, ASiitHasNoInterfaces) {
  const auto refused = import("tayga", kSiit, {"--uplinks", "eth1"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_EQ(refused.out, "");
}

TEST_F(CtlImportTayga, ACalledDeviceIsStillBesideItsServers) {
  const auto outcome = import("tayga", kPool + "tun-device maps\nmap 198.51.100.7 2001:db8::7\n");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("[nat46.maps46]"));
}

TEST_F(CtlImportTayga, WhatIpxlatdRefusesIsPrintedAndTold) {
  const auto outcome = import("tayga", "map 198.51.100.7 2001:db8::7\nmap 198.51.100.7 2001:db8::8\n");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out, HasSubstr("2001:db8::8/128"));
  EXPECT_THAT(outcome.err, HasSubstr("ipxlatctl: the configuration:8: siit.tayga.local-map: "));
}

TEST_F(CtlImportTayga, NothingInTheFileEndsAComment) {
  const auto outcome = import("tayga", kSiit + "frob \x1b[31m\xff\\\"\n");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("frob ?[31m?\\\": unknown\n"));
}

TEST_F(CtlImportTayga, AMalformedFileIsRefusedWithItsLine) {
  expect_refused(
      "tayga", "tun-device x\nprefix 2001:db8::/95\n",
      "standard input:2: prefix: '2001:db8::/95' is no prefix of RFC 6052; allowed: an IPv6 prefix of "
      "length 32, 40, 48, 56, 64 or 96, such as 64:ff9b::/96");
  expect_refused("tayga", "prefix\n",
                 "standard input:1: prefix: it has 0 of 1 values; allowed: a value behind it");
  expect_refused("tayga", "map 192.0.2.1\n",
                 "standard input:1: map: it has 1 of 2 values; allowed: an IPv4 and an IPv6 address, or two "
                 "prefixes with as many bits behind them");
  expect_refused(
      "tayga", "map 192.0.2.0/24 2001:db8::/96\n",
      "standard input:1: map: '192.0.2.0/24 2001:db8::/96' are of different size; allowed: an IPv4 and an "
      "IPv6 address, or two prefixes with as many bits behind them");
  expect_refused("tayga", kSiit + "prefix 64:ff9b::/96\n",
                 "standard input:3: prefix: it is there twice; allowed: once");
  expect_refused("tayga", kSiit + "log drops\n",
                 "standard input:3: log: 'drops' is none of them; allowed: drop, reject, icmp, self and dyn");
  expect_refused(
      "tayga", kSiit + "offlink-mtu 1279\n",
      "standard input:3: offlink-mtu: '1279' is not an integer from 1280 to 65535; allowed: bytes, 1280 to "
      "65535");
  expect_refused(
      "tayga", kSiit + "strict-frag-hdr maybe\n",
      "standard input:3: strict-frag-hdr: 'maybe' is neither yes nor no; allowed: yes, no, true, false, "
      "on, off, 1 or 0");
  for (const char* line :
       {"ipv4-addr ::1", "ipv6-addr 192.0.2.1", "dynamic-pool 203.0.113.1/24", "dynamic-pool 203.0.113.1/32",
        "udp-cksum-mode x", "tun-route x", "wkpf-strict 2"}) {
    const auto outcome = import("tayga", kSiit + line + "\n");
    EXPECT_EQ(outcome.status, 1) << line;
    EXPECT_EQ(outcome.out, "") << line;
    EXPECT_THAT(outcome.err, HasSubstr("standard input:3: ")) << line;
  }
  expect_refused("tayga", "tun-device x\n",
                 "standard input: there is neither a prefix nor a map, and nothing to translate");
}

}  // namespace
}  // namespace ipxlat::ctl
