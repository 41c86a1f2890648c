// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <future>

#include "daemon/service/control_socket.h"
#include "lib/conversation.h"
#include "tests/unit/daemon_scratch.h"

namespace ipxlat {
namespace {

class DaemonControlSocket : public testing::Test {
 protected:
  // What somebody who asks hears from a daemon that answers with `done`.
  Result<void> ask(const Result<void>& done) {
    auto asking = std::async(std::launch::async, [this] { return ask_daemon(directory_.path(), kReload); });
    serve(done);
    return asking.get();
  }
  // The next who asks.
  void serve(const Result<void>& done = {}) {
    wait();
    socket_->serve([&](const std::string& request) {
      requests_.push_back(request);
      return done;
    });
  }
  int connected() {
    sockaddr_un name{};
    EXPECT_EQ(control_address(directory_.path(), &name), 0);
    const int asking = open_control(0);
    EXPECT_EQ(connect(asking, reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
    return asking;
  }
  void wait() {
    pollfd readable{socket_->fd(), POLLIN, 0};
    ASSERT_EQ(poll(&readable, 1, 10000), 1);
  }

  ScratchDirectory directory_;
  std::optional<ControlSocket> socket_{directory_.path()};
  std::vector<std::string> requests_;
};

TEST_F(DaemonControlSocket, answers_when_it_is_done) {
  EXPECT_TRUE(ask({}));
  EXPECT_EQ(requests_, std::vector<std::string>{"reload"});
}

TEST_F(DaemonControlSocket, answers_with_every_sentence) {
  const auto done = ask(NetlinkError{EINVAL, "a.toml:1: no\na.toml:2: never"});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().text, "a.toml:1: no\na.toml:2: never");
  const auto long_one = ask(NetlinkError{EINVAL, std::string(1000000, 'x')});
  ASSERT_FALSE(long_one);
  EXPECT_GT(long_one.error().text.size(), 60000u);
}

TEST_F(DaemonControlSocket, that_cannot_be_says_why) {
  const auto why = [](const std::filesystem::path& directory) -> std::string {
    try {
      ControlSocket socket(directory);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  };
  const auto missing = directory_ / "missing";
  EXPECT_EQ(why(missing),
            "cannot listen at " + (missing / "control").string() + ": No such file or directory");
  const auto deep = directory_ / std::string(200, 'x');
  EXPECT_EQ(why(deep), "cannot listen at " + (deep / "control").string() + ": File name too long");
  EXPECT_EQ(ask_daemon(deep, kReload).error().text, (deep / "control").string() + ": File name too long");
}

TEST_F(DaemonControlSocket, belongs_to_its_owner) {
  struct stat file{};
  ASSERT_EQ(stat((directory_ / "control").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600u);
}

TEST_F(DaemonControlSocket, whoever_says_nothing_gets_nothing) {
  const int asking = connected();
  shutdown(asking, SHUT_WR);
  serve();
  char answer[8];
  EXPECT_EQ(recv(asking, answer, sizeof answer, 0), 0);
  close(asking);
  EXPECT_TRUE(requests_.empty());
}

TEST_F(DaemonControlSocket, whoever_stays_silent_is_left_alone) {
  const int asking = connected();
  auto served = std::async(std::launch::async, [this] { serve(); });
  EXPECT_EQ(served.wait_for(std::chrono::seconds(10)), std::future_status::ready);
  close(asking);
  served.wait();
  EXPECT_TRUE(requests_.empty());
}

TEST_F(DaemonControlSocket, whoever_has_gone_away_harms_nobody) {
  auto asking = std::async(std::launch::async, [this] { return ask_daemon(directory_.path(), kReload); });
  wait();
  socket_.reset();  // with the question in its queue, as when the daemon is killed
  const auto done = asking.get();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().text, "ipxlatd ended before it answered");
}

TEST_F(DaemonControlSocket, without_a_daemon_it_says_so) {
  socket_.reset();
  EXPECT_FALSE(std::filesystem::exists(directory_ / "control"));
  const auto nobody = ask_daemon(directory_.path(), kReload);
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().text, "no ipxlatd runs with " + directory_.path().string());
}

TEST_F(DaemonControlSocket, follows_one_of_a_daemon_that_was_killed) {
  std::filesystem::rename(directory_ / "control", directory_ / "kept");
  socket_.reset();
  std::filesystem::rename(directory_ / "kept", directory_ / "control");
  EXPECT_EQ(ask_daemon(directory_.path(), kReload).error().code, ECONNREFUSED);
  socket_.emplace(directory_.path());
  EXPECT_TRUE(ask({}));
}

TEST_F(DaemonControlSocket, a_directory_that_cannot_have_one_is_a_sentence) {
  try {
    ControlSocket nowhere(directory_ / "none");
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), testing::StartsWith("cannot listen at " + directory_.path().string()));
  }
  EXPECT_THROW(ControlSocket(directory_ / std::string(120, 'x')), std::runtime_error);
}

}  // namespace
}  // namespace ipxlat
