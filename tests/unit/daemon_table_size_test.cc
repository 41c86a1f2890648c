// SPDX-License-Identifier: GPL-2.0-only
// Room in the connection tracker's table: how much is wanted, by whom it is set, and what is said when it is
// full.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/desired/units.h"
#include "daemon/service/full_table.h"
#include "tests/unit/daemon_reconciled.h"

namespace ipxlat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kMost = "net/netfilter/nf_conntrack_max";
constexpr const char* kBuckets = "net/netfilter/nf_conntrack_buckets";

class DaemonTableSize : public DaemonReconciler {
 protected:
  DaemonTableSize() {
    seen().sysctls[kMost] = seen().sysctls[kBuckets] = "65536";
    edge().max_flows = 200000;
  }

  Seen& seen() { return kernel_.seen; }
  Nat64Config& edge() { return config_.nat64.at(0); }

  std::vector<Unit> units() { return make_units(config_, seen(), {}, {}); }

  // What the first gateway wants of it.
  std::vector<std::string> wanted(size_t unit = 0) {
    std::vector<std::string> all;
    for (const auto& one : units().at(unit).all<Sysctl>())
      if (one.path == kMost || one.path == kBuckets) all.push_back(one.path.substr(14) + " " + one.value);
    return all;
  }
  std::vector<std::string> warnings() { return units().at(0).report.warnings; }
};

TEST_F(DaemonTableSize, has_an_entry_for_either_side_of_a_flow) {
  EXPECT_THAT(wanted(), ElementsAre("nf_conntrack_buckets 401408", "nf_conntrack_max 401408"));
  EXPECT_EQ(units().at(0).report.max_flows, 200704u);
  edge().mode = Nat64Mode::kPool;
  EXPECT_THAT(wanted(), ElementsAre("nf_conntrack_buckets 401408", "nf_conntrack_max 401408"))
      << "IPv4 is tracked to be offloaded";
  edge().flowtable = false;
  EXPECT_THAT(wanted(), ElementsAre("nf_conntrack_buckets 204800", "nf_conntrack_max 204800"));
  EXPECT_EQ(units().at(0).report.max_flows, 204800u);
}

TEST_F(DaemonTableSize, is_never_less_than_somebody_else_has_set) {
  seen().sysctls[kMost] = "500000";
  EXPECT_THAT(wanted(), ElementsAre("nf_conntrack_buckets 401408"));
  EXPECT_EQ(units().at(0).report.max_flows, 250000u);
  seen().changed[kMost] = {"65536", "401408"};
  EXPECT_THAT(wanted(), ElementsAre("nf_conntrack_buckets 401408")) << "since";
  seen().sysctls[kMost] = "401408";
  EXPECT_THAT(wanted(), ElementsAre("nf_conntrack_buckets 401408", "nf_conntrack_max 401408"))
      << "what was set stays wanted";
  edge().max_flows = 30000;
  EXPECT_THAT(wanted(), IsEmpty()) << "less than there was before the daemon came";
}

TEST_F(DaemonTableSize, follows_from_the_memory_where_nothing_is_said) {
  edge().max_flows.reset();
  EXPECT_THAT(wanted(), IsEmpty());
  seen().memory = uint64_t{1} << 30;
  EXPECT_THAT(wanted(), ElementsAre("nf_conntrack_buckets 425984", "nf_conntrack_max 425984"));
  seen().memory = uint64_t{64} << 30;
  EXPECT_THAT(wanted(), ElementsAre("nf_conntrack_buckets 4194304", "nf_conntrack_max 4194304"));
  seen().memory = uint64_t{64} << 20;
  EXPECT_THAT(wanted(), IsEmpty()) << "the kernel's own is larger";
  edge().max_flows = 200000;
  EXPECT_THAT(wanted(), ElementsAre("nf_conntrack_buckets 401408", "nf_conntrack_max 401408"));
}

TEST_F(DaemonTableSize, is_that_of_all_gateways_together_and_of_each_the_same) {
  config_.nat64.push_back(nat64("b", "2001:db8:64::/96", "10.1.0.0/16"));
  config_.nat64[1].max_flows = 100000;
  EXPECT_THAT(wanted(0), ElementsAre("nf_conntrack_buckets 606208", "nf_conntrack_max 606208"));
  EXPECT_EQ(wanted(1), wanted(0));
  reload(config_);
  EXPECT_TRUE(reconcile().complete);
  EXPECT_EQ(seen().sysctls[kMost], "606208");
  reload({});
  reconcile();
  EXPECT_EQ(seen().sysctls[kMost], "65536") << "it is put back";
  EXPECT_EQ(seen().sysctls[kBuckets], "65536");
}

TEST_F(DaemonTableSize, holds_the_flows_that_siit_offloads) {
  edge().max_flows = {};
  edge().manage_sysctls = false;
  seen().memory = uint64_t{4} << 30;
  SiitConfig dc;
  dc.name = dc.device = "dc";
  dc.settings.remote_prefix6 = parse_prefix6("2001:db8:46::/96");
  config_.siit = {dc};
  EXPECT_THAT(wanted(1), IsEmpty());
  EXPECT_FALSE(units().at(1).report.max_flows);
  config_.siit[0].flowtable_links = {"eth0", "eth1"};
  EXPECT_THAT(wanted(1), ElementsAre("nf_conntrack_buckets 1679360", "nf_conntrack_max 1679360"));
  EXPECT_EQ(units().at(1).report.max_flows, 839680u);
}

TEST_F(DaemonTableSize, waits_until_there_is_a_table) {
  seen().sysctls.erase(kMost);
  seen().sysctls.erase(kBuckets);
  EXPECT_THAT(wanted(), IsEmpty());
  EXPECT_EQ(units().at(0).report.max_flows, std::nullopt);
  EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(DaemonTableSize, of_a_namespace_is_that_of_the_initial_one) {
  seen().fixed = {kMost, kBuckets};
  EXPECT_THAT(wanted(), IsEmpty());
  EXPECT_EQ(units().at(0).report.max_flows, 32768u);
  EXPECT_THAT(
      warnings(),
      ElementsAre("max-flows 200000 needs net.netfilter.nf_conntrack_max = 401408, which is 65536, and can "
                  "be set in the initial network namespace alone"));
  seen().sysctls[kMost] = "401408";
  EXPECT_THAT(warnings(), IsEmpty());
  seen().sysctls[kMost] = "65536";
  seen().memory = uint64_t{8} << 30;
  edge().max_flows.reset();
  EXPECT_THAT(warnings(), IsEmpty()) << "nobody has asked for more";
}

TEST_F(DaemonTableSize, is_not_set_without_leave) {
  seen().sysctls["net/ipv6/conf/all/forwarding"] = seen().sysctls["net/ipv4/conf/eth1/forwarding"] = "1";
  edge().manage_sysctls = false;
  EXPECT_THAT(wanted(), IsEmpty());
  EXPECT_THAT(
      warnings(),
      ElementsAre("max-flows 200000 needs net.netfilter.nf_conntrack_max = 401408, which is 65536, and "
                  "manage-sysctls is false"));
}

TEST(DaemonFullTable, is_told_when_it_has_cost_something_since_the_last_look) {
  FullTable table;
  EXPECT_EQ(table.news(TableUse{{20, 20}, {7, 3}}), "") << "before the daemon came";
  EXPECT_EQ(table.news(TableUse{{20, 20}, {7, 3}}), "");
  EXPECT_EQ(table.news(TableUse{{20, 20}, {9, 3}}),
            "the connection tracker has dropped 2 packets and let 0 unanswered flows go since the last look; "
            "it has "
            "20 of 20 entries");
  EXPECT_NE(table.news(TableUse{{19, 20}, {9, 4}}), "");
  EXPECT_EQ(table.news(TableUse{{1, 20}, {0, 0}}), "") << "counted anew";
  EXPECT_EQ(table.news(std::nullopt), "");
  EXPECT_EQ(table.news(TableUse{{1, 20}, {5, 5}}), "");
}

}  // namespace
}  // namespace ipxlat
