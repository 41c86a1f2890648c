// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/unit/ctl_fake_devices.h"

namespace ipxlat::ctl {
namespace {

class CtlStatus : public testing::Test {
 protected:
  Outcome status(const std::string& instances, std::vector<std::string> more = {}, pid_t pid = getpid()) {
    return status_of(
        "{\"version\": 1, \"pid\": " + std::to_string(pid) + ", \"instances\": " + instances + "}", more);
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
     "pref64": "64:ff9b::/96", "mode": "pool", "pool4": ["203.0.113.16/28", "203.0.113.64/28"],
     "uplinks": ["eth1"], "downlinks": ["eth0", "eth2"], "warnings": ["the pool is routed nowhere"]},
    {"name": "office", "kind": "clat", "device": "office", "state": "off", "why": "native IPv4 192.0.2.7",
     "pref64": "64:ff9b::/96"}])");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(
      outcome.out,
      "home    clat   on   pref64 64:ff9b::/96, address 2001:db8::c1a7:1 dedicated\n"
      "edge    nat64  on   device nat0, pref64 64:ff9b::/96, pool, pool4 203.0.113.16/28 203.0.113.64/28, "
      "uplinks eth1, downlinks eth0 eth2\n"
      "    warning: the pool is routed nowhere\n"
      "office  clat   off  native IPv4 192.0.2.7\n");
  EXPECT_EQ(outcome.err, "");
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
  EXPECT_EQ(json["instances"], nlohmann::json::parse(instances));
  EXPECT_EQ(json["version"], 1);
}

TEST_F(CtlStatus, WithoutAFileTheDaemonIsNotRunning) {
  auto outcome = run_words(kernel_, {"status"}, {}, "/nonexistent/state.json");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err, "ipxlatctl: ipxlatd is not running (no /nonexistent/state.json)\n");
  EXPECT_EQ(run_words(kernel_, {"status", "--state", "/nonexistent/other"}).err,
            "ipxlatctl: ipxlatd is not running (no /nonexistent/other)\n");
  EXPECT_EQ(run_words(kernel_, {"status", "--state", "/"}).err, "ipxlatctl: /: Is a directory\n");
}

TEST_F(CtlStatus, AProcessThatIsGoneIsToldOf) {
  pid_t child = fork();
  if (child == 0) _exit(0);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  auto outcome = status("[]", {}, child);
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "ipxlatctl: ipxlatd (process " + std::to_string(child) +
                             ") does not run any more; this is what it left\n");
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
