// SPDX-License-Identifier: GPL-2.0-only
#include "tests/unit/daemon_house.h"

#include "daemon/service/log.h"

namespace ipxlat {

House::House()
    : load([this] { return config; }),
      reconciler(kernel, SipKey{7}, Ledger({}, [](const MadeResources&) { return Result<void>(); }),
                 [](Level, const std::string&) {}),
      service(reconciler, {&news, &other}, clock,
              {[this] { return load(); },  //
               [this](const std::vector<Report>& published) {
                 reports = published;
                 return publishing;
               },                                                                   //
               [this](const std::string& text) { notifications.push_back(text); },  //
               {},
               [this](const Service::Drained& names) {
                 drained = names;
                 return Result<void>();
               },
               [this](const Discovery& wanted, Time) { discover = wanted; }}) {
  set_up_log("off");
  kernel.inner.add_link("eth0");
  kernel.inner.add_link("eth1");
  config.nat64 = {nat64_config()};
}

void House::run_for(Time::duration duration) {
  const Time end = clock.time + duration;
  for (;;) {
    if (news.pending)
      service.on_readable(news);
    else if (other.pending)
      service.on_readable(other);
    else if (service.deadline() > end)
      break;
    else {
      clock.time = std::max(clock.time, service.deadline());
      service.on_time();
    }
  }
  clock.time = std::max(clock.time, end);
}

void House::run_for(Time::duration duration, Time::duration every, const std::function<void()>& what) {
  const Time end = clock.time + duration;
  for (Time next = clock.time; clock.time < end; next += every) {
    if (next > clock.time) run_for(next - clock.time);
    what();
  }
}

Report House::report(const std::string& id) const {
  for (const auto& one : reports)
    if (one.id() == id) return one;
  return {};
}

}  // namespace ipxlat
