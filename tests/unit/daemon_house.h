// SPDX-License-Identifier: GPL-2.0-only
// A whole daemon, but for its event loop, on a kernel and a clock of the test's own.
#ifndef IPXLAT_TESTS_UNIT_DAEMON_HOUSE_H
#define IPXLAT_TESTS_UNIT_DAEMON_HOUSE_H

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/service/service.h"
#include "tests/unit/daemon_fake_clock.h"
#include "tests/unit/daemon_fake_kernel.h"
#include "tests/unit/daemon_nat64_config.h"

namespace ipxlat {

// Announces what is done to it, and takes its time.
class AnnouncingKernel final : public Kernel {
 public:
  AnnouncingKernel(FakeClock& clock, FakeSource& news) : clock_(clock), news_(news) {}

  Result<Seen> read(const std::vector<std::string>& sysctls) override {
    auto seen = inner.read(sysctls);
    looks++;
    clock_.time += read_takes;
    if (after_read) after_read();
    return seen;
  }
  void care_about(const Interests& interests) override { inner.care_about(interests); }
  Result<void> apply(const Step& step) override {
    tries++;
    auto done = inner.apply(step);
    news_.pending |= static_cast<bool>(done);
    return done;
  }

  FakeKernel inner;
  Time::duration read_takes{};
  std::function<void()> after_read;  // what happens while the daemon thinks
  size_t looks = 0;
  size_t tries = 0;

 private:
  FakeClock& clock_;
  FakeSource& news_;
};

class House {
 public:
  House();

  // Lets time pass, as an event loop does.
  void run_for(Time::duration duration);
  // The same, with something done every so often.
  void run_for(Time::duration duration, Time::duration every, const std::function<void()>& what);

  // Somebody does something, and it is announced.
  void announce() { news.pending = true; }

  Report report(const std::string& id) const;
  bool is_on(const std::string& id) const { return report(id).state == InstanceState::kOn; }

  FakeClock clock;
  FakeSource news;
  FakeSource other;
  AnnouncingKernel kernel{clock, news};
  std::function<Config()> load;
  Config config;
  std::vector<Report> reports;             // as published last
  Result<void> publishing;                 // and what came of it
  std::vector<std::string> notifications;  // to systemd
  Service::Drained drained;                // as kept last
  Discovery discover;                      // what is to be learnt
  Reconciler reconciler;
  Service service;
};

}  // namespace ipxlat

#endif
