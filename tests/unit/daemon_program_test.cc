// SPDX-License-Identifier: GPL-2.0-only
// ipxlatd as it is run: what it says and how it ends.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include "daemon/service/ledger.h"
#include "tests/unit/daemon_scratch.h"
#include "tests/unit/daemon_world.h"

namespace ipxlat {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr auto kPatience = std::chrono::seconds(60);

class DaemonProgram : public testing::Test {
 protected:
  struct Ended {
    int status;
    std::string out, err;
  };

  Ended run(const std::vector<std::string>& words) {
    const int status = end(start(words));
    return {status, text("out"), text("err")};
  }

  // Its output goes to files of this directory.
  pid_t start(const std::vector<std::string>& words) {
    const pid_t child = fork();
    if (child) return child;
    setenv("RUNTIME_DIRECTORY", (directory_ / "run").c_str(), 1);
    dup2(open((directory_ / "out").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
    dup2(open((directory_ / "err").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
    std::vector<char*> arguments{const_cast<char*>("ipxlatd")};
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    execv(IPXLATD, arguments.data());
    _exit(127);
  }

  // Its exit status, once it has ended.
  static int end(pid_t child) {
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  std::string text(const std::string& name) const {
    std::ostringstream all;
    all << std::ifstream(directory_ / name).rdbuf();
    return all.str();
  }

  std::string config(const std::string& toml, const std::string& name = "a.toml") {
    std::ofstream(directory_ / name) << toml;
    return directory_ / name;
  }

  static bool comes(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return true;
  }

  static constexpr const char* kGood = "[siit.dc]\nremote-prefix6 = '2001:db8:46::/96'\n";
  static constexpr const char* kBad = "[siit.dc]\nremote-prefix6 = '2001:db8:46::/97'\nmode = 1\n";

  ScratchDirectory directory_;
};

TEST_F(DaemonProgram, tells_its_version_and_how_to_use_it) {
  const auto version = run({"--version"});
  EXPECT_EQ(version.status, 0);
  EXPECT_THAT(version.out, StartsWith("ipxlatd "));
  const auto help = run({"--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_THAT(help.out, HasSubstr("--dry-run"));
}

TEST_F(DaemonProgram, wrong_words_end_it_with_a_status_of_their_own) {
  const std::string good = config(kGood);
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"--what"},
                                             {"--config"},
                                             {"--check", "--dry-run"},
                                             {"--reload", "--check"},
                                             {"--reload", "--dry-run"},
                                             {"--reload", "--config", good},
                                             {"--check", "--config", good, "--log-level", "no"}})
    EXPECT_EQ(run(words).status, 2) << words.front();
}

TEST_F(DaemonProgram, checks_a_configuration) {
  const auto one = run({"--check", "--config", config(kGood)});
  EXPECT_EQ(one.status, 0);
  EXPECT_EQ(one.out, "the configuration is valid, with 1 instance\n");
  const std::string two = std::string(kGood) + "[nat64.edge]\npref64 = '64:ff9b::/96'\nuplinks = ['one']\n";
  EXPECT_EQ(run({"--check", "--config", config(two)}).out, "the configuration is valid, with 2 instances\n");
}

TEST_F(DaemonProgram, tells_each_mistake_in_a_line) {
  for (const char* way : {"--check", "--dry-run"}) {
    const auto bad = run({way, "--config", config(kBad)});
    EXPECT_EQ(bad.status, 1);
    EXPECT_THAT(bad.err, HasSubstr("a.toml:2: siit.dc.remote-prefix6: "));
    EXPECT_THAT(bad.err, HasSubstr("a.toml:3: siit.dc.mode: unknown key"));
    EXPECT_EQ(std::count(bad.err.begin(), bad.err.end(), '\n'), 2);
  }
  EXPECT_EQ(run({"--check", "--config", config(kBad), "--log-level", "off"}).err, "");
}

TEST_F(DaemonProgram, has_nobody_to_ask_for_a_reload) {
  const auto none = run({"--reload"});
  EXPECT_EQ(none.status, 1);
  EXPECT_THAT(none.err, HasSubstr("no ipxlatd runs with " + (directory_ / "run").string()));
}

// In a network of its own, with whatever module there is: what it comes to without one is a failed instance.
class DaemonRealProgram : public DaemonProgram, public testing::WithParamInterface<int> {
 protected:
  // A reload by another ipxlatd, whose output is kept apart.
  Ended reload() {
    ScratchDirectory apart;
    const std::string out = apart / "out", err = apart / "err";
    const std::string command = "RUNTIME_DIRECTORY=" + (directory_ / "run").string() + " " + IPXLATD +
                                " --reload >" + out + " 2>" + err;
    const int status = std::system(command.c_str());
    std::ostringstream said;
    said << std::ifstream(err).rdbuf();
    return {WEXITSTATUS(status), "", said.str()};
  }

  bool holds_back(const char* network) {
    const Network wanted = parse_prefix6(network);
    const auto seen = world_.kernel().read({});
    return seen && std::any_of(seen->routes.begin(), seen->routes.end(), [&](const SeenRoute& route) {
             return route.ours && route.destination == wanted && route.type == RouteType::kUnreachable;
           });
  }

  RealWorld world_;
};

TEST_P(DaemonRealProgram, rehearses_and_leaves_nothing) {
  const auto rehearsal = run({"--dry-run", "--config", config(kGood)});
  EXPECT_EQ(rehearsal.status, 0) << rehearsal.err;
  EXPECT_THAT(rehearsal.out, HasSubstr("add unreachable 2001:db8:46::/96 metric 1000000\n"));
  EXPECT_THAT(rehearsal.out, HasSubstr("create device dc: remote-prefix6 2001:db8:46::/96"));
  EXPECT_FALSE(holds_back("2001:db8:46::/96"));
}

TEST_P(DaemonRealProgram, serves_reloads_and_leaves_nothing) {
  const pid_t daemon = start({"--config", config(kGood)});
  ASSERT_TRUE(comes([&] { return text("run/state.json").find("\"dc\"") != std::string::npos; }))
      << text("err");
  EXPECT_TRUE(holds_back("2001:db8:46::/96"));

  config(kBad);
  const auto refused = reload();
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.err, HasSubstr("a.toml:3: siit.dc.mode: unknown key"));
  EXPECT_TRUE(holds_back("2001:db8:46::/96"));
  // needs no module as long as it has no uplink
  config("[clat.home]\npref64 = '64:ff9b::/96'\nuplinks = ['none']\n");
  const auto taken = reload();
  EXPECT_EQ(taken.status, 0) << taken.err;
  EXPECT_THAT(text("run/state.json"), HasSubstr("\"home\""));
  EXPECT_FALSE(holds_back("2001:db8:46::/96"));
  config(kGood);
  kill(daemon, SIGHUP);
  EXPECT_TRUE(comes([&] { return holds_back("2001:db8:46::/96"); }));

  kill(daemon, SIGTERM);
  EXPECT_EQ(end(daemon), 0) << text("err");
  EXPECT_FALSE(holds_back("2001:db8:46::/96"));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "run/state.json"));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "run/made.json"));
}

TEST_P(DaemonRealProgram, is_the_only_one_of_its_network_and_of_its_directory) {
  const pid_t daemon = start({"--config", config(kGood)});
  ASSERT_TRUE(comes([&] { return text("run/state.json").find("\"dc\"") != std::string::npos; }))
      << text("err");
  const std::string other = "RUNTIME_DIRECTORY=" + (directory_ / "other").string() + " timeout 60 " +
                            IPXLATD + " --config " + (directory_ / "a.toml").string() + " 2>" +
                            (directory_ / "refusal").string();
  EXPECT_EQ(WEXITSTATUS(std::system(other.c_str())), 1);
  EXPECT_THAT(text("refusal"), HasSubstr("another ipxlatd runs in this network namespace"));
  kill(daemon, SIGINT);
  EXPECT_EQ(end(daemon), 0) << text("err");
}

TEST_P(DaemonRealProgram, is_asked_to_reload_while_it_starts) {
  std::filesystem::create_directory(directory_ / "run");
  const std::string made = directory_ / "run/made.json";
  ASSERT_EQ(mkfifo(made.c_str(), 0600), 0);
  const pid_t daemon = start({"--config", config(kGood)});
  int pipe = -1;
  // once somebody reads
  ASSERT_TRUE(comes([&] { return (pipe = open(made.c_str(), O_WRONLY | O_NONBLOCK)) >= 0; }));
  kill(daemon, SIGHUP);
  const std::string nothing = made_text({});
  EXPECT_EQ(write(pipe, nothing.data(), nothing.size()), static_cast<ssize_t>(nothing.size()));
  close(pipe);
  EXPECT_TRUE(comes([&] {
    return text("err").find("the configuration was read again") != std::string::npos;
  })) << text("err");
  kill(daemon, SIGTERM);
  EXPECT_EQ(end(daemon), 0) << text("err");
}

INSTANTIATE_TEST_SUITE_P(Real, DaemonRealProgram, testing::ValuesIn(if_real(0)));
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DaemonRealProgram);

}  // namespace
}  // namespace ipxlat
