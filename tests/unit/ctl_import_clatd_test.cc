// SPDX-License-Identifier: GPL-2.0-only
#include <set>

#include "tests/unit/ctl_import.h"

namespace ipxlat::ctl {
namespace {

using testing::HasSubstr;

// All that clatd(8) of 1.0 to 2.1 has.
const std::vector<Expected>& clatd_settings() {
  static const std::vector<Expected> kAll = {
      {"quiet", "quiet=1\n", "not needed", "--log-level"},
      {"debug", "debug=2\n", "not needed", "--log-level"},
      {"script-up", "script-up=ip route add 192.0.2.0/24 dev $clat_dev || true\n", "no counterpart",
       "status --watch"},
      {"script-down", "script-down=true\n", "no counterpart", "status --watch"},
      {"clat-dev", "clat-dev=v4\n", "taken over", "clat.v4.device", "[clat.v4]\ndevice = \"v4\""},
      {"clat-v4-addr", "clat-v4-addr=192.0.0.1\n", "not needed", "192.0.0.0/29"},
      {"clat-v4-addr", "clat-v4-addr=198.51.100.7\n", "no counterpart", "local4"},
      {"clat-v6-addr", "clat-v6-addr=2001:DB8::C1A7\n", "taken over", "clat.clat.address6",
       "address6 = \"2001:db8::c1a7\""},
      {"clat-v6-addr", "clat-v6-addr=shared\n", "taken over", "clat.clat.address6", "address6 = \"shared\""},
      {"clat-v6-addr", "clat-v6-addr=derived\n", "taken over", "clat.clat.address6",
       "address6 = \"dedicated\""},
      {"ctmark", "ctmark=0xc1a7\n", "not needed", "recognize what comes back"},
      {"dns64-servers", "dns64-servers=2001:db8::53\n", "taken over", "clat.clat.dns",
       "dns = [\"2001:db8::53\"]"},
      {"dns64-servers", "dns64-servers=dns.example\n", "no counterpart", "IPv6 addresses alone"},
      {"dns64-servers", "dns64-servers=2001:db8::53\nplat-prefix=64:ff9b::/96\n", "not needed",
       "plat-prefix"},
      {"cmd-ip", "cmd-ip=/sbin/ip\n", "not needed", "the kernel itself"},
      {"cmd-ip6tables", "cmd-ip6tables=/sbin/ip6tables\n", "not needed", "the kernel itself"},
      {"cmd-nft", "cmd-nft=/sbin/nft\n", "not needed", "the kernel itself"},
      {"cmd-tayga", "cmd-tayga=/sbin/tayga\n", "not needed", "the kernel module"},
      {"cmd-ufw", "cmd-ufw=/sbin/ufw\n", "not needed", "the host's own"},
      {"cmd-ufw", "cmd-ufw=\n", "not needed", "no value"},
      {"forwarding-enable", "forwarding-enable=yes\n", "not needed", "no forwarding"},
      {"ip6tables-enable", "ip6tables-enable=1\n", "not needed", "the host's own"},
      {"plat-dev", "plat-dev=eth0\n", "taken over", "clat.clat.uplinks", "uplinks = [\"eth0\"]"},
      {"plat-dev", "plat-dev=eth0\n", "not needed", "--uplinks", "", {"--uplinks", "wl*"}},
      {"plat-prefix", "plat-prefix=64:ff9b::/96\n", "taken over", "clat.clat.pref64",
       "pref64 = \"64:ff9b::/96\""},
      {"plat-fallback-prefix", "plat-fallback-prefix=64:ff9b::/96\n", "no counterpart", "pref64"},
      {"plat-fallback-prefix", "plat-fallback-prefix=64:ff9b::/96\nplat-prefix=64:ff9b::/96\n", "not needed",
       "plat-prefix is given"},
      {"proxynd-enable", "proxynd-enable=yes\n", "not needed", "the address itself"},
      {"route-table", "route-table=0xc1a7\n", "not needed", "without a table"},
      {"tayga-conffile", "tayga-conffile=/run/tayga.conf\n", "not needed", "the kernel module"},
      {"tayga-v4-addr", "tayga-v4-addr=192.0.0.2\n", "not needed", "no hop of its own"},
      {"v4-conncheck-enable", "v4-conncheck-enable=yes\n", "taken over", "clat.clat.mode", "mode = \"auto\""},
      {"v4-conncheck-enable", "v4-conncheck-enable=No\n", "taken over", "clat.clat.mode", "mode = \"force\""},
      {"v4-conncheck-enable", "v4-conncheck-enable=on\nv4-defaultroute-replace=on\n", "not needed",
       "overrides it", "mode = \"force\""},
      {"v4-conncheck-delay", "v4-conncheck-delay=10\n", "not needed", "comes and goes"},
      {"v4-defaultroute-enable", "v4-defaultroute-enable=true\n", "not needed", "has a default route"},
      {"v4-defaultroute-enable", "v4-defaultroute-enable=off\n", "no counterpart", "route-metric"},
      {"v4-defaultroute-replace", "v4-defaultroute-replace=0\n", "not needed", "nobody else's"},
      {"v4-defaultroute-replace", "v4-defaultroute-replace=1\n", "no counterpart", "route-metric"},
      {"v4-defaultroute-metric", "v4-defaultroute-metric=512\n", "taken over", "clat.clat.route-metric",
       "route-metric = 512"},
      {"v4-defaultroute-mtu", "v4-defaultroute-mtu=1260\n", "not needed", "less 20"},
      {"v4-defaultroute-advmss", "v4-defaultroute-advmss=1220\n", "not needed", "the MTU of the route"},
      {"frobnicate", "frobnicate=1\n", "unknown", ""},
  };
  return kAll;
}

using CtlImportClatd = CtlImport;

TEST_F(CtlImportClatd, EverySettingIsTakenOverOrNamed) {
  std::set<std::string> names;
  for (const auto& expected : clatd_settings()) {
    expect("clatd", expected);
    names.insert(expected.setting);
  }
  EXPECT_EQ(names.size(), 30u + 1u);
}

TEST_F(CtlImportClatd, AFileThatSaysNothingIsAClatOnEachUplink) {
  const auto outcome = import("clatd", "# nothing\n; nor here\n  // nor here\n\n");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "# There are no settings.\n\n[clat.clat]\nuplinks = [\"*\"]\n"
            "# uplinks: whichever interface IPv6 leaves the host by, as without plat-dev\n");
}

TEST_F(CtlImportClatd, TheLastOfAKeyCounts) {
  const auto outcome = import("clatd", "plat-dev = eth0\nplat-dev = eth1 \r\n");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("line 1: plat-dev eth0: not needed, because line 2 says it anew\n"));
  EXPECT_THAT(outcome.out, HasSubstr("uplinks = [\"eth1\"]\n"));
}

TEST_F(CtlImportClatd, ResolversOfIpv4AreLeftOut) {
  const auto outcome = import("clatd", "dns64-servers=192.0.2.53, 2001:db8::53,2001:db8::54\n");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("dns = [\"2001:db8::53\", \"2001:db8::54\"]\n"));
  EXPECT_THAT(outcome.err, HasSubstr("standard input:1: dns64-servers 192.0.2.53: no counterpart"));
}

TEST_F(CtlImportClatd, NetworksBehindTheHostMayBeNamed) {
  const auto outcome = import("clatd", "", {"--uplinks", "eth0", "--downlinks", "wlan1"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("downlinks = [\"wlan1\"]\nuplinks = [\"eth0\"]\n"));
}

TEST_F(CtlImportClatd, AMalformedFileIsRefusedWithItsLine) {
  expect_refused(
      "clatd", "quiet=1\nfoo\n",
      "standard input:2: it is no setting; allowed: KEY=VALUE, or a comment behind '#', ';' or '//'");
  expect_refused(
      "clatd", "a b=1\n",
      "standard input:1: it is no setting; allowed: KEY=VALUE, or a comment behind '#', ';' or '//'");
  expect_refused(
      "clatd", "clat-v6-addr=auto\n",
      "standard input:1: clat-v6-addr: 'auto' is not an IPv6 address; allowed: an IPv6 address, shared or "
      "derived");
  for (const char* line : {"plat-prefix=2001:db8::/97", "plat-fallback-prefix=x", "v4-conncheck-enable=2",
                           "v4-defaultroute-metric=-1", "v4-defaultroute-enable=x",
                           "v4-defaultroute-replace=x", "clat-v4-addr=x"}) {
    const auto outcome = import("clatd", std::string(line) + "\n");
    EXPECT_EQ(outcome.status, 1) << line;
    EXPECT_EQ(outcome.out, "") << line;
    EXPECT_THAT(outcome.err, HasSubstr("ipxlatctl: standard input:1: ")) << line;
  }
}

}  // namespace
}  // namespace ipxlat::ctl
