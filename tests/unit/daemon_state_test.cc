// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "daemon/service/state_dir.h"
#include "tests/unit/daemon_scratch.h"

namespace ipxlat {
namespace {

class DaemonState : public testing::Test {
 protected:
  std::string contents(const char* name) {
    std::ostringstream text;
    text << std::ifstream(directory_ / "run" / name).rdbuf();
    return text.str();
  }

  ScratchDirectory directory_;
};

TEST_F(DaemonState, tells_what_an_instance_has_and_leaves_out_the_rest) {
  Report report;
  report.name = report.device = "edge";
  report.kind = "nat64";
  report.state = InstanceState::kOn;
  report.why = "it is";
  report.pref64 = "64:ff9b::/96";
  report.routes4 = {"198.51.100.0/24"};
  report.pool4 = {"198.18.0.0/15"};
  report.mode = "masquerade";
  report.max_flows = 32768;
  report.uplinks = {"eth1"};
  report.warnings = {"there is no interface eth1"};
  EXPECT_EQ(state_text({report}, 42, 1764158400), R"({
  "version": 1,
  "pid": 42,
  "since": "2025-11-26T12:00:00Z",
  "instances": [
    {
      "name": "edge",
      "kind": "nat64",
      "device": "edge",
      "state": "on",
      "why": "it is",
      "pref64": "64:ff9b::/96",
      "routes4": [
        "198.51.100.0/24"
      ],
      "pool4": [
        "198.18.0.0/15"
      ],
      "mode": "masquerade",
      "max_flows": 32768,
      "uplinks": [
        "eth1"
      ],
      "downlinks": [],
      "warnings": [
        "there is no interface eth1"
      ]
    }
  ]
}
)");
  EXPECT_EQ(state_text({}, 1, 0), R"({
  "version": 1,
  "pid": 1,
  "since": "1970-01-01T00:00:00Z",
  "instances": []
}
)");
}

TEST_F(DaemonState, is_published_and_gone_after_a_clean_stop) {
  const time_t before = std::time(nullptr);
  StateDir state(directory_ / "run");
  const time_t after = std::time(nullptr);
  ASSERT_TRUE(state.publish({}));
  EXPECT_THAT(contents("state.json"),
              testing::AnyOf(state_text({}, getpid(), before), state_text({}, getpid(), after)));
  state.clear();
  EXPECT_TRUE(std::filesystem::is_empty(directory_ / "run"));
}

TEST_F(DaemonState, remembers_what_was_made) {
  const auto run = directory_ / "run";
  EXPECT_TRUE(StateDir::load_made(run).empty());
  const MadeResources made = {{"sysctl net/ipv4/ip_forward", {{"nat64.edge", "siit.dc"}, "1", "0", 0}},
                              {"sysctl net/ipv6/conf/eth0/accept_ra", {{"nat64.edge"}, "2", "1", 3}},
                              {"device edge", {{"nat64.edge"}, "", std::nullopt, 0}}};
  {
    StateDir state(run);
    ASSERT_TRUE(state.save_made(made));
  }
  EXPECT_EQ(StateDir::load_made(run), made);
  std::ofstream(run / "made.json") << "{\"a\": 1}";
  EXPECT_THROW(StateDir::load_made(run), std::runtime_error);
}

TEST_F(DaemonState, is_replaced_as_a_whole) {
  StateDir state(directory_ / "run");
  ASSERT_TRUE(state.publish({}));
  const std::string old = contents("state.json");
  std::ifstream reader(directory_ / "run" / "state.json");
  Report report;
  report.name = "edge";
  ASSERT_TRUE(state.publish({report}));
  std::ostringstream read;
  read << reader.rdbuf();
  EXPECT_EQ(read.str(), old);
  EXPECT_THAT(contents("state.json"), testing::HasSubstr("edge"));
}

TEST_F(DaemonState, belongs_to_one_daemon) {
  StateDir state(directory_ / "run");
  try {
    StateDir second(directory_ / "run");
    FAIL() << "a second one got it";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(std::string(error.what()), "another ipxlatd runs with " + (directory_ / "run").string());
  }
}

TEST_F(DaemonState, a_failure_to_write_is_a_sentence) {
  StateDir state(directory_ / "run");
  std::filesystem::remove_all(directory_ / "run");
  const auto done = state.publish({});
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text,
              testing::StartsWith("cannot write " + (directory_ / "run" / "state.json").string()));
}

TEST_F(DaemonState, learnt_prefixes_outlive_a_daemon_that_was_killed) {
  const auto load = [&] {
    return StateDir::load_learnt(directory_.path(),
                                 [](const std::string& link) { return link == "eth1" ? 7u : 0u; });
  };
  EXPECT_EQ(load(), Knowledge{});
  StateDir state(directory_.path());
  Report given, told, asked, gone;
  given.pref64 = told.pref64 = gone.pref64 = "64:ff9b::/96";
  asked.pref64 = "2001:db8:64::/96";
  told.pref64_from = gone.pref64_from = kFromRouter;
  asked.pref64_from = kFromDns;
  told.pref64_until = asked.pref64_until = gone.pref64_until = Time(std::chrono::seconds(600));
  given.uplinks = told.uplinks = asked.uplinks = {"eth1"};
  gone.uplinks = {"eth2"};
  ASSERT_TRUE(state.publish({given, told, asked, gone}));
  const auto learnt = load();
  const Time until(std::chrono::seconds(600));
  EXPECT_EQ(learnt.advertised, (std::vector{LearntPrefix{7, parse_prefix6("64:ff9b::/96"), until}}));
  EXPECT_EQ(learnt.resolved, (std::vector{LearntPrefix{7, parse_prefix6("2001:db8:64::/96"), until}}));
  std::ofstream(directory_ / "state.json") << "{\"instances\": [{\"pref64_until\": 5}]}";
  EXPECT_EQ(load(), Knowledge{});
}

TEST_F(DaemonState, what_is_drained_outlives_a_daemon_that_was_killed) {
  EXPECT_TRUE(StateDir::load_drained(directory_.path()).empty());
  {
    StateDir state(directory_.path());
    const std::set<std::string> names = {"a.b", "edge"};
    ASSERT_TRUE(state.save_drained(names));
    EXPECT_EQ(StateDir::load_drained(directory_.path()), names);
  }
  StateDir state(directory_.path());
  EXPECT_EQ(StateDir::load_drained(directory_.path()).size(), 2u);
  state.clear();
  EXPECT_TRUE(StateDir::load_drained(directory_.path()).empty());
}

}  // namespace
}  // namespace ipxlat
