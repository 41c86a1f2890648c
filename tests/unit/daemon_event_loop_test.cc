// SPDX-License-Identifier: GPL-2.0-only
// The event loop with descriptors, signals and a clock of the machine's own, on a kernel that is none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <future>

#include "daemon/service/event_loop.h"
#include "daemon/service/log.h"
#include "daemon/service/systemd.h"
#include "lib/conversation.h"
#include "tests/unit/daemon_fake_kernel.h"
#include "tests/unit/daemon_nat64_config.h"
#include "tests/unit/daemon_scratch.h"

namespace ipxlat {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::StartsWith;

// News that anybody tells with a number.
class Bell final : public Source {
 public:
  Bell() : fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
  ~Bell() override { close(fd_); }
  void ring() const { eventfd_write(fd_, 1); }

  int fd() const override { return fd_; }
  bool read(Knowledge&, Time) override {
    eventfd_t number;
    if (on_read) on_read();
    return eventfd_read(fd_, &number) == 0;
  }
  std::optional<Time> deadline() const override { return due; }

  std::function<void()> on_read;
  std::optional<Time> due;

 private:
  int fd_;
};

class DaemonEventLoop : public testing::Test {
 protected:
  DaemonEventLoop() {
    set_up_log("off");
    sigprocmask(SIG_SETMASK, nullptr, &mask_);
    kernel_.add_link("eth0");
    kernel_.add_link("eth1");
    config_.nat64 = {nat64_config()};
    EventLoop::hold_signals();
    loop_.emplace(service_, sources_, control_);
  }
  ~DaemonEventLoop() override {
    sigset_t late;
    sigemptyset(&late);
    for (int number : {SIGTERM, SIGHUP}) sigaddset(&late, number);
    const timespec now{};
    while (sigtimedwait(&late, nullptr, &now) > 0) continue;
    sigprocmask(SIG_SETMASK, &mask_, nullptr);
  }

  void end() { kill(getpid(), SIGTERM); }

  ScratchDirectory directory_;
  sigset_t mask_;
  FakeKernel kernel_;
  Config config_;
  BootClock clock_;
  Bell bell_;
  std::vector<Source*> sources_{&bell_};
  int loads_ = 0;
  std::vector<std::string> notifications_;
  std::function<void(const std::string&)> notify_ = [this](const std::string& text) {
    notifications_.push_back(text);
  };
  std::function<void()> on_publish_;
  Reconciler reconciler_{kernel_, SipKey{7}, Ledger({}, [](const MadeResources&) { return Result<void>(); }),
                         [](Level, const std::string&) {}};
  Service service_{reconciler_,
                   sources_,
                   clock_,
                   {[this] {
                      loads_++;
                      return config_;
                    },
                    [this](const std::vector<Report>&) {
                      if (on_publish_) on_publish_();
                      return Result<void>();
                    },
                    [this](const std::string& text) { notify_(text); }}};
  ControlSocket control_{directory_.path()};
  std::optional<EventLoop> loop_;
};

TEST_F(DaemonEventLoop, looks_when_a_source_is_readable_and_ends_at_sigterm) {
  service_.start();
  kernel_.take_steps();
  kernel_.seen.routes.clear();
  on_publish_ = [this] { end(); };
  bell_.ring();
  loop_->run();
  EXPECT_FALSE(kernel_.take_steps().empty());
}

TEST_F(DaemonEventLoop, reloads_at_sighup) {
  service_.start();
  on_publish_ = [this] { end(); };
  kill(getpid(), SIGHUP);
  loop_->run();
  EXPECT_EQ(loads_, 2);
}

TEST_F(DaemonEventLoop, keeps_the_time_that_a_source_wants) {
  service_.start();
  bell_.due = clock_.now() + 100ms;
  bell_.on_read = [this] {
    EXPECT_GE(clock_.now(), *bell_.due);
    bell_.due.reset();
    end();
  };
  loop_->run();
  EXPECT_FALSE(bell_.due);
}

TEST_F(DaemonEventLoop, answers_who_asks_to_reload) {
  service_.start();
  auto asking = std::async(std::launch::async, [this] {
    auto done = ask_daemon(directory_.path(), kReload);
    end();
    return done;
  });
  kernel_.refuse = "create device other";
  config_.nat64.push_back(nat64_config());
  config_.nat64[1].name = config_.nat64[1].device = "other";
  loop_->run();
  const auto done = asking.get();
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text, StartsWith("[nat64.other] failed: "));
  EXPECT_EQ(loads_, 2);
}

TEST_F(DaemonEventLoop, passes_on_what_is_thrown_in_it) {
  service_.start();
  bell_.on_read = [] { throw std::runtime_error("out of memory"); };
  bell_.ring();
  EXPECT_THROW(loop_->run(), std::runtime_error);
}

// sd_notify(3): datagrams to the socket that the environment names.
TEST_F(DaemonEventLoop, tells_systemd_of_a_reload_from_its_beginning_to_its_end) {
  const int systemd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  (directory_ / "notify").string().copy(name.sun_path, sizeof name.sun_path - 1);
  ASSERT_EQ(bind(systemd, reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
  setenv("NOTIFY_SOCKET", name.sun_path, 1);
  notify_ = tell_systemd;
  service_.start();
  EXPECT_TRUE(service_.reload());
  unsetenv("NOTIFY_SOCKET");
  std::vector<std::string> heard;
  char text[512];
  for (ssize_t length; (length = recv(systemd, text, sizeof text, 0)) > 0;)
    heard.emplace_back(text, static_cast<size_t>(length));
  close(systemd);
  EXPECT_THAT(heard, ElementsAre("STATUS=1 on, 0 off, 0 failed", "READY=1",
                                 StartsWith("RELOADING=1\nMONOTONIC_USEC="), "STATUS=1 on, 0 off, 0 failed",
                                 "READY=1"));
}

}  // namespace
}  // namespace ipxlat
