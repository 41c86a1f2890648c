// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/daemon_config.h"

namespace ipxlat {
namespace {

TEST_F(DaemonConfig, nat64_defaults_are_filled_in) {
  const Config config = load("[nat64.edge]\npref64 = '64:ff9b::/96'\nuplinks = ['eth1']\n");
  ASSERT_EQ(config.nat64.size(), 1u);
  const auto& edge = config.nat64[0];
  EXPECT_EQ(edge.name, "edge");
  EXPECT_EQ(edge.device, "edge");
  EXPECT_EQ(edge.mode, Nat64Mode::kMasquerade);
  EXPECT_EQ(edge.pool4, std::vector{parse_prefix4("198.18.0.0/15")});
  EXPECT_EQ(edge.pool6, std::vector{parse_prefix6("64:ff9b:1:fffe::198.18.0.0/111")});
  EXPECT_EQ(*edge.settings.remote_prefix6, parse_prefix6("64:ff9b::/96"));
  EXPECT_EQ(edge.settings.lowest_ipv6_mtu, 1280u);
  EXPECT_TRUE(edge.manage_sysctls);
  EXPECT_TRUE(edge.allow_private.empty());
}

TEST_F(DaemonConfig, nat64_takes_every_key) {
  const Config config = load(R"([nat64.edge]
device = "nat64"
pref64 = "2001:db8:64::/64"
downlinks = ["eth0", "eth2"]
uplinks = ["eth1"]
mode = "masquerade"
pool4 = ["10.64.0.0/16"]
pool6 = ["2001:db8:1::10.64.0.0/112"]
allow-private = ["192.168.0.0/16"]
manage-sysctls = false
lowest-ipv6-mtu = 1400
icmp-source4 = "192.0.2.1"
udp-zero-checksum = "drop"
max-flows = 2000000
)");
  const auto& edge = config.nat64.at(0);
  EXPECT_EQ(edge.device, "nat64");
  EXPECT_EQ(edge.mode, Nat64Mode::kMasquerade);
  EXPECT_EQ(edge.downlinks, (std::vector<std::string>{"eth0", "eth2"}));
  EXPECT_EQ(edge.pool6, std::vector{parse_prefix6("2001:db8:1::10.64.0.0/112")});
  EXPECT_EQ(edge.allow_private, std::vector{parse_prefix4("192.168.0.0/16")});
  EXPECT_FALSE(edge.manage_sysctls);
  EXPECT_EQ(edge.settings.lowest_ipv6_mtu, 1400u);
  EXPECT_EQ(to_string(edge.settings.icmp_source4), "192.0.2.1");
  EXPECT_EQ(edge.settings.udp_zero_checksum, UdpZeroChecksum::kDrop);
  EXPECT_EQ(edge.max_flows, 2000000u);
}

TEST_F(DaemonConfig, routes4_says_which_part_of_the_prefix_leads_here) {
  const auto parts = [&](const std::string& pref64, const std::string& routes4) {
    const auto edge =
        load("[nat64.edge]\nuplinks = ['eth1']\npref64 = '" + pref64 + "'\n" + routes4).nat64[0];
    std::vector<std::string> all;
    for (const auto& prefix : edge.routed6()) all.push_back(to_string(prefix));
    return all;
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(parts("64:ff9b::/96", ""), Texts{"64:ff9b::/96"});
  EXPECT_EQ(parts("64:ff9b::/96", "routes4 = ['0.0.0.0/0']"), Texts{"64:ff9b::/96"});
  EXPECT_EQ(parts("64:ff9b::/96", "routes4 = ['198.51.100.0/24', '8.0.0.0/31']"),
            (Texts{"64:ff9b::c633:6400/120", "64:ff9b::800:0/127"}));
  EXPECT_EQ(parts("2001:db8:64::/64", "routes4 = ['198.51.100.7/32']"),
            Texts{"2001:db8:64:0:c6:3364:700:0/104"});
}

TEST_F(DaemonConfig, max_flows_is_refused) {
  for (const char* wrong : {"0", "16000001", "'many'"})
    EXPECT_THAT(nat64_refusal(std::string("max-flows = ") + wrong),
                testing::AllOf(testing::StartsWith("a.toml:5: nat64.edge.max-flows: "),
                               testing::EndsWith("; allowed: an integer from 1 to 16000000")));
}

TEST_F(DaemonConfig, routes4_is_refused) {
  const std::string allowed = "; allowed: an array of IPv4 prefixes, such as [\"198.51.100.0/24\"]";
  const std::string at = "a.toml:5: nat64.edge.routes4: ";
  EXPECT_EQ(nat64_refusal("routes4 = []"), at + "it is empty" + allowed);
  EXPECT_EQ(nat64_refusal("routes4 = ['198.51.100.0/24', '198.51.0.0/16']"),
            at + "198.51.100.0/24 and 198.51.0.0/16 overlap" + allowed);
  EXPECT_EQ(nat64_refusal("routes4 = ['0.0.0.0/0', '198.51.0.0/16']"),
            at + "0.0.0.0/0 and 198.51.0.0/16 overlap" + allowed);
  EXPECT_EQ(
      nat64_refusal("routes4 = ['198.51.100.1/24']"),
      at + "'198.51.100.1/24' has bits set behind its length; 198.51.100.0/24 would be allowed" + allowed);
  EXPECT_EQ(nat64_refusal("routes4 = ['198.51.100.7/32']"),
            at + "198.51.100.7/32 is a single address below 64:ff9b::/96; allowed: networks of at least two "
                 "addresses with a pref64 of length 96");
}

TEST_F(DaemonConfig, pool4_makes_it_pool_mode) {
  const Config config =
      load("[nat64.edge]\npref64 = '64:ff9b::/96'\npool4 = ['203.0.113.16/28', '192.0.2.1/32']\n");
  EXPECT_EQ(config.nat64[0].mode, Nat64Mode::kPool);
  EXPECT_EQ(config.nat64[0].pool6, (std::vector{parse_prefix6("64:ff9b:1:fffe::203.0.113.16/124"),
                                                parse_prefix6("64:ff9b:1:fffe::192.0.2.1/128")}));
}

TEST_F(DaemonConfig, pools_are_refused) {
  const std::string pool4 = "; allowed: an array of IPv4 prefixes, /8 to /32, such as [\"203.0.113.16/28\"]";
  const std::string pool6 =
      "; allowed: one IPv6 prefix for each of pool4, 96 bits longer, such as "
      "[\"64:ff9b:1:fffe::c612:0/111\"]";
  EXPECT_EQ(nat64_refusal("pool4 = '192.0.2.0/24'"), "a.toml:5: nat64.edge.pool4: it is a string" + pool4);
  EXPECT_EQ(nat64_refusal("pool4 = [1]"), "a.toml:5: nat64.edge.pool4: an element is an integer" + pool4);
  EXPECT_EQ(nat64_refusal("pool4 = []"), "a.toml:5: nat64.edge.pool4: it is empty" + pool4);
  EXPECT_EQ(nat64_refusal("pool4 = ['192.0.2.1/24']"),
            "a.toml:5: nat64.edge.pool4: '192.0.2.1/24' has bits set behind its length; 192.0.2.0/24 would "
            "be allowed" +
                pool4);
  EXPECT_EQ(nat64_refusal("pool4 = ['64.0.0.0/7']"),
            "a.toml:5: nat64.edge.pool4: '64.0.0.0/7' is too large" + pool4);
  EXPECT_EQ(nat64_refusal("pool4 = ['224.1.0.0/16']"),
            "a.toml:5: nat64.edge.pool4: '224.1.0.0/16' is not a range of unicast addresses" + pool4);
  EXPECT_EQ(nat64_refusal("pool4 = ['192.0.2.0/24', '192.0.2.16/28']"),
            "a.toml:5: nat64.edge.pool4: 192.0.2.0/24 and 192.0.2.16/28 overlap" + pool4);
  EXPECT_EQ(nat64_refusal("mode = 'pool'"), "a.toml:5: nat64.edge.mode: pool mode without pool4" + pool4);
  EXPECT_EQ(nat64_refusal("mode = 'nat44'"),
            "a.toml:5: nat64.edge.mode: 'nat44' is no mode; allowed: \"masquerade\" or \"pool\"");
  EXPECT_EQ(nat64_refusal("pool6 = []"), "a.toml:5: nat64.edge.pool6: it has 0 entries and pool4 1" + pool6);
  EXPECT_EQ(nat64_refusal("pool6 = ['2001:db8::/96']"),
            "a.toml:5: nat64.edge.pool6: 2001:db8::/96 is not 96 bits longer than 198.18.0.0/15" + pool6);
  EXPECT_EQ(nat64_refusal("pool6 = ['64:ff9b::c612:0/111']"),
            "a.toml:5: nat64.edge.pool6: 64:ff9b::c612:0/111 overlaps pref64 64:ff9b::/96" + pool6);
  EXPECT_EQ(nat64_refusal("pool6 = ['ff00::/111']"),
            "a.toml:5: nat64.edge.pool6: ff00::/111 is not a range of unicast addresses" + pool6);
  EXPECT_EQ(
      nat64_refusal("allow-private = ['10.0.0.0']"),
      "a.toml:5: nat64.edge.allow-private: '10.0.0.0' is not an IPv4 prefix (an address, a slash, 0 to 32); "
      "allowed: an array of IPv4 prefixes, such as [\"10.0.0.0/8\"]");
}

TEST_F(DaemonConfig, masquerade_mode_needs_uplinks) {
  EXPECT_EQ(refusal("[nat64.edge]\npref64 = '64:ff9b::/96'\n"),
            "a.toml:1: nat64.edge.uplinks: masquerade mode needs to know the interfaces toward IPv4; "
            "allowed: an array "
            "of interface names, such as [\"eth1\"]");
}

TEST_F(DaemonConfig, limits_of_nat64_clients) {
  const auto nat64 = [&](const std::string& lines) {
    return load("[nat64.edge]\npref64 = '64:ff9b::/96'\nuplinks = ['eth1']\n" + lines).nat64.at(0);
  };
  EXPECT_FALSE(nat64("").max_flows_per_client);
  EXPECT_FALSE(nat64("").max_new_flows_per_client);
  EXPECT_EQ(nat64("").client_prefix_length, 64);
  const auto limited =
      nat64("max-flows-per-client = 2000\nmax-new-flows-per-client = 50\nclient-prefix-length = 56\n");
  EXPECT_EQ(limited.max_flows_per_client, 2000u);
  EXPECT_EQ(limited.max_new_flows_per_client, 50u);
  EXPECT_EQ(limited.client_prefix_length, 56);
  EXPECT_TRUE(nat64("").flowtable);
  EXPECT_FALSE(nat64("flowtable = false\n").flowtable);
  EXPECT_EQ(
      nat64_refusal("max-flows-per-client = 0"),
      "a.toml:5: nat64.edge.max-flows-per-client: 0 is out of range; allowed: an integer from 1 to 1000000");
  EXPECT_EQ(nat64_refusal("max-new-flows-per-client = 1000001"),
            "a.toml:5: nat64.edge.max-new-flows-per-client: 1000001 is out of range; allowed: an integer "
            "from 1 to 1000000");
  EXPECT_EQ(
      nat64_refusal("client-prefix-length = 31"),
      "a.toml:5: nat64.edge.client-prefix-length: 31 is out of range; allowed: an integer from 32 to 128");
}

TEST_F(DaemonConfig, blocks_of_ports) {
  const auto nat64 = [&](const std::string& lines) {
    return load("[nat64.edge]\npref64 = '64:ff9b::/96'\npool4 = ['203.0.113.0/30']\n" + lines).nat64.at(0);
  };
  EXPECT_FALSE(nat64("").port_blocks);
  EXPECT_FALSE(nat64("").endpoint_independent_filtering);
  EXPECT_FALSE(nat64("filtering = 'address-and-port-dependent'\n").endpoint_independent_filtering);
  const auto edge =
      nat64("port-blocks = 64\nclients = ['2001:db8:0:100::/56']\nfiltering = 'endpoint-independent'\n");
  ASSERT_TRUE(edge.port_blocks);
  EXPECT_TRUE(edge.endpoint_independent_filtering);
  const PortBlocks& blocks = *edge.port_blocks;
  EXPECT_EQ(blocks.per_address, 64);
  EXPECT_EQ(blocks.bits(), 6);
  EXPECT_EQ(blocks.ports(), 1008);
  EXPECT_EQ(blocks.first_port(0), 1024);
  EXPECT_EQ(blocks.first_port(63) + blocks.ports(), 65536);
  EXPECT_EQ(blocks.addresses(64), 4u);
  EXPECT_EQ(nat64("port-blocks = 2\nclients = ['2001:db8:0:100::/62']\n").port_blocks->ports(), 32256);
  EXPECT_EQ((PortBlocks{1024, {parse_prefix6("::/0")}}).addresses(128), uint64_t{1} << 40);
}

TEST_F(DaemonConfig, a_log_of_blocks_tells_no_destinations) {
  const std::string blocks =
      "pool4 = ['203.0.113.0/30']\nport-blocks = 64\nclients = ['2001:db8:0:100::/56']\n";
  EXPECT_EQ(
      load("[nat64.edge]\npref64 = '64:ff9b::/96'\n" + blocks + "log = 'blocks'\n").nat64.at(0).log.kind,
      MappingLogKind::kBlocks);
  EXPECT_EQ(nat64_refusal(blocks + "log = 'blocks'\nlog-destinations = true"),
            "a.toml:9: nat64.edge.log-destinations: a block has no destination; allowed: it with log = "
            "\"sessions\"");
}

TEST_F(DaemonConfig, where_the_block_of_a_client_is) {
  const PortBlocks blocks{4, {parse_prefix6("2001:db8:0:10::/60"), parse_prefix6("2001:db8:0:80::/61")}};
  const auto place = [&](const char* client) {
    const auto at = blocks.place(parse_prefix6(client));
    return at ? std::to_string(at->address) + "/" + std::to_string(at->block) : "none";
  };
  EXPECT_EQ(place("2001:db8:0:10::/64"), "0/0");
  EXPECT_EQ(place("2001:db8:0:13::/64"), "0/3");
  EXPECT_EQ(place("2001:db8:0:14::/64"), "1/0");
  EXPECT_EQ(place("2001:db8:0:1f::/64"), "3/3");
  EXPECT_EQ(place("2001:db8:0:80::/64"), "4/0");
  EXPECT_EQ(place("2001:db8:0:87::/64"), "5/3");
  EXPECT_EQ(place("2001:db8:0:88::/64"), "none");
}

TEST_F(DaemonConfig, blocks_of_ports_are_refused) {
  const auto refused = [&](const std::string& lines) {
    const std::string text = nat64_refusal("pool4 = ['203.0.113.0/30']\n" + lines);
    return text.substr(0, text.find("; allowed"));
  };
  const std::string edge = "a.toml:6: nat64.edge.", clients = "\nclients = ['2001:db8:0:100::/56']";
  EXPECT_EQ(refused("port-blocks = 1"), edge + "port-blocks: 1 is out of range");
  EXPECT_EQ(refused("port-blocks = 2048"), edge + "port-blocks: 2048 is out of range");
  EXPECT_EQ(refused("port-blocks = 48" + clients), edge + "port-blocks: 48 is no power of two");
  EXPECT_EQ(refused("port-blocks = 64"), "a.toml:1: nat64.edge.clients: it is missing");
  EXPECT_EQ(refused("clients = []\nport-blocks = 64"), edge + "clients: it is empty");
  EXPECT_EQ(refused("clients = ['2001:db8::/32']"),
            edge + "clients: only with port-blocks each of them has something of its own");
  EXPECT_EQ(refused("clients = ['2001:db8::/59']\nport-blocks = 64"),
            edge + "clients: 2001:db8::/59 has fewer clients than the 64 blocks of one address");
  EXPECT_EQ(refused("clients = ['2001:db8::/55']\nport-blocks = 64"),
            edge + "clients: with 64 blocks an address they need 8 addresses, and pool4 has 4");
  EXPECT_EQ(refused("clients = ['2001:db8::/57', '2001:db8::/58']\nport-blocks = 64"),
            edge + "clients: 2001:db8::/57 and 2001:db8::/58 overlap");
  EXPECT_EQ(refused("filtering = 'open'"), edge + "filtering: 'open' is no way to filter");
  EXPECT_EQ(refused("filtering = 'endpoint-independent'"),
            edge +
                "filtering: without port-blocks two clients may have one port, so that nobody can tell whose "
                "it is");
  const std::string masquerade = nat64_refusal("port-blocks = 64" + clients);
  EXPECT_EQ(
      masquerade.substr(0, masquerade.find("; allowed")),
      "a.toml:5: nat64.edge.port-blocks: in masquerade mode the uplink's addresses are shared with others");
}

TEST_F(DaemonConfig, the_mapping_log_of_a_nat64) {
  const auto log = [&](const std::string& lines) {
    return load("[nat64.edge]\npref64 = '64:ff9b::/96'\nuplinks = ['eth1']\n" + lines).nat64.at(0).log;
  };
  EXPECT_EQ(log(""), MappingLogConfig());
  EXPECT_EQ(log("log = 'none'\n").kind, MappingLogKind::kNone);
  EXPECT_EQ(log("log = 'sessions'\n"), (MappingLogConfig{MappingLogKind::kSessions, false, ""}));
  EXPECT_EQ(log("log = 'sessions'\nlog-destinations = true\nlog-file = '/var/log/ipxlat/edge.json'\n"),
            (MappingLogConfig{MappingLogKind::kSessions, true, "/var/log/ipxlat/edge.json"}));
  EXPECT_EQ(
      nat64_refusal("log = 'all'"),
      "a.toml:5: nat64.edge.log: 'all' is no mapping log; allowed: \"none\", \"sessions\" or \"blocks\"");
  EXPECT_EQ(nat64_refusal("log = 'blocks'"),
            "a.toml:5: nat64.edge.log: the clients have no blocks; allowed: it with port-blocks, or log = "
            "\"sessions\"");
  EXPECT_EQ(nat64_refusal("log-file = '/x'"),
            "a.toml:5: nat64.edge.log-file: there is no log; allowed: it with log = \"sessions\"");
  EXPECT_EQ(nat64_refusal("log-destinations = true"),
            "a.toml:5: nat64.edge.log-destinations: there is no log; allowed: it with log = \"sessions\"");
  for (const std::string path : {"edge.json", "/var/log/", ""})
    EXPECT_EQ(
        refusal("[nat64.edge]\npref64 = '64:ff9b::/96'\nuplinks = ['eth1']\nlog = 'sessions'\nlog-file = '" +
                path + "'\n"),
        "a.toml:5: nat64.edge.log-file: '" + path +
            "' is no absolute path of a file; allowed: an absolute path");
}

TEST_F(DaemonConfig, services_that_a_nat64_forwards) {
  const auto forward = [&](const std::string& lines) {
    return load("[nat64.edge]\npref64 = '64:ff9b::/96'\nuplinks = ['eth1']\n" + lines).nat64.at(0).forward;
  };
  EXPECT_TRUE(forward("").empty());
  const auto services = forward(
      "forward = [{ protocol = 'tcp', port = 80, to = '[2001:db8::5]:8080' }, { protocol = 'icmp', to = "
      "'2001:db8::6' }]\n");
  ASSERT_EQ(services.size(), 2u);
  EXPECT_EQ(services[0].outside(), "tcp port 80");
  EXPECT_EQ(to_string(services[0].to), "2001:db8::5");
  EXPECT_EQ(services[0].to_port, 8080);
  EXPECT_EQ(services[1].outside(), "icmp");
  const auto pool = forward(
      "pool4 = ['203.0.113.16/28']\nforward = [{ protocol = 'udp', address = '203.0.113.17', port = 53, to = "
      "'[2001:db8::5]:53' }]\n");
  EXPECT_EQ(pool.at(0).outside(), "udp 203.0.113.17:53");
}

TEST_F(DaemonConfig, services_are_refused) {
  const auto refused = [&](const std::string& service) {
    const std::string text = nat64_refusal("forward = [{ " + service + " }]");
    return text.substr(0, text.find("; allowed"));
  };
  const std::string at = "a.toml:5: nat64.edge.forward[0]", to = "port = 80, to = '[2001:db8::5]:80'";
  EXPECT_EQ(refused("protocol = 'sctp', " + to), at + ".protocol: 'sctp' is no protocol of a service");
  EXPECT_EQ(refused(to), at + ".protocol: it is missing");
  EXPECT_EQ(refused("protocol = 'tcp', to = '[2001:db8::5]:80'"), at + ".port: it is missing");
  EXPECT_EQ(refused("protocol = 'tcp', port = 0, to = '[2001:db8::5]:80'"), at + ".port: 0 is out of range");
  EXPECT_EQ(refused("protocol = 'tcp', port = 65536, to = '[2001:db8::5]:80'"),
            at + ".port: 65536 is out of range");
  EXPECT_EQ(refused("protocol = 'tcp', port = 80"), at + ".to: it is missing");
  EXPECT_EQ(refused("protocol = 'tcp', port = 80, to = '2001:db8::5'"), at + ".to: it has no port");
  for (const char* port : {"", "0", "65536", "80x", "-1"})
    EXPECT_EQ(refused("protocol = 'tcp', port = 80, to = '[2001:db8::5]:" + std::string(port) + "'"),
              at + ".to: '[2001:db8::5]:" + port + "' has no port from 1 to 65535");
  EXPECT_EQ(refused("protocol = 'tcp', port = 80, to = '[ff02::1]:80'"),
            at + ".to: '[ff02::1]:80' is no address of a server");
  EXPECT_EQ(refused("protocol = 'icmp', port = 80, to = '2001:db8::5'"), at + ".port: icmp has none");
  EXPECT_EQ(refused("protocol = 'icmp', to = '[2001:db8::5]:80'"), at + ".to: icmp has no port");
  EXPECT_EQ(refused("protocol = 'tcp', what = 1, " + to), at + ".what: unknown key");
  EXPECT_EQ(refused("protocol = 'tcp', " + to + " }, { protocol = 'tcp', " + to),
            "a.toml:5: nat64.edge.forward[1]: tcp port 80 is there twice");
  EXPECT_EQ(
      refused("protocol = 'tcp', address = '203.0.113.1', " + to),
      "a.toml:5: nat64.edge.forward: tcp 203.0.113.1:80: the address is the uplink's in masquerade mode");
  EXPECT_EQ(
      refused("protocol = 'tcp', address = '203.0.113.1', " + to + " }]\npool4 = ['203.0.113.16/28']\n#"),
      "a.toml:5: nat64.edge.forward: tcp 203.0.113.1:80 is not at an address of pool4");
  EXPECT_EQ(refused("protocol = 'tcp', " + to + " }]\npool4 = ['203.0.113.16/28']\n#"),
            "a.toml:5: nat64.edge.forward: tcp port 80 is not at an address of pool4");
  const std::string number = nat64_refusal("forward = [1]");
  EXPECT_EQ(number.substr(0, number.find("; allowed")),
            "a.toml:5: nat64.edge.forward: an element is an integer");
}

}  // namespace
}  // namespace ipxlat
