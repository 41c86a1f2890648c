// SPDX-License-Identifier: GPL-2.0-only
// Each pair of options of a NAT64: one comes to a gateway that has the other and goes again, and what is
// there is the same as if a daemon had just begun with them. "device" is missing: another interface has
// another number.
#include <gtest/gtest.h>

#include "daemon/service/reconciler.h"
#include "tests/unit/daemon_config.h"
#include "tests/unit/daemon_fake_kernel.h"

namespace ipxlat {
namespace {

struct Option {
  const char* name;
  const char* lines;
};

struct Gateway {
  const char* name;
  const char* lines;
  size_t pairs;  // that are taken, in either order
};

constexpr Gateway kGateways[] = {
    {"masquerade", "[nat64.edge]\npref64 = '64:ff9b::/96'\nuplinks = ['eth1']\n", 180},
    {"pool", "[nat64.edge]\npref64 = '64:ff9b::/96'\nuplinks = ['eth1']\npool4 = ['203.0.113.16/30']\n", 133},
};

constexpr Option kOptions[] = {
    {"downlinks", "downlinks = ['eth0']\n"},
    {"pool4", "pool4 = ['203.0.113.16/30']\n"},
    {"allow_private", "allow-private = ['10.0.0.0/8']\n"},
    {"no_flowtable", "flowtable = false\n"},
    {"forward", "forward = [{ protocol = 'tcp', port = 80, to = '[2001:db8::1]:8080' }]\n"},
    {"routes4", "routes4 = ['198.51.100.0/24']\n"},
    {"max_flows", "max-flows = 100000\n"},
    {"max_flows_per_client", "max-flows-per-client = 100\n"},
    {"max_new_flows_per_client", "max-new-flows-per-client = 10\n"},
    {"client_prefix_length", "client-prefix-length = 128\n"},
    {"port_blocks", "port-blocks = 4\nclients = ['2001:db8:1::/124']\n"},
    {"filtering", "filtering = 'endpoint-independent'\n"},
    {"lowest_ipv6_mtu", "lowest-ipv6-mtu = 1400\n"},
    {"icmp_source4", "icmp-source4 = '203.0.113.3'\n"},
    {"udp_zero_checksum", "udp-zero-checksum = 'drop'\n"},
    {"no_sysctls", "manage-sysctls = false\n"},
};

class DaemonOptionPairs : public DaemonConfig, public testing::WithParamInterface<Gateway> {
 protected:
  // A host, and the daemon there.
  struct Host {
    Host() {
      kernel.add_link("eth0");
      kernel.add_link("eth1");
      kernel.add_address("eth1", parse_prefix4("203.0.113.2/24"));
      kernel.seen.sysctls["net/netfilter/nf_conntrack_max"] = "65536";
      kernel.seen.sysctls["net/netfilter/nf_conntrack_buckets"] = "65536";
      for (const char* path : {"net/ipv6/conf/all/forwarding", "net/ipv4/conf/eth1/forwarding"})
        kernel.seen.sysctls[path] = "1";
    }
    // Until it rests.
    void run(const Config& config) {
      daemon.set_config(config);
      for (int look = 0; look < 3; look++) daemon.reconcile(Time{});
    }
    FakeKernel kernel;
    Reconciler daemon{kernel, SipKey{7}, Ledger({}, [](const MadeResources&) { return Result<void>(); }),
                      [](Level, const std::string&) {}};
  };

  static void expect_same(const Host& lived, const Host& fresh, const char* when) {
    EXPECT_EQ(lived.kernel.made(), fresh.kernel.made()) << when;
    auto tables = lived.kernel.seen.tables, wanted = fresh.kernel.seen.tables;
    const auto by_family = [](const auto& a, const auto& b) { return a.family < b.family; };
    std::ranges::sort(tables, by_family);
    std::ranges::sort(wanted, by_family);
    EXPECT_TRUE(tables == wanted) << when;
    for (const auto& link : fresh.kernel.seen.links) {
      const SeenLink* same = lived.kernel.seen.link(link.name);
      ASSERT_TRUE(same) << when;
      EXPECT_TRUE(same->config == link.config && same->mtu == link.mtu) << when << ": " << link.name;
    }
  }

  // Nothing if it is refused.
  std::optional<Config> taken(const std::string& lines) {
    try {
      return load(GetParam().lines + lines);
    } catch (const ConfigError&) {
      return std::nullopt;
    }
  }
};

TEST_P(DaemonOptionPairs, come_and_go_as_if_nothing_had_been_before) {
  size_t pairs = 0;
  for (const auto& first : kOptions) {
    const auto one = taken(first.lines);
    for (const auto& second : kOptions) {
      const auto both = taken(std::string(first.lines) + second.lines);
      if (!one || !both) continue;
      SCOPED_TRACE(std::string(first.name) + " and " + second.name);
      Host lived, with_one, with_both;
      lived.run(*one);
      with_one.run(*one);
      with_both.run(*both);
      lived.run(*both);
      expect_same(lived, with_both, "it came");
      lived.run(*one);
      expect_same(lived, with_one, "it went");
      pairs++;
    }
  }
  EXPECT_EQ(pairs, GetParam().pairs);
}

INSTANTIATE_TEST_SUITE_P(All, DaemonOptionPairs, testing::ValuesIn(kGateways),
                         [](const auto& gateway) { return gateway.param.name; });

}  // namespace
}  // namespace ipxlat
