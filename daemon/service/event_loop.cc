// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/service/event_loop.h"

#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <systemd/sd-event.h>

#include <csignal>
#include <cstring>
#include <deque>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>

namespace ipxlat {
namespace {

// microseconds by which a timer may be late
constexpr uint64_t kAccuracy = 1000;

void must(int result, const char* what) {
  if (result < 0) throw std::runtime_error(std::string(what) + ": " + std::strerror(-result));
}

}  // namespace

// What sd-event calls, by address. An exception must not pass through it: it is kept, and the loop ends.
struct EventLoop::Handlers {
  struct Handler {
    Handlers& all;
    std::function<void()> work;
  };

  Handlers() { must(sd_event_new(&loop), "no event loop"); }
  ~Handlers() { sd_event_unref(loop); }
  Handlers(const Handlers&) = delete;
  Handlers& operator=(const Handlers&) = delete;

  Handler* add(std::function<void()> work) { return &handlers.emplace_back(*this, std::move(work)); }

  static int call(void* handler) {
    auto* one = static_cast<Handler*>(handler);
    try {
      one->work();
    } catch (...) {
      one->all.thrown = std::current_exception();
      sd_event_exit(one->all.loop, 1);
    }
    return 0;
  }
  static int on_io(sd_event_source*, int, uint32_t, void* handler) { return call(handler); }
  static int on_signal(sd_event_source*, const signalfd_siginfo*, void* handler) { return call(handler); }
  static int on_time(sd_event_source*, uint64_t, void* handler) { return call(handler); }
  static int on_anything(sd_event_source*, void* handler) { return call(handler); }

  void add_io(int fd, std::function<void()> work, const char* what) {
    must(sd_event_add_io(loop, nullptr, fd, EPOLLIN, on_io, add(std::move(work))), what);
  }
  void add_signal(int number, std::function<void()> work) {
    must(sd_event_add_signal(loop, nullptr, number, on_signal, add(std::move(work))),
         "signals cannot be caught");
  }

  void wait_until(Time time) {
    must(sd_event_source_set_time(timer, static_cast<uint64_t>(time.time_since_epoch().count())), "timer");
    must(sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT), "timer");
  }

  sd_event* loop = nullptr;
  sd_event_source* timer = nullptr;  // the loop's
  std::deque<Handler> handlers;
  std::exception_ptr thrown;
};

void EventLoop::hold_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, number);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
}

EventLoop::EventLoop(Service& service, const std::vector<Source*>& sources, ControlSocket& control)
    : handlers_(std::make_unique<Handlers>()) {
  Handlers& all = *handlers_;
  must(sd_event_set_watchdog(all.loop, true), "no watchdog");
  for (int number : {SIGTERM, SIGINT}) all.add_signal(number, [&all] { sd_event_exit(all.loop, 0); });
  all.add_signal(SIGHUP, [&service] { static_cast<void>(static_cast<bool>(service.reload())); });
  const auto answer = [&service](const std::string& request) { return service.answer(request); };
  all.add_io(control.fd(), [&control, answer] { control.serve(answer); }, "requests cannot be heard");
  for (auto* source : sources)
    all.add_io(
        source->fd(), [&service, source] { service.on_readable(*source); }, "changes cannot be watched");
  must(sd_event_add_time(all.loop, &all.timer, CLOCK_BOOTTIME, 0, kAccuracy, Handlers::on_time,
                         all.add([&service] { service.on_time(); })),
       "no timer");
  must(sd_event_source_set_floating(all.timer, true), "no timer");
  sd_event_source_unref(all.timer);
  // whatever happened may have moved the deadline
  sd_event_source* after = nullptr;
  must(sd_event_add_post(all.loop, &after, Handlers::on_anything,
                         all.add([&all, &service] { all.wait_until(service.deadline()); })),
       "no event loop");
  must(sd_event_source_set_floating(after, true), "no event loop");
  sd_event_source_unref(after);
}

EventLoop::~EventLoop() = default;

void EventLoop::run() {
  must(sd_event_loop(handlers_->loop), "the event loop ended");
  if (handlers_->thrown) std::rethrow_exception(handlers_->thrown);
}

}  // namespace ipxlat
