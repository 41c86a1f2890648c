// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/service/service.h"

#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <stdexcept>

#include "daemon/service/log.h"

namespace ipxlat {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// changes come in bursts
constexpr std::chrono::microseconds kGather = 50ms;
// of the time, at most a quarter goes into looking
constexpr int kPausePerWork = 3;

Time boot_time() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return Time(std::chrono::duration_cast<Time::duration>(std::chrono::seconds(now.tv_sec) +
                                                         std::chrono::nanoseconds(now.tv_nsec)));
}

void must(int result, const char* what) {
  if (result < 0) throw std::runtime_error(std::string(what) + ": " + std::strerror(-result));
}

}  // namespace

void Service::Unref::operator()(sd_event* loop) const { sd_event_unref(loop); }

void Service::Unref::operator()(sd_event_source* source) const { sd_event_source_disable_unref(source); }

Service::Service(Kernel& kernel, StateDir& state, Watch& watch, const SipKey& secret, Files files)
    : state_(state),
      watch_(watch),
      files_(std::move(files)),
      reconciler_(kernel, secret,
                  Ledger(StateDir::load_made(state.path()),
                         [this](const MadeResources& made) { return state_.save_made(made); }),
                  log) {
  sd_event* loop = nullptr;
  must(sd_event_new(&loop), "no event loop");
  loop_.reset(loop);
  must(sd_event_set_watchdog(loop, true), "no watchdog");
  catch_signals();
  watch_kernel();
  sd_event_source* timer = nullptr;
  must(sd_event_add_time_relative(loop, &timer, CLOCK_MONOTONIC, 0, 1000, on_timer, this), "no timer");
  timer_.reset(timer);
  sd_event_source_set_enabled(timer, SD_EVENT_OFF);
  reconciler_.set_config(load_config(files_()));
}

Service::~Service() = default;

void Service::catch_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, number);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  for (int number : {SIGTERM, SIGINT, SIGHUP}) {
    sd_event_source* source = nullptr;
    must(sd_event_add_signal(loop_.get(), &source, number, on_signal, this), "signals cannot be caught");
    sources_.emplace_back(source);
  }
}

void Service::watch_kernel() {
  for (int fd : watch_.fds()) {
    sd_event_source* source = nullptr;
    must(sd_event_add_io(loop_.get(), &source, fd, EPOLLIN, on_change, this), "changes cannot be watched");
    sources_.emplace_back(source);
  }
}

// The module may be loaded, unloaded and loaded again while the daemon runs.
void Service::watch_devices() {
  if (monitor_) return;
  auto opened = DeviceMonitor::open();
  if (!opened) return;
  monitor_ = std::move(*opened);
  sd_event_source* source = nullptr;
  if (sd_event_add_io(loop_.get(), &source, monitor_->fd(), EPOLLIN, on_device_change, this) < 0)
    monitor_.reset();
  monitor_source_.reset(source);
}

int Service::on_signal(sd_event_source*, const signalfd_siginfo* info, void* self) {
  auto* service = static_cast<Service*>(self);
  if (info->ssi_signo == SIGHUP)
    service->reload();
  else
    sd_event_exit(service->loop_.get(), 0);
  return 0;
}

int Service::on_change(sd_event_source*, int, uint32_t, void* self) {
  auto* service = static_cast<Service*>(self);
  service->watch_.drain();
  service->reconcile_within(std::max(kGather, service->pause_));
  return 0;
}

int Service::on_device_change(sd_event_source*, int, uint32_t, void* self) {
  auto* service = static_cast<Service*>(self);
  auto changes = service->monitor_->read();
  if (!changes && changes.error().code != ENOBUFS) {
    service->monitor_source_.reset();
    service->monitor_.reset();
  }
  service->reconcile_within(std::max(kGather, service->pause_));
  return 0;
}

int Service::on_timer(sd_event_source*, uint64_t, void* self) {
  static_cast<Service*>(self)->reconcile();
  return 0;
}

// The earliest wish counts.
void Service::reconcile_within(std::chrono::microseconds delay) {
  const auto due = Clock::now() + delay;
  if (due >= due_) return;
  due_ = due;
  sd_event_source_set_time_relative(timer_.get(), static_cast<uint64_t>(delay.count()));
  sd_event_source_set_enabled(timer_.get(), SD_EVENT_ONESHOT);
}

void Service::reconcile() {
  const auto begin = Clock::now();
  due_ = Clock::time_point::max();
  const auto outcome = reconciler_.reconcile(boot_time());
  pause_ = kPausePerWork * std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin);
  if (auto published = state_.publish(outcome.reports); !published) log_error(published.error().text);
  tell_systemd(outcome.reports);
  watch_devices();
  if (outcome.next) reconcile_within(std::max(*outcome.next - boot_time(), Time::duration(kGather)));
}

void Service::reload() {
  sd_notify(0, "RELOADING=1");
  try {
    reconciler_.set_config(load_config(files_()));
    log_info("the configuration was read again");
    reconcile();
  } catch (const ConfigError& error) {
    log_error(std::string("the configuration stays as it was: ") + error.what());
  }
  sd_notify(0, "READY=1");
}

void Service::tell_systemd(const std::vector<Report>& reports) {
  const auto count = [&](InstanceState state) {
    return std::to_string(
        std::count_if(reports.begin(), reports.end(), [&](const Report& r) { return r.state == state; }));
  };
  const std::string status = "STATUS=" + count(InstanceState::kOn) + " on, " + count(InstanceState::kOff) +
                             " off, " + count(InstanceState::kFailed) + " failed";
  sd_notify(0, status.c_str());
}

int Service::run() {
  reconcile();
  sd_notify(0, "READY=1");
  must(sd_event_loop(loop_.get()), "the event loop ended");
  sd_notify(0, "STOPPING=1");
  const auto left = reconciler_.stop();
  for (const auto& one : left) log_error("left: " + one);
  if (left.empty()) state_.clear();
  return left.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace ipxlat
