// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/unit/daemon_house.h"

namespace ipxlat {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class DaemonService : public testing::Test {
 protected:
  // Somebody takes the route of pref64 away.
  void lose_route() {
    std::erase_if(house_.kernel.inner.seen.routes, [](const auto& r) { return r.link == "edge"; });
  }
  bool has_route() const {
    return std::ranges::any_of(house_.kernel.inner.seen.routes, [](const auto& r) {
      return r.link == "edge" && to_string(r.destination) == "64:ff9b::/96";
    });
  }
  // Until nothing moves, and counts from there.
  void start() {
    house_.service.start();
    house_.run_for(10s);
    house_.kernel.looks = house_.kernel.tries = house_.other.reads = 0;
    house_.kernel.inner.take_steps();
    house_.notifications.clear();
  }
  Nat64Config other_nat64() {
    auto other = nat64_config();
    other.name = other.device = "other";
    other.settings.remote_prefix6 = parse_prefix6("2001:db8:64::/96");
    other.pool4 = {parse_prefix4("10.64.0.0/16")};
    other.pool6 = {internal6(other.pool4[0])};
    return other;
  }

  House house_;
};

TEST_F(DaemonService, makes_everything_at_the_start_and_then_looks_once_more) {
  house_.service.start();
  EXPECT_TRUE(house_.is_on("nat64.edge"));
  EXPECT_EQ(house_.kernel.looks, 1u);
  house_.run_for(10s);  // its own announcements
  EXPECT_EQ(house_.kernel.looks, 2u);
  EXPECT_EQ(house_.notifications.front(), "STATUS=1 on, 0 off, 0 failed");
  EXPECT_THAT(house_.notifications, Contains("READY=1"));
}

TEST_F(DaemonService, a_burst_leads_to_one_look) {
  start();
  house_.run_for(40ms, 1ms, [&] { house_.announce(); });
  house_.run_for(10s);
  EXPECT_EQ(house_.kernel.looks, 1u);
}

TEST_F(DaemonService, news_are_acted_on_at_once) {
  start();
  lose_route();
  house_.announce();
  house_.run_for(Service::kGather);
  EXPECT_TRUE(has_route());
}

TEST_F(DaemonService, news_during_a_look_lead_to_another) {
  start();
  house_.kernel.after_read = [&] {
    house_.kernel.after_read = {};
    lose_route();
    house_.announce();
  };
  house_.announce();
  house_.run_for(Service::kGather);
  EXPECT_FALSE(has_route());  // it happened after the reading
  house_.run_for(Service::kGather * 2);
  EXPECT_TRUE(has_route());
}

TEST_F(DaemonService, what_a_source_has_learnt_is_used_until_it_has_not) {
  house_.config.clat.resize(1);
  house_.config.clat[0].name = house_.config.clat[0].device = "home";
  house_.config.clat[0].uplinks = {"eth1"};
  house_.config.clat[0].address6 = SharedAddress{};
  house_.kernel.inner.add_route(parse_prefix6("::/0"), "eth1", 1024);
  start();
  const uint32_t eth1 = house_.kernel.inner.link("eth1").ifindex;
  EXPECT_THAT(house_.discover.links, ElementsAre(eth1));
  EXPECT_EQ(house_.report("clat.home").state, InstanceState::kOff);
  house_.other.learnt =
      Knowledge{{{eth1, parse_prefix6("2001:db8:64::/96"), house_.clock.time + 600s}}, {}, {}};
  house_.other.pending = true;
  house_.run_for(1s);
  EXPECT_TRUE(house_.is_on("clat.home"));
  EXPECT_TRUE(house_.kernel.inner.interests->touch(parse_prefix6("2001:db8:64::/96")))
      << "routes to it count";
  house_.other.learnt = Knowledge{};
  house_.other.pending = true;
  house_.run_for(1s);
  EXPECT_EQ(house_.report("clat.home").state, InstanceState::kOff);
}

TEST_F(DaemonService, other_sources_are_heard_too) {
  start();
  lose_route();
  house_.other.pending = true;
  house_.run_for(1s);
  EXPECT_TRUE(has_route());
}

TEST_F(DaemonService, news_without_end_cost_a_tenth_of_the_time_and_are_acted_on_all_the_same) {
  house_.kernel.read_takes = 20ms;
  start();
  lose_route();
  house_.run_for(60s, 5ms, [&] { house_.announce(); });
  EXPECT_TRUE(has_route());
  EXPECT_LE(house_.kernel.looks * 20ms, 6600ms);
  EXPECT_GE(house_.kernel.looks * 20ms, 3000ms);
}

TEST_F(DaemonService, after_a_long_look_news_are_acted_on_at_once) {
  start();
  house_.kernel.read_takes = 400ms;
  house_.announce();
  house_.run_for(Service::kGather + 400ms);
  lose_route();
  house_.announce();
  house_.run_for(Service::kGather + 400ms);
  EXPECT_TRUE(has_route());
}

TEST_F(DaemonService, a_machine_that_sleeps_during_a_look_does_not_rest_as_long) {
  start();
  house_.kernel.read_takes = 8h;
  house_.announce();
  house_.run_for(Service::kGather);
  house_.kernel.read_takes = {};
  lose_route();
  house_.announce();
  house_.run_for(Service::kLongestPause);
  EXPECT_TRUE(has_route());
}

TEST_F(DaemonService, what_nobody_announces_is_found_within_minutes) {
  start();
  house_.run_for(1h);
  EXPECT_EQ(house_.kernel.looks, 1h / Service::kReadAnyway);
  EXPECT_THAT(house_.kernel.inner.take_steps(), IsEmpty());
  lose_route();
  house_.run_for(Service::kReadAnyway);
  EXPECT_TRUE(has_route());
}

TEST_F(DaemonService, what_sources_know_already_is_used_at_once) {
  house_.other.learnt = Knowledge{{{7, parse_prefix6("2001:db8:64::/96"), house_.clock.time + 600s}}, {}, {}};
  house_.config.clat.resize(1);
  house_.service.start();
  EXPECT_EQ(house_.kernel.looks, 1u);
  EXPECT_TRUE(house_.kernel.inner.interests->touch(parse_prefix6("2001:db8:64::/96")));
}

TEST_F(DaemonService, a_source_is_read_when_it_wants_to_be) {
  const Time wish = house_.clock.time + 100s;
  house_.other.due = wish;
  start();
  EXPECT_EQ(house_.service.deadline(), wish);
  house_.other.after_read = [&] {
    house_.other.pending = true;
    EXPECT_EQ(house_.clock.time, wish);
    return std::optional<Time>();
  };
  house_.run_for(100s);
  EXPECT_EQ(house_.other.reads, 1u);
  EXPECT_EQ(house_.kernel.looks, 1u);
}

TEST_F(DaemonService, a_source_that_has_no_news_at_its_time_leads_to_no_look) {
  house_.other.due = house_.clock.time + 100s;
  start();
  house_.other.after_read = [] { return std::optional<Time>(); };
  house_.run_for(120s);
  EXPECT_EQ(house_.other.reads, 1u);
  EXPECT_EQ(house_.kernel.looks, 0u);
}

TEST_F(DaemonService, its_own_announcements_do_not_defeat_the_back_off) {
  start();
  house_.config.nat64.push_back(other_nat64());
  house_.kernel.inner.refuse = "write nftables tables ipxlat-other";
  EXPECT_FALSE(house_.service.reload());
  house_.run_for(10min);
  // 1 + 2 + 4 + 8 + 16 + 32 + 60 + ... seconds: 15 times in ten minutes
  size_t tries = 0;
  for (const auto& step : house_.kernel.inner.take_steps()) tries += step.starts_with("create device other");
  EXPECT_LE(tries, 16u);
  EXPECT_GE(tries, 13u);
  EXPECT_LE(house_.kernel.looks, 100u);
}

TEST_F(DaemonService, news_of_one_instance_do_not_wait_for_another_that_backs_off) {
  start();
  house_.config.nat64.push_back(other_nat64());
  house_.kernel.inner.refuse = "write nftables tables ipxlat-other";
  EXPECT_FALSE(house_.service.reload());
  house_.run_for(10min);
  // the event comes together with those of a try that fails
  house_.kernel.after_read = [&] {
    if (house_.kernel.tries == 0) return;
    lose_route();
    house_.announce();
    house_.kernel.after_read = {};
  };
  house_.kernel.tries = 0;
  house_.run_for(70s);
  ASSERT_FALSE(house_.kernel.after_read);
  EXPECT_TRUE(has_route());
  lose_route();
  house_.announce();
  house_.run_for(1s);
  EXPECT_TRUE(has_route());
}

TEST_F(DaemonService, a_reload_takes_effect_before_it_returns) {
  start();
  house_.config.nat64[0].settings.remote_prefix6 = parse_prefix6("2001:db8:46::/96");
  EXPECT_TRUE(house_.service.reload());
  EXPECT_FALSE(has_route());
  EXPECT_THAT(house_.notifications, ElementsAre(StartsWith("RELOADING=1\nMONOTONIC_USEC="),
                                                "STATUS=1 on, 0 off, 0 failed", "READY=1"));
}

TEST_F(DaemonService, a_reload_that_is_refused_changes_nothing_and_says_all_of_why) {
  start();
  house_.load = []() -> Config { throw ConfigError({"a.toml:1: no", "a.toml:2: never"}); };
  const auto done = house_.service.reload();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().text, "a.toml:1: no\na.toml:2: never");
  EXPECT_THAT(house_.notifications,
              ElementsAre(StartsWith("RELOADING=1\n"),
                          "STATUS=1 on, 0 off, 0 failed; the configuration stays as it was: a.toml:1: no",
                          "READY=1"));
  house_.run_for(1h);
  EXPECT_THAT(house_.kernel.inner.take_steps(), IsEmpty());
  EXPECT_THAT(house_.notifications.back(), HasSubstr("stays as it was: a.toml:1: no"));
  lose_route();
  house_.announce();
  house_.run_for(1s);
  EXPECT_TRUE(has_route());
  house_.load = [&] { return house_.config; };
  EXPECT_TRUE(house_.service.reload());
  EXPECT_EQ(house_.notifications.at(house_.notifications.size() - 2), "STATUS=1 on, 0 off, 0 failed");
}

TEST_F(DaemonService, whatever_goes_wrong_in_loading_does_not_end_it) {
  start();
  house_.load = []() -> Config { throw std::filesystem::filesystem_error("directory iterator", {}); };
  EXPECT_FALSE(house_.service.reload());
  EXPECT_TRUE(has_route());
}

TEST_F(DaemonService, a_reload_with_an_instance_that_cannot_be_had_says_which_and_why) {
  start();
  house_.config.nat64.push_back(other_nat64());
  house_.kernel.inner.refuse = "write nftables tables ipxlat-other";
  const auto done = house_.service.reload();
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text, AllOf(StartsWith("[nat64.other] failed: "), EndsWith(": no")));
  EXPECT_TRUE(house_.is_on("nat64.edge"));
}

TEST_F(DaemonService, a_reload_that_could_not_look_says_so) {
  start();
  house_.kernel.inner.unreadable = NetlinkError{EINTR, "it changed meanwhile"};
  const auto done = house_.service.reload();
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text, StartsWith("something failed"));
  house_.kernel.inner.unreadable.reset();
  EXPECT_TRUE(house_.service.reload());
}

TEST_F(DaemonService, a_reload_says_what_could_not_be_published) {
  start();
  house_.publishing = NetlinkError{EADDRINUSE, "metrics-listen: so it is"};
  const auto reload = house_.service.reload();
  ASSERT_FALSE(reload);
  EXPECT_EQ(reload.error().text, "metrics-listen: so it is");
  EXPECT_TRUE(house_.is_on("nat64.edge"));
  house_.publishing = {};
  EXPECT_TRUE(house_.service.reload());
}

TEST_F(DaemonService, a_configuration_that_is_refused_at_the_start_ends_it) {
  house_.load = []() -> Config { throw ConfigError({"a.toml:1: no"}); };
  EXPECT_THROW(house_.service.start(), ConfigError);
  EXPECT_EQ(house_.kernel.looks, 0u);
}

TEST_F(DaemonService, a_stop_tries_again_and_then_says_what_is_left) {
  const auto before = house_.kernel.inner.made();
  start();
  house_.kernel.inner.refuse = "delete device edge";
  const Time last = house_.clock.time + (Service::kStopAttempts - 1) * Service::kStopPause;
  house_.kernel.after_read = [&] {
    if (house_.clock.time >= last) house_.kernel.inner.refuse.clear();
  };
  EXPECT_THAT(house_.service.stop(), IsEmpty());
  EXPECT_EQ(house_.kernel.inner.made(), before);
  EXPECT_EQ(house_.notifications.front(), "STOPPING=1");
}

TEST_F(DaemonService, a_stop_ends_even_if_something_stays) {
  start();
  house_.kernel.inner.refuse = "delete device edge";
  const Time before = house_.clock.time;
  EXPECT_EQ(house_.service.stop().size(), 1u);
  EXPECT_EQ(house_.clock.time - before, (Service::kStopAttempts - 1) * Service::kStopPause);
}

// The metrics of the routes of pref64 into the device.
class DaemonDrain : public DaemonService {
 protected:
  std::vector<uint32_t> metrics() const {
    std::vector<uint32_t> all;
    for (const auto& route : house_.kernel.inner.seen.routes)
      if (route.link == "edge" && to_string(route.destination) == "64:ff9b::/96") all.push_back(route.metric);
    return all;
  }
  std::string refusal(const std::string& request) {
    const auto done = house_.service.answer(request);
    return done ? "" : done.error().text;
  }
};

TEST_F(DaemonDrain, is_in_effect_when_it_is_answered) {
  start();
  EXPECT_EQ(refusal("drain edge"), "");
  EXPECT_THAT(metrics(), ElementsAre(65535));
  EXPECT_THAT(house_.report("nat64.edge").warnings, ElementsAre("drained: it takes no new flows"));
  EXPECT_EQ(house_.drained, Service::Drained{"edge"});
  EXPECT_EQ(refusal("reload"), "") << "it outlives a reload";
  EXPECT_THAT(metrics(), ElementsAre(65535));
  EXPECT_EQ(refusal("resume edge"), "");
  EXPECT_THAT(metrics(), ElementsAre(1024));
  EXPECT_THAT(house_.report("nat64.edge").warnings, IsEmpty());
  EXPECT_EQ(house_.drained, Service::Drained{});
}

TEST_F(DaemonDrain, of_something_else_is_refused) {
  start();
  EXPECT_EQ(refusal("drain border"), "there is no NAT64 instance \"border\"; there are: edge");
  EXPECT_EQ(refusal("resume "), "there is no NAT64 instance \"\"; there are: edge");
  EXPECT_EQ(refusal("stop"), "ipxlatd does not know the request \"stop\"");
  house_.config.nat64.clear();
  EXPECT_EQ(refusal("reload"), "");
  EXPECT_EQ(refusal("drain edge"), "there is no NAT64 instance \"edge\"; there is none");
  EXPECT_EQ(house_.drained, Service::Drained{});
}

TEST_F(DaemonDrain, tells_when_the_instance_cannot_have_what_it_wants) {
  start();
  house_.kernel.inner.add_route(parse_prefix6("64:ff9b::/96"), "eth0");
  EXPECT_THAT(refusal("drain edge"), StartsWith("[nat64.edge] failed: "));
}

}  // namespace
}  // namespace ipxlat
