// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "daemon/service/ledger.h"

namespace ipxlat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class DaemonLedger : public testing::Test {
 protected:
  Ledger make(MadeResources made = {}) {
    return Ledger(std::move(made), [this](const MadeResources& saved) {
      saved_ = saved;
      saves_++;
      return Result<void>();
    });
  }

  static Step put(Resource resource) { return {Action::kPut, std::move(resource), {}}; }
  static Step put_sysctl(const char* path, const char* value, const char* former) {
    return {Action::kPut, Sysctl{path, value}, Sysctl{path, former}};
  }

  static SeenLink link(const char* name, uint32_t ifindex) {
    SeenLink one;
    one.name = name;
    one.ifindex = ifindex;
    return one;
  }

  const Resource route_ = Route{parse_prefix6("64:ff9b::/96"), RouteType::kUnicast, "edge", 1024};
  MadeResources saved_;
  int saves_ = 0;
};

TEST_F(DaemonLedger, tells_the_addresses_and_the_sysctls_from_all_that_was_made) {
  const Made one{{"clat.home"}, "1", "0", 0};
  const MadeResources made = {{"address 192.0.0.1/32 on clat0", one},
                              {"address 192.0.0.2/32 on clat1", one},
                              {"route 64:ff9b::/96", one},
                              {"sysctl net/ipv4/ip_forward", one},
                              {"sysctl net/ipv6/x", one},
                              {"table x", one}};
  EXPECT_THAT(made_addresses(made),
              ElementsAre("address 192.0.0.1/32 on clat0", "address 192.0.0.2/32 on clat1"));
  EXPECT_THAT(changed_sysctls(made), testing::SizeIs(2));
  EXPECT_THAT(made_addresses({{"sysctl net/ipv6/x", one}}), IsEmpty());
}

TEST_F(DaemonLedger, is_text_that_reads_back) {
  const MadeResources made = {
      {"device edge", {{"nat64.edge"}, "", {}, 0}},
      {"sysctl net/ipv6/conf/eth0/accept_ra", {{"nat64.edge", "siit.dc"}, "2", "1", 3}}};
  EXPECT_EQ(parse_made(made_text(made)), made);
  EXPECT_EQ(made_text({{"device edge", {{"nat64.edge"}, "", {}, 0}}}), R"({
 "version": 1,
 "made": [
  {
   "resource": "device edge",
   "units": [
    "nat64.edge"
   ]
  }
 ]
}
)");
}

TEST_F(DaemonLedger, damaged_text_is_refused) {
  for (const char* text : {"", "{", "[]", R"({"version": 2, "made": []})", R"({"version": 1, "made": [{}]})"})
    EXPECT_THROW(parse_made(text), std::runtime_error) << text;
}

TEST_F(DaemonLedger, notes_before_and_knows_whose_it_is) {
  auto ledger = make();
  ASSERT_TRUE(ledger.note("nat64.edge", {put(route_)}, Seen{}));
  EXPECT_EQ(saves_, 1);
  EXPECT_THAT(ledger.of("nat64.edge"), ElementsAre(key(route_)));
  EXPECT_THAT(ledger.of("siit.dc"), IsEmpty());
  ASSERT_TRUE(ledger.note("nat64.edge", {put(route_)}, Seen{}));
  EXPECT_EQ(saves_, 1) << "nothing new";
}

TEST_F(DaemonLedger, what_cannot_be_written_down_is_not_noted) {
  Ledger full({}, [](const MadeResources&) -> Result<void> { return NetlinkError{ENOSPC, "no room"}; });
  EXPECT_FALSE(full.note("nat64.edge", {put(route_)}, Seen{}));
  EXPECT_THAT(full.made(), IsEmpty());
}

TEST_F(DaemonLedger, the_first_former_value_of_a_sysctl_counts) {
  auto ledger = make();
  Seen seen;
  seen.links = {link("eth0", 3)};
  const char* path = "net/ipv6/conf/eth0/accept_ra";
  ASSERT_TRUE(ledger.note("nat64.edge", {put_sysctl(path, "2", "1")}, seen));
  ASSERT_TRUE(ledger.note("siit.dc", {{Action::kChange, Sysctl{path, "2"}, Sysctl{path, "0"}}}, seen));
  const Made made = {{"nat64.edge", "siit.dc"}, "2", "1", 3};
  EXPECT_EQ(saved_.at(std::string("sysctl ") + path), made);
  const auto changed = changed_sysctls(saved_);
  EXPECT_EQ(changed.at(path).former, "1");
  EXPECT_EQ(changed.at(path).value, "2");
}

TEST_F(DaemonLedger, a_unit_has_what_it_wants_and_nothing_else) {
  auto ledger =
      make({{"device a", {{"nat64.edge"}, "", {}, 0}}, {"device b", {{"nat64.edge", "siit.dc"}, "", {}, 0}}});
  Inventory there{Seen{}};
  there.take(put(route_));
  ledger.settle("nat64.edge", {key(route_), "device a", "route of somebody else"}, there);
  EXPECT_THAT(ledger.of("nat64.edge"), ElementsAre("device a", key(route_)));
  EXPECT_THAT(ledger.of("siit.dc"), ElementsAre("device b"));
}

TEST_F(DaemonLedger, follows_an_interface_to_its_new_name) {
  auto ledger = make({{"sysctl net/ipv6/conf/eth0/accept_ra", {{"nat64.edge"}, "2", "1", 3}},
                      {"sysctl net/ipv6/conf/eth9/accept_ra", {{"nat64.edge"}, "2", "1", 9}},
                      {"sysctl net/ipv4/ip_forward", {{"nat64.edge"}, "1", "0", 0}}});
  EXPECT_TRUE(ledger.follow({link("eth0", 4), link("wan", 3)}));
  EXPECT_EQ(ledger.made().size(), 2u);
  EXPECT_EQ(ledger.made().at("sysctl net/ipv6/conf/wan/accept_ra").former, "1");
  EXPECT_FALSE(ledger.follow({link("eth0", 4), link("wan", 3)}));
}

TEST_F(DaemonLedger, a_flush_counts_when_it_is_done) {
  auto ledger = make();
  const Step step = put(Flush("nat64.edge", {{}, {}, 7}));
  ASSERT_TRUE(ledger.note("nat64.edge", {step}, Seen{}));
  EXPECT_EQ(saved_.at("flush nat64.edge").value, "");
  ledger.done({step});
  ASSERT_TRUE(ledger.save());
  EXPECT_EQ(saved_.at("flush nat64.edge").value, "in zone 7");
}

TEST_F(DaemonLedger, forgets_what_there_is_no_more_of) {
  auto ledger = make({{"device a", {{"nat64.edge"}, "", {}, 0}}, {key(route_), {{"nat64.edge"}, "", {}, 0}}});
  Inventory there{Seen{}};
  there.take(put(route_));
  ledger.forget_all_but(there);
  ASSERT_TRUE(ledger.save());
  EXPECT_EQ(saved_.size(), 1u);
}

}  // namespace
}  // namespace ipxlat
