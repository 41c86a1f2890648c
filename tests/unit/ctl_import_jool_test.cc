// SPDX-License-Identifier: GPL-2.0-only
#include <set>

#include "tests/unit/ctl_import.h"

namespace ipxlat::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

// A file in which everything else is as little as it can be.
std::string nat64_with(const std::string& top) {
  const std::string global = top.find("pool6") == top.npos ? R"("global": {"pool6": "64:ff9b::/96"}, )" : "";
  return "{" + global + R"("pool4": [{"protocol": "TCP", "prefix": "203.0.113.0/28"}], )" + top + "}";
}
std::string nat64_global(const std::string& key) {
  return nat64_with(R"("global": {"pool6": "64:ff9b::/96", )" + key + "}");
}
std::string siit_with(const std::string& top) {
  return R"({"eamt": [{"ipv6 prefix": "2001:db8::10", "ipv4 prefix": "198.51.100.10"}], )" + top + "}";
}
std::string siit_global(const std::string& key) { return siit_with(R"("global": {)" + key + "}"); }
std::string pool4_entry(const std::string& key) {
  return R"({"global": {"pool6": "64:ff9b::/96"}, "pool4": [{"protocol": "UDP", "prefix": "203.0.113.1", )" +
         key + "}]}";
}
std::string bib_entry(const std::string& protocol, const std::string& to6, const std::string& at4) {
  return R"("bib": [{"protocol": ")" + protocol + R"(", "ipv6 address": ")" + to6 +
         R"(", "ipv4 address": ")" + at4 + R"("}])";
}

// All that the documentation of Jool 4.1 has, of both programs, and what earlier ones called otherwise.
const std::vector<Expected>& jool_settings() {
  static const std::vector<Expected> kAll = {
      // top level
      {"comment", nat64_with(R"("comment": "ours\n[siit.x]")"), "not needed", "sets nothing"},
      {"instance", nat64_with(R"("instance": "edge")"), "taken over", "[nat64.edge]", "[nat64.edge]"},
      {"instance", siit_with(R"("instance": "a b")"), "taken over", "[siit.a-b]", "[siit.a-b]"},
      {"framework", nat64_with(R"("framework": "netfilter")"), "not needed", "routed into a device"},
      {"framework", nat64_with(R"("framework": "iptables")"), "no counterpart", "iptables"},
      {"pool6", siit_with(R"("pool6": "64:ff9b::/96")"), "taken over", "siit.default.remote-prefix6",
       "remote-prefix6 = \"64:ff9b::/96\""},
      {"pool6", nat64_with(R"("pool6": ["64:ff9b::/96"])"), "taken over", "nat64.default.pref64",
       "pref64 = \"64:ff9b::/96\""},
      {"pool4",
       R"({"global": {"pool6": "64:ff9b::/96"}, "pool4": []})",
       "taken over",
       "nat64.default.mode",
       "mode = \"masquerade\"",
       {"--uplinks", "eth1"}},
      {"bib", nat64_with(R"("bib": [])"), "not needed", "empty"},
      {"eamt", siit_with(R"("comment": 1)"), "taken over", "siit.default.local-map",
       R"(["198.51.100.10/32", "2001:db8::10/128"])"},
      {"eamt", R"({"global": {"pool6": "64:ff9b::/96"}, "eamt": []})", "not needed", "empty"},
      {"denylist4", siit_with(R"("denylist4": ["198.51.100.0"])"), "no counterpart", "routed elsewhere"},
      {"blacklist4", siit_with(R"("blacklist4": ["198.51.100.0"])"), "no counterpart", "routed elsewhere"},
      {"blacklist", siit_with(R"("blacklist": ["198.51.100.0"])"), "no counterpart", "routed elsewhere"},
      {"pool6791", siit_with(R"("pool6791": ["192.0.2.1"])"), "taken over", "siit.default.icmp-source4",
       "icmp-source4 = \"192.0.2.1\""},
      {"pool6791", siit_with(R"("pool6791": [])"), "not needed", "192.0.0.8"},
      {"frobnicate", nat64_with(R"("frobnicate": 1)"), "unknown", ""},
      // an entry of pool4
      {"pool4[0].prefix", pool4_entry(R"("comment": 1)"), "taken over", "nat64.default.pool4",
       "pool4 = [\"203.0.113.1/32\"]"},
      {"pool4[0].protocol", pool4_entry(R"("comment": 1)"), "not needed", "TCP, UDP and ICMP"},
      {"pool4[0].comment", pool4_entry(R"("comment": 1)"), "not needed", "sets nothing"},
      {"pool4[0].mark", pool4_entry(R"("mark": 0)"), "not needed", "every packet"},
      {"pool4[0].mark", pool4_entry(R"("mark": 7)"), "no counterpart", "a client's address decides"},
      {"pool4[0].port range", pool4_entry(R"("port range": "61001-62000")"), "no counterpart", "masquerade"},
      {"pool4[0].max-iterations", pool4_entry(R"("max-iterations": 1500)"), "not needed",
       "bounds its search"},
      {"pool4[0].frob", pool4_entry(R"("frob": 1500)"), "unknown", ""},
      // an entry of bib
      {"bib[0]", nat64_with(bib_entry("TCP", "2001:db8::1#80", "203.0.113.1#443")), "taken over",
       "nat64.default.forward",
       R"({ protocol = "tcp", address = "203.0.113.1", port = 443, to = "[2001:db8::1]:80" })"},
      {"bib[0]", nat64_with(bib_entry("UDP", "2001:db8::1#53", "203.0.113.1#53")), "taken over",
       "nat64.default.forward",
       R"({ protocol = "udp", address = "203.0.113.1", port = 53, to = "[2001:db8::1]:53" })"},
      {"bib[0]", nat64_with(bib_entry("ICMP", "2001:db8::1#44", "203.0.113.1#44")), "no counterpart",
       "all pings"},
      {"bib[0]", nat64_with(bib_entry("TCP", "2001:db8::1#80", "198.51.100.1#80")), "no counterpart",
       "none of pool4"},
      {"bib[0]", nat64_with(bib_entry("TCP", "2001:db8::1#0", "203.0.113.1#80")), "no counterpart",
       "has a port"},
      {"bib[0]",
       R"({"global": {"pool6": "64:ff9b::/96"}, )" + bib_entry("TCP", "2001:db8::1#80", "192.0.2.1#80") + "}",
       "taken over",
       "nat64.default.forward",
       R"({ protocol = "tcp", port = 80, to = "[2001:db8::1]:80" })",
       {"--uplinks", "eth1"}},
      {"bib[0]",
       nat64_global(R"("drop-externally-initiated-tcp": true)")
           .insert(1, bib_entry("TCP", "2001:db8::1#80", "203.0.113.1#80") + ", "),
       "no counterpart", "would open it"},
      {"bib[0].frob",
       nat64_with(
           R"("bib": [{"protocol": "TCP", "ipv6 address": "2001:db8::1#1", "ipv4 address": "203.0.113.1#1",
                     "comment": 1, "frob": 1}])"),
       "unknown", ""},
      // global, of both
      {"global.comment", nat64_global(R"("comment": 1)"), "not needed", "sets nothing"},
      {"global.pool6", nat64_with(R"("comment": 1)"), "taken over", "nat64.default.pref64",
       "pref64 = \"64:ff9b::/96\""},
      {"global.pool6", siit_global(R"("pool6": "2001:db8:64::/96")"), "taken over",
       "siit.default.remote-prefix6", "remote-prefix6 = \"2001:db8:64::/96\""},
      {"global.pool6", siit_global(R"("pool6": null)"), "not needed", "there is none"},
      {"global.manually-enabled", nat64_global(R"("manually-enabled": true)"), "not needed", "translates"},
      {"global.manually-enabled", nat64_global(R"("manually-enabled": false)"), "no counterpart", "left out"},
      {"global.lowest-ipv6-mtu", nat64_global(R"("lowest-ipv6-mtu": 1500)"), "taken over",
       "nat64.default.lowest-ipv6-mtu", "lowest-ipv6-mtu = 1500"},
      {"global.lowest-ipv6-mtu", siit_global(R"("lowest-ipv6-mtu": 1280)"), "taken over",
       "siit.default.lowest-ipv6-mtu", "lowest-ipv6-mtu = 1280"},
      {"global.logging-debug", nat64_global(R"("logging-debug": false)"), "not needed",
       "no packet is logged"},
      {"global.logging-debug", nat64_global(R"("logging-debug": true)"), "no counterpart", "explain"},
      {"global.trace", siit_global(R"("trace": false)"), "not needed", "no packet is logged"},
      {"global.trace", siit_global(R"("trace": true)"), "no counterpart", "explain"},
      {"global.zeroize-traffic-class", siit_global(R"("zeroize-traffic-class": false)"), "not needed",
       "copied"},
      {"global.zeroize-traffic-class", siit_global(R"("zeroize-traffic-class": true)"), "no counterpart",
       "ip6 dscp set"},
      {"global.override-tos", siit_global(R"("override-tos": false)"), "not needed", "copied"},
      {"global.override-tos", siit_global(R"("override-tos": true)"), "no counterpart", "ip dscp set"},
      {"global.tos", siit_global(R"("tos": 254)"), "not needed", "override-tos is not set"},
      {"global.tos", siit_global(R"("tos": 254, "override-tos": true)"), "no counterpart", "no setting"},
      {"global.mtu-plateaus", siit_global(R"("mtu-plateaus": [1500, 1280])"), "not needed", "RFC 1191"},
      {"global.fragment-arrival-timeout", nat64_global(R"("fragment-arrival-timeout": "0:02")"), "not needed",
       "ipfrag_time"},
      {"global.allow-atomic-fragments", nat64_global(R"("allow-atomic-fragments": false)"), "not needed",
       "no atomic fragments"},
      {"global.allow-atomic-fragments", nat64_global(R"("allow-atomic-fragments": true)"), "no counterpart",
       "RFC 8021"},
      {"global.frob", siit_global(R"("frob": 1)"), "unknown", ""},
      // global, of a SIIT
      {"global.amend-udp-checksum-zero", siit_global(R"("amend-udp-checksum-zero": true)"), "taken over",
       "siit.default.udp-zero-checksum", "udp-zero-checksum = \"compute\""},
      {"global.amend-udp-checksum-zero", siit_global(R"("amend-udp-checksum-zero": false)"), "taken over",
       "siit.default.udp-zero-checksum", "udp-zero-checksum = \"drop\""},
      {"global.eam-hairpin-mode", siit_global(R"("eam-hairpin-mode": "intrinsic")"), "not needed",
       "RFC 7757"},
      {"global.eam-hairpin-mode", siit_global(R"("eam-hairpin-mode": "simple")"), "not needed", "RFC 7757"},
      {"global.eam-hairpin-mode", siit_global(R"("eam-hairpin-mode": "none")"), "no counterpart", "RFC 7757"},
      {"global.randomize-rfc6791-addresses", siit_global(R"("randomize-rfc6791-addresses": true)"),
       "not needed", "one address"},
      {"global.rfc6791v4-prefix", siit_global(R"("rfc6791v4-prefix": null)"), "not needed", "192.0.0.8"},
      {"global.rfc6791v4-prefix", siit_global(R"("rfc6791v4-prefix": "192.0.2.64/26")"), "taken over",
       "siit.default.icmp-source4", "icmp-source4 = \"192.0.2.65\""},
      {"global.rfc6791v6-prefix", siit_global(R"("rfc6791v6-prefix": null)"), "not needed", "there is none"},
      {"global.rfc6791v6-prefix", siit_global(R"("rfc6791v6-prefix": "2001:db8::/64")"), "no counterpart",
       "destination of the packet"},
      // global, of a NAT64
      {"global.address-dependent-filtering", nat64_global(R"("address-dependent-filtering": false)"),
       "no counterpart", "port-blocks"},
      {"global.address-dependent-filtering", nat64_global(R"("address-dependent-filtering": true)"),
       "taken over", "nat64.default.filtering", "filtering = \"address-and-port-dependent\""},
      {"global.drop-externally-initiated-tcp", nat64_global(R"("drop-externally-initiated-tcp": true)"),
       "not needed", "forward"},
      {"global.drop-icmpv6-info", nat64_global(R"("drop-icmpv6-info": false)"), "not needed", "translated"},
      {"global.drop-icmpv6-info", nat64_global(R"("drop-icmpv6-info": true)"), "no counterpart", "nftables"},
      {"global.source-icmpv6-errors-better", nat64_global(R"("source-icmpv6-errors-better": true)"),
       "not needed", "its own source"},
      {"global.source-icmpv6-errors-better", nat64_global(R"("source-icmpv6-errors-better": false)"),
       "no counterpart", "its own source"},
      {"global.f-args", nat64_global(R"("f-args": 10)"), "no counterpart", "the kernel chooses"},
      {"global.handle-rst-during-fin-rcv", nat64_global(R"("handle-rst-during-fin-rcv": true)"), "not needed",
       "reset"},
      {"global.tcp-est-timeout", nat64_global(R"("tcp-est-timeout": "2:00:00")"), "not needed", "7440"},
      {"global.tcp-est-timeout", nat64_global(R"("tcp-est-timeout": "10:00:00")"), "no counterpart", "7440"},
      {"global.tcp-trans-timeout", nat64_global(R"("tcp-trans-timeout": "0:04:00.000")"), "not needed",
       "240"},
      {"global.tcp-trans-timeout", nat64_global(R"("tcp-trans-timeout": "5:00")"), "no counterpart", "240"},
      {"global.udp-timeout", nat64_global(R"("udp-timeout": "300")"), "not needed", "300"},
      {"global.udp-timeout", nat64_global(R"("udp-timeout": "1:00:00")"), "no counterpart", "300"},
      {"global.icmp-timeout", nat64_global(R"("icmp-timeout": "1:00")"), "not needed", "60"},
      {"global.icmp-timeout", nat64_global(R"("icmp-timeout": "5:30")"), "no counterpart",
       "nf_conntrack_icmp_timeout"},
      {"global.logging-bib", nat64_global(R"("logging-bib": false)"), "not needed", "asked for"},
      {"global.logging-bib", nat64_global(R"("logging-bib": true)"), "taken over", "nat64.default.log",
       "log = \"sessions\""},
      {"global.logging-session", nat64_global(R"("logging-session": false)"), "not needed", "asked for"},
      {"global.logging-session", nat64_global(R"("logging-session": true)"), "taken over",
       "nat64.default.log and log-destinations", "log = \"sessions\"\nlog-destinations = true"},
      {"global.maximum-simultaneous-opens", nat64_global(R"("maximum-simultaneous-opens": 16)"), "not needed",
       "is not kept"},
      {"global.ss-enabled", nat64_global(R"("ss-enabled": false)"), "not needed", "conntrackd"},
      {"global.ss-enabled", nat64_global(R"("ss-enabled": true)"), "no counterpart", "conntrackd"},
      {"global.ss-flush-asap", nat64_global(R"("ss-flush-asap": false)"), "not needed", "ss-enabled"},
      {"global.ss-flush-asap", nat64_global(R"("ss-enabled": true, "ss-flush-asap": false)"),
       "no counterpart", "conntrackd"},
      {"global.ss-flush-deadline", nat64_global(R"("ss-flush-deadline": 1)"), "not needed", "ss-enabled"},
      {"global.ss-capacity", nat64_global(R"("ss-capacity": 1)"), "not needed", "ss-enabled"},
      {"global.ss-max-payload", nat64_global(R"("ss-max-payload": 1)"), "not needed", "ss-enabled"},
      {"global.ss-max-sessions-per-packet", nat64_global(R"("ss-max-sessions-per-packet": 1)"), "not needed",
       "ss-enabled"},
  };
  return kAll;
}

using CtlImportJool = CtlImport;

TEST_F(CtlImportJool, EverySettingIsTakenOverOrNamed) {
  std::set<std::string> names;
  for (const auto& expected : jool_settings()) {
    expect("jool", expected);
    if (std::string(expected.outcome) != "unknown") names.insert(expected.setting);
  }
  // 11 at the top, 6 of an entry of pool4, an entry of bib, 36 below global
  EXPECT_EQ(names.size(), 11u + 6u + 1u + 36u);
}

TEST_F(CtlImportJool, WhatTheFileIsOfShowsOrIsSaid) {
  const std::string file =
      R"({"instance": "x", "framework": "netfilter", "global": {"pool6": "64:ff9b::/96"}})";
  const auto unsaid = import("jool", file);
  EXPECT_EQ(unsaid.status, 2);
  EXPECT_EQ(unsaid.out, "");
  EXPECT_THAT(unsaid.err, HasSubstr("say which: --kind nat64 or --kind siit"));
  const auto nat64 = import("jool", file, {"--kind", "nat64", "--uplinks", "eth1"});
  EXPECT_EQ(nat64.status, 0) << nat64.err;
  EXPECT_THAT(nat64.out, HasSubstr("[nat64.x]\npref64 = \"64:ff9b::/96\"\nmode = \"masquerade\"\nuplinks"));
  const auto siit = import("jool", file, {"--kind", "siit"});
  EXPECT_EQ(siit.status, 0) << siit.err;
  EXPECT_THAT(siit.out, HasSubstr("[siit.x]\nremote-prefix6 = \"64:ff9b::/96\"\n"));
  EXPECT_EQ(import("jool", file, {"--kind", "clat"}).status, 2);
  expect_refused(
      "jool", R"({"pool4": [], "eamt": []})",
      "standard input: eamt: it is a setting of a SIIT, and pool4 of a NAT64; allowed: those of a NAT64");
  EXPECT_EQ(import("jool", R"({"eamt": []})", {"--kind", "nat64"}).status, 1);
}

TEST_F(CtlImportJool, OverlappingPartsOfPool4AreOne) {
  const auto outcome = import("jool", R"({"global": {"pool6": "64:ff9b::/96"}, "pool4": [
      {"protocol": "TCP", "prefix": "203.0.113.1"}, {"protocol": "UDP", "prefix": "203.0.113.1/32"},
      {"protocol": "TCP", "prefix": "203.0.113.0/30"}, {"protocol": "ICMP", "prefix": "192.0.2.2/31"}]})");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("pool4 = [\"203.0.113.0/30\", \"192.0.2.2/31\"]\n"));
}

TEST_F(CtlImportJool, APortOfAnUplinkIsGivenOnce) {
  const auto outcome = import("jool", R"({"global": {"pool6": "64:ff9b::/96"}, "bib": [
      {"protocol": "TCP", "ipv6 address": "2001:db8::1#80", "ipv4 address": "192.0.2.1#80"},
      {"protocol": "TCP", "ipv6 address": "2001:db8::2#80", "ipv4 address": "192.0.2.2#80"}]})",
                              {"--uplinks", "eth1"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("bib[1] "));
  EXPECT_THAT(outcome.err, HasSubstr("another one has this port already"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("to = \"[2001:db8::2]")));
}

TEST_F(CtlImportJool, AMalformedFileIsRefused) {
  const std::string reads = "; allowed: the JSON object that jool file handle reads";
  expect_refused("jool", "{\n\"global\": {\n", "standard input:3: it is not JSON" + reads);
  expect_refused("jool", "", "standard input:1: it is not JSON" + reads);
  expect_refused("jool", "[]", "standard input: it is no JSON object" + reads);
  expect_refused("jool", R"({"global": 1})", "standard input: global: it is no object; allowed: an object");
  expect_refused(
      "jool", R"({"pool4": []})",
      "standard input: global.pool6: it is missing; allowed: an IPv6 prefix of length 32, 40, 48, 56, 64 "
      "or 96, such as 64:ff9b::/96");
  expect_refused("jool", R"({"eamt": []})",
                 "standard input: there is neither pool6 nor eamt, and nothing to translate");
  expect_refused(
      "jool", siit_global(R"("pool6": "2001:db8::/95")"),
      "standard input: global.pool6: '2001:db8::/95' is no prefix of RFC 6052; allowed: an IPv6 prefix of "
      "length 32, 40, 48, 56, 64 or 96, such as 64:ff9b::/96");
  expect_refused("jool", siit_global(R"("trace": "yes")"),
                 "standard input: global.trace: it is a JSON string; allowed: true or false");
  expect_refused(
      "jool", R"({"pool4": [{"protocol": "TCP"}]})",
      "standard input: pool4[0].prefix: it is missing; allowed: an IPv4 prefix, /8 to /32, or an address");
  expect_refused("jool", R"({"eamt": [1]})",
                 "standard input: eamt[0]: it is a JSON number; allowed: an object");
  for (const auto& file : {nat64_with(R"("framework": "x")"),
                           nat64_with(R"("framework": 1)"),
                           nat64_with(R"("instance": 1)"),
                           nat64_with(R"("pool6": null)"),
                           nat64_with(R"("bib": {})"),
                           nat64_with(R"("bib": [{}])"),
                           nat64_with(bib_entry("SCTP", "2001:db8::1#1", "203.0.113.1#1")),
                           nat64_with(bib_entry("TCP", "2001:db8::1", "203.0.113.1#1")),
                           nat64_with(bib_entry("TCP", "2001:db8::1#1", "203.0.113.1#65536")),
                           nat64_global(R"("udp-timeout": "1:2:3:4")"),
                           nat64_global(R"("udp-timeout": "")"),
                           nat64_global(R"("udp-timeout": 300)"),
                           nat64_global(R"("lowest-ipv6-mtu": 1279)"),
                           nat64_global(R"("lowest-ipv6-mtu": "x")"),
                           nat64_global(R"("logging-bib": 1)"),
                           pool4_entry(R"("protocol": "x")"),
                           std::string(R"({"pool4": {}})"),
                           std::string(R"({"eamt": {}})"),
                           std::string(R"({"pool4": [{"protocol": "TCP", "prefix": "10.0.0.0/7"}]})"),
                           std::string(R"({"eamt": [{"ipv6 prefix": "x", "ipv4 prefix": "192.0.2.1"}]})"),
                           siit_global(R"("eam-hairpin-mode": "x")"),
                           siit_global(R"("rfc6791v4-prefix": "x")")}) {
    const auto outcome = import("jool", file);
    EXPECT_EQ(outcome.status, 1) << file;
    EXPECT_EQ(outcome.out, "") << file;
    EXPECT_THAT(outcome.err, HasSubstr("ipxlatctl: standard input: ")) << file;
    EXPECT_THAT(outcome.err, HasSubstr("; allowed: ")) << file;
  }
}

TEST_F(CtlImportJool, AFileThatIsNotThereIsTold) {
  const auto outcome = run_words(kernel_, {"import", "jool", "/nonexistent/jool.json"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err, "ipxlatctl: /nonexistent/jool.json: No such file or directory\n");
}

}  // namespace
}  // namespace ipxlat::ctl
