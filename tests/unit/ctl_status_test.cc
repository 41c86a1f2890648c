// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/unit/ctl_fake_devices.h"

namespace ipxlat::ctl {
namespace {

class CtlStatus : public testing::Test {
 protected:
  Outcome status(const std::string& instances, std::vector<std::string> more = {}) {
    return status_of("{\"version\": 1, \"pid\": 4711, \"instances\": " + instances + "}", more);
  }

  Outcome status_of(const std::string& text, std::vector<std::string> more = {}) {
    std::ofstream(file_) << text;
    more.insert(more.begin(), "status");
    return run_words(kernel_, more, {}, file_);
  }

  FakeKernel kernel_;
  std::string file_ = testing::TempDir() + "ctl_status_" +
                      testing::UnitTest::GetInstance()->current_test_info()->name() + ".json";
};

TEST_F(CtlStatus, EveryInstanceIsALine) {
  auto outcome = status(R"([
    {"name": "home", "kind": "clat", "device": "home", "state": "on", "why": "running",
     "pref64": "64:ff9b::/96", "address6": "2001:db8::c1a7:1", "address6_mode": "dedicated"},
    {"name": "edge", "kind": "nat64", "device": "nat0", "state": "on", "why": "running",
     "pref64": "64:ff9b::/96", "routes4": ["198.51.100.0/24"], "mode": "pool", "pool4": ["203.0.113.16/28", "203.0.113.64/28"], "max_flows": 32768,
     "uplinks": ["eth1"], "downlinks": ["eth0", "eth2"], "warnings": ["the pool is routed nowhere"]},
    {"name": "office", "kind": "clat", "device": "office", "state": "off", "why": "native IPv4 192.0.2.7",
     "pref64": "64:ff9b::/96"}])");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "home    clat   on   pref64 64:ff9b::/96, address 2001:db8::c1a7:1 dedicated\n"
            "edge    nat64  on   device nat0, pref64 64:ff9b::/96, routes4 198.51.100.0/24, pool, pool4 "
            "203.0.113.16/28 203.0.113.64/28, room for flows: 32768, "
            "uplinks eth1, downlinks eth0 eth2\n"
            "    warning: the pool is routed nowhere\n"
            "office  clat   off  native IPv4 192.0.2.7\n");
  EXPECT_EQ(outcome.err, "");
}

TEST_F(CtlStatus, OnlyWhereThereIsADirectoryIsItWatched) {
  auto outcome = run_words(kernel_, {"status", "--watch"}, {}, "/nonexistent/state.json");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, testing::HasSubstr("/nonexistent cannot be watched: No such file or directory"));
}

TEST_F(CtlStatus, ALearntPrefixHasATimeLeft) {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  const auto with_end = [&](int64_t end) {
    return status(
               R"([{"name": "a", "kind": "clat", "device": "a", "state": "on", "why": "so", "pref64": "64:ff9b::/96",
      "pref64_from": "router advertisement", "pref64_until": )" +
               std::to_string(end) + "}]")
        .out;
  };
  EXPECT_THAT(with_end(now.tv_sec + 1000),
              testing::MatchesRegex(
                  "a  clat  on  pref64 64:ff9b::/96 by router advertisement for (1000|99[0-9]) s\n"));
  EXPECT_THAT(with_end(now.tv_sec - 5), testing::EndsWith(" by router advertisement for 0 s\n"))
      << "the daemon is late";
}

TEST_F(CtlStatus, AGatewayShowsItsTableOfConnections) {
  const char* edge =
      R"({"name": "edge", "kind": "nat64", "device": "edge", "state": "on", "why": "running"})";
  const char* home = R"({"name": "home", "kind": "clat", "device": "home", "state": "on", "why": "running"})";
  const char* off = R"({"name": "off", "kind": "nat64", "device": "off", "state": "failed", "why": "so"})";
  const std::string all = std::string("[") + edge + "," + home + "," + off + "]";
  kernel_.table = ConnectionTable{1234, 262144};
  EXPECT_EQ(status(all).out,
            "edge  nat64  on      running\n"
            "    1234 of 262144 connections\n"
            "home  clat   on      running\n"
            "off   nat64  failed  so\n");
  kernel_.table->limit = 0;
  EXPECT_THAT(status(all).out, testing::HasSubstr("\n    1234 connections, without a limit\n"));
  auto json = nlohmann::json::parse(status(all, {"-j"}).out)[0];
  EXPECT_EQ(json["connections"], nlohmann::json::parse(R"({"entries": 1234, "limit": 0})"));
}

TEST_F(CtlStatus, WithoutDetailsItSaysWhy) {
  EXPECT_EQ(status(R"([{"name": "a", "kind": "siit", "device": "a", "state": "on", "why": "running"}])").out,
            "a  siit  on  running\n");
  EXPECT_EQ(status("[]").out, "ipxlatd runs and has no instances\n");
}

TEST_F(CtlStatus, JsonIsWhatTheDaemonWrote) {
  const char* instances =
      R"([{"name": "a", "kind": "siit", "device": "a", "state": "on", "why": "x", "new": [1]}])";
  auto json = nlohmann::json::parse(status(instances, {"--json"}).out);
  EXPECT_EQ(json, nlohmann::json::parse(R"([{"running": true, "version": 1, "pid": 4711, "instances": )" +
                                        std::string(instances) + "}]"));
}

TEST_F(CtlStatus, WithoutAFileTheDaemonIsNotRunning) {
  kernel_.daemon_runs = false;
  auto outcome = run_words(kernel_, {"status"}, {}, "/nonexistent/state.json");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err, "ipxlatctl: ipxlatd is not running (no /nonexistent/state.json)\n");
  EXPECT_EQ(run_words(kernel_, {"status", "--state", "/nonexistent/other"}).err,
            "ipxlatctl: ipxlatd is not running (no /nonexistent/other)\n");
  EXPECT_EQ(run_words(kernel_, {"status", "--state", "/"}).err, "ipxlatctl: /: Is a directory\n");
}

TEST_F(CtlStatus, AnInstanceThatStartsSaysWhatItWaitsFor) {
  EXPECT_EQ(status(R"([{"name": "home", "kind": "clat", "device": "home", "state": "starting",
                        "why": "address detection runs", "pref64": "64:ff9b::/96"}])")
                .out,
            "home  clat  starting  address detection runs\n");
}

TEST_F(CtlStatus, ADegradedInstanceSaysWhatItHasAndWhatItLacks) {
  EXPECT_EQ(status(R"([{"name": "edge", "kind": "nat64", "device": "edge", "state": "degraded",
                        "why": "uplink eth2 is missing", "pref64": "64:ff9b::/96",
                        "uplinks": ["eth1", "eth2"], "warnings": ["x"]}])")
                .out,
            "edge  nat64  degraded  pref64 64:ff9b::/96, uplinks eth1 eth2\n"
            "    degraded: uplink eth2 is missing\n"
            "    warning: x\n");
}

TEST_F(CtlStatus, TheLockTellsWhetherTheDaemonRuns) {
  kernel_.daemon_runs = false;
  auto outcome = status(R"([{"name": "a", "kind": "siit", "device": "a", "state": "on", "why": "x"}])");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.out, "a  siit  on  x\n");
  EXPECT_EQ(outcome.err, "ipxlatctl: ipxlatd does not run in this network namespace; this is what it left\n");
  EXPECT_EQ(nlohmann::json::parse(status("[]", {"-j"}).out)[0]["running"], false);

  kernel_.daemon_runs = true;
  EXPECT_EQ(status("[]").status, 0);
  EXPECT_EQ(run_words(kernel_, {"status", "--state", "/nonexistent/other"}).err,
            "ipxlatctl: ipxlatd runs in this network namespace, and publishes nothing in /nonexistent/other "
            "(--state names another file)\n");
}

TEST_F(CtlStatus, AnythingElseInTheFileIsRefused) {
  for (const char* text :
       {"", "{", "[]", "{\"version\": 1}", "{\"version\": 1, \"instances\": {}}",
        "{\"version\": 1, \"instances\": [1]}", "{\"version\": 1, \"instances\": [{\"name\": 1}]}",
        "{\"version\": 1, \"instances\": [{\"warnings\": \"x\"}]}"}) {
    auto outcome = status_of(text);
    EXPECT_EQ(outcome.status, 1) << text;
    EXPECT_EQ(outcome.err, "ipxlatctl: " + file_ + ": not a state file of ipxlatd\n") << text;
    EXPECT_EQ(outcome.out, "");
  }
  EXPECT_EQ(status_of("{\"version\": 2, \"instances\": []}").err,
            "ipxlatctl: " + file_ + ": written by another version of ipxlatd\n");
}

}  // namespace
}  // namespace ipxlat::ctl
