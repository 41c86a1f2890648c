// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <linux/ipxlat.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "tests/unit/ctl_fake_devices.h"

namespace ipxlat::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

class CtlMetrics : public testing::Test {
 protected:
  CtlMetrics() {
    DeviceStats edge;
    edge.ifname = "edge";
    edge.to_v4 = {10, 1000, 9, 720};
    edge.to_v6 = {20, 2000, 21, 2400};
    edge.reasons = {{IPXLAT_REASON_OK, "ok", 30, 9, 20},
                    {IPXLAT_REASON_NOT_LOCAL, "not_local", 1, 1, 0},
                    {IPXLAT_REASON_NOT_IP, "not_ip", 3, {}, {}}};
    kernel_.numbers.devices = {edge};
    kernel_.numbers.rules = {{"nat64.edge", "ip6", "says \"no\" \\", 5, 400}};
    kernel_.numbers.table = ConnectionTable{12, 262144};
    kernel_.numbers.losses = ConnectionLosses{1, 2, 3};
    std::ofstream(file_) << R"({"version": 1, "instances": [
        {"name": "edge", "kind": "nat64", "device": "edge", "state": "on", "why": ""},
        {"name": "home", "kind": "clat", "device": "home", "state": "failed", "why": "", "uplinks": ["eth0"]}]})";
  }

  Outcome metrics(std::vector<std::string> more = {}) {
    more.insert(more.begin(), "metrics");
    return run_words(kernel_, more, {}, file_);
  }

  FakeKernel kernel_;
  std::string file_ = testing::TempDir() + "ctl_metrics_" +
                      testing::UnitTest::GetInstance()->current_test_info()->name() + ".json";
};

TEST_F(CtlMetrics, EverythingThatIsCountedIsThere) {
  auto outcome = metrics();
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, R"(# TYPE ipxlat_daemon_running gauge
# HELP ipxlat_daemon_running Whether ipxlatd runs in this network namespace
ipxlat_daemon_running 1
# TYPE ipxlat_instance_state gauge
# HELP ipxlat_instance_state Whether the instance is in this state
ipxlat_instance_state{name="nat64.edge",state="on"} 1
ipxlat_instance_state{name="nat64.edge",state="off"} 0
ipxlat_instance_state{name="nat64.edge",state="failed"} 0
ipxlat_instance_state{name="clat.home/eth0",state="on"} 0
ipxlat_instance_state{name="clat.home/eth0",state="off"} 0
ipxlat_instance_state{name="clat.home/eth0",state="failed"} 1
# TYPE ipxlat_device_in_packets counter
# UNIT ipxlat_device_in_packets packets
# HELP ipxlat_device_in_packets Packets that came to be translated
ipxlat_device_in_packets_total{device="edge",direction="to_v4"} 10
ipxlat_device_in_packets_total{device="edge",direction="to_v6"} 20
# TYPE ipxlat_device_in_bytes counter
# UNIT ipxlat_device_in_bytes bytes
# HELP ipxlat_device_in_bytes Bytes that came to be translated
ipxlat_device_in_bytes_total{device="edge",direction="to_v4"} 1000
ipxlat_device_in_bytes_total{device="edge",direction="to_v6"} 2000
# TYPE ipxlat_device_out_packets counter
# UNIT ipxlat_device_out_packets packets
# HELP ipxlat_device_out_packets Packets that were translated
ipxlat_device_out_packets_total{device="edge",direction="to_v4"} 9
ipxlat_device_out_packets_total{device="edge",direction="to_v6"} 21
# TYPE ipxlat_device_out_bytes counter
# UNIT ipxlat_device_out_bytes bytes
# HELP ipxlat_device_out_bytes Bytes that were translated
ipxlat_device_out_bytes_total{device="edge",direction="to_v4"} 720
ipxlat_device_out_bytes_total{device="edge",direction="to_v6"} 2400
# TYPE ipxlat_device_dropped_packets counter
# UNIT ipxlat_device_dropped_packets packets
# HELP ipxlat_device_dropped_packets Packets that were not translated, by reason
ipxlat_device_dropped_packets_total{device="edge",direction="to_v4",reason="not_local"} 1
ipxlat_device_dropped_packets_total{device="edge",direction="to_v6",reason="not_local"} 0
ipxlat_device_dropped_packets_total{device="edge",direction="none",reason="not_ip"} 3
# TYPE ipxlat_rule_packets counter
# UNIT ipxlat_rule_packets packets
# HELP ipxlat_rule_packets Packets that met an nftables rule of the instance
ipxlat_rule_packets_total{name="nat64.edge",family="ip6",rule="says \"no\" \\"} 5
# TYPE ipxlat_rule_bytes counter
# UNIT ipxlat_rule_bytes bytes
# HELP ipxlat_rule_bytes Bytes that met an nftables rule of the instance
ipxlat_rule_bytes_total{name="nat64.edge",family="ip6",rule="says \"no\" \\"} 400
# TYPE ipxlat_conntrack_entries gauge
# UNIT ipxlat_conntrack_entries entries
# HELP ipxlat_conntrack_entries Entries of connection tracking
ipxlat_conntrack_entries 12
# TYPE ipxlat_conntrack_limit_entries gauge
# UNIT ipxlat_conntrack_limit_entries entries
# HELP ipxlat_conntrack_limit_entries Entries that connection tracking may have, 0 for any number
ipxlat_conntrack_limit_entries 262144
# TYPE ipxlat_conntrack_drop_packets counter
# UNIT ipxlat_conntrack_drop_packets packets
# HELP ipxlat_conntrack_drop_packets Packets that were dropped for want of an entry
ipxlat_conntrack_drop_packets_total 1
# TYPE ipxlat_conntrack_early_drop_entries counter
# UNIT ipxlat_conntrack_early_drop_entries entries
# HELP ipxlat_conntrack_early_drop_entries Entries that made room for others in a full table
ipxlat_conntrack_early_drop_entries_total 2
# TYPE ipxlat_conntrack_insert_failed_packets counter
# UNIT ipxlat_conntrack_insert_failed_packets packets
# HELP ipxlat_conntrack_insert_failed_packets Packets that were dropped since another flow had their entry
ipxlat_conntrack_insert_failed_packets_total 3
# EOF
)");
}

TEST_F(CtlMetrics, WhatCannotBeReadIsLeftOutAndTold) {
  kernel_.numbers = {};
  kernel_.numbers.unread = {"nftables cannot be reached: CAP_NET_ADMIN is missing", "so it is"};
  auto outcome = metrics();
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err,
            "ipxlatctl: nftables cannot be reached: CAP_NET_ADMIN is missing\nipxlatctl: so it is\n");
  EXPECT_THAT(outcome.out, HasSubstr("ipxlat_daemon_running 1\n"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("\nipxlat_conntrack_entries ")));
  EXPECT_THAT(outcome.out, testing::EndsWith("# EOF\n"));
}

TEST_F(CtlMetrics, WhatADaemonElsewherePublishesIsNotOfThisNamespace) {
  kernel_.daemon_runs = false;
  auto outcome = metrics();
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("ipxlat_daemon_running 0\n"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("nat64.edge\",state")));
  EXPECT_THAT(outcome.out,
              HasSubstr("ipxlat_device_in_packets_total{device=\"edge\",direction=\"to_v4\"} 10\n"));
}

TEST_F(CtlMetrics, AsJsonAFamilyIsAnObject) {
  auto families = nlohmann::json::parse(metrics({"-j"}).out);
  EXPECT_EQ(families[2], nlohmann::json::parse(R"({"name": "ipxlat_device_in_packets", "type": "counter",
      "unit": "packets", "help": "Packets that came to be translated", "samples": [
        {"labels": {"device": "edge", "direction": "to_v4"}, "value": 10},
        {"labels": {"device": "edge", "direction": "to_v6"}, "value": 20}]})"));
}

// Names with their labels, as expressions and samples have them.
using Names = std::set<std::string>;

Names sample_names(const std::string& text) {
  Names names;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.front() != '#') names.insert(line.substr(0, line.find_first_of("{ ")));
  return names;
}

TEST_F(CtlMetrics, TheDashboardAsksForWhatThereIsAndForAllOfIt) {
  const Names there = sample_names(metrics().out);
  std::ifstream file(IPXLAT_SOURCE_DIR "/dist/grafana/ipxlat.json");
  const auto dashboard = nlohmann::json::parse(file);
  Names asked;
  for (const auto& panel : dashboard["panels"])
    for (const auto& target : panel["targets"]) {
      const std::string expression = target["expr"];
      const std::regex metric("ipxlat_[a-z0-9_]*");
      const std::sregex_iterator begin(expression.begin(), expression.end(), metric), end;
      EXPECT_NE(begin, end) << expression;
      for (auto at = begin; at != end; ++at) {
        EXPECT_THAT(there, testing::Contains(at->str())) << expression;
        asked.insert(at->str());
      }
    }
  EXPECT_EQ(asked, there);
  for (const auto& variable : dashboard["templating"]["list"])
    if (variable["type"] == "query") {
      EXPECT_THAT(variable["query"]["query"], HasSubstr("(ipxlat_daemon_running"));
    }
}

// What the legends show are labels that the metric has, or that Prometheus gives it.
TEST_F(CtlMetrics, TheDashboardShowsLabelsThatThereAre) {
  const std::string text = metrics().out;
  std::ifstream file(IPXLAT_SOURCE_DIR "/dist/grafana/ipxlat.json");
  for (const auto& panel : nlohmann::json::parse(file)["panels"])
    for (const auto& target : panel["targets"]) {
      const std::string legend = target["legendFormat"];
      const std::regex label("\\{\\{([a-z_]+)\\}\\}");
      for (std::sregex_iterator at(legend.begin(), legend.end(), label), end; at != end; ++at)
        EXPECT_TRUE((*at)[1] == "instance" || text.find((*at)[1].str() + "=\"") != text.npos) << legend;
    }
}

}  // namespace
}  // namespace ipxlat::ctl
