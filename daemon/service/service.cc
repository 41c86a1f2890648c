// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/service/service.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sstream>
#include <utility>

#include "daemon/service/log.h"
#include "lib/conversation.h"

namespace ipxlat {
namespace {

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// "2 on, 0 off, 1 failed"
std::string count_states(const std::vector<Report>& reports) {
  const auto count = [&](InstanceState state) {
    return std::to_string(
        std::count_if(reports.begin(), reports.end(), [&](const Report& r) { return r.state == state; }));
  };
  return count(InstanceState::kOn) + " on, " + count(InstanceState::kOff) + " off, " +
         count(InstanceState::kFailed) + " failed";
}

// What is dropped for want of room would have gone through it.
bool serves_flows(const std::vector<Report>& reports) {
  return std::any_of(reports.begin(), reports.end(),
                     [](const Report& report) { return report.max_flows.has_value(); });
}

}  // namespace

Service::Service(Reconciler& reconciler, std::vector<Source*> sources, Clock& clock,
                 Surroundings surroundings)
    : reconciler_(reconciler),
      sources_(std::move(sources)),
      clock_(clock),
      surroundings_(std::move(surroundings)) {}

void Service::start() {
  config_ = surroundings_.load();
  set_config();
  for (auto* source : sources_) source->read(knowledge_, clock_.now());
  look();
  surroundings_.notify("READY=1");
}

void Service::on_readable(Source& source) {
  const Time now = clock_.now();
  if (source.read(knowledge_, now)) look_at(now + kGather);
}

void Service::on_time() {
  const Time now = clock_.now();
  for (auto* source : sources_)
    if (const auto due = source->deadline(); due && *due <= now) on_readable(*source);
  if (next_ <= now) look();
}

Time Service::deadline() const {
  Time earliest = next_;
  for (const auto* source : sources_)
    if (const auto due = source->deadline()) earliest = std::min(earliest, *due);
  return earliest;
}

// The earliest wish counts.
void Service::look_at(Time when) { next_ = std::min(next_, std::max<Time>(when, paid_ - kCredit)); }

// News that arrive meanwhile, its own among them, wait in their sources and lead to another look.
void Service::look() {
  const Time begin = clock_.now();
  reconciler_.know(knowledge_);
  const auto outcome = reconciler_.reconcile(begin);
  const Time end = clock_.now();
  surroundings_.discover(outcome.discover, end);
  // the clock goes on while the machine sleeps, and sleep is no work
  paid_ =
      std::min<Time>(std::max(paid_, begin) + kTimePerWork * (end - begin), end + kLongestPause + kCredit);
  next_ = end + kReadAnyway;
  if (outcome.next) look_at(std::max(*outcome.next, end + kGather));
  reports_ = outcome.reports;
  complete_ = outcome.complete;
  if (const auto news = full_table_.news(surroundings_.use()); !news.empty() && serves_flows(reports_))
    log_warning(news);
  publish();
  tell_status(reports_);
}

// What is wrong is told once.
void Service::publish() {
  const auto done = surroundings_.publish(reports_);
  const std::string why = done ? "" : done.error().text;
  if (why != unpublished_ && !done) log_error(why);
  unpublished_ = why;
}

void Service::tell_status(const std::vector<Report>& reports) {
  std::string status = "STATUS=" + count_states(reports);
  if (!refusal_.empty()) status += "; the configuration stays as it was: " + first_line(refusal_);
  surroundings_.notify(status);
}

Result<void> Service::reload() {
  // systemd wants to know when that was, by its own clock
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  const auto stamp = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  surroundings_.notify("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(stamp));
  auto taken = take_new_config();
  surroundings_.notify("READY=1");
  return taken;
}

Result<void> Service::answer(const std::string& request) {
  const auto name_behind = [&](const char* word) { return request.substr(std::strlen(word)); };
  if (request == kReload) return reload();
  if (request.starts_with(kDrain)) return drain(name_behind(kDrain), true);
  if (request.starts_with(kResume)) return drain(name_behind(kResume), false);
  return NetlinkError{EINVAL, "ipxlatd does not know the request \"" + request + "\""};
}

void Service::set_config() {
  for (auto& one : config_.nat64) one.drained = surroundings_.drained.contains(one.name);
  reconciler_.set_config(config_);
}

Result<void> Service::drain(const std::string& instance, bool drained) {
  std::string names;
  for (const auto& one : config_.nat64) names += (names.empty() ? "" : ", ") + one.name;
  if (std::ranges::find(config_.nat64, instance, &Nat64Config::name) == config_.nat64.end())
    return NetlinkError{ENOENT, "there is no NAT64 instance \"" + instance + "\"; there " +
                                    (names.empty() ? "is none" : "are: " + names)};
  if (drained)
    surroundings_.drained.insert(instance);
  else
    surroundings_.drained.erase(instance);
  // without it the next daemon would not know, which matters less
  if (auto kept = surroundings_.keep_drained(surroundings_.drained); !kept) log_error(kept.error().text);
  log_info("[nat64." + instance + (drained ? "] takes no new flows" : "] takes new flows again"));
  set_config();
  return look_and_tell();
}

Result<void> Service::take_new_config() {
  try {
    config_ = surroundings_.load();
  } catch (const std::exception& error) {
    refusal_ = error.what();
    std::istringstream sentences(refusal_);
    for (std::string one; std::getline(sentences, one);)
      log_error("the configuration stays as it was: " + one);
    tell_status(reports_);
    return NetlinkError{EINVAL, refusal_};
  }
  refusal_.clear();
  log_info("the configuration was read again");
  set_config();
  return look_and_tell();
}

Result<void> Service::look_and_tell() {
  look();
  std::string failures;
  for (const auto& report : reports_)
    if (report.state == InstanceState::kFailed)
      failures += (failures.empty() ? "[" : "\n[") + report.id() + "] failed: " + report.why;
  if (!complete_ && failures.empty()) failures = "something failed, and is tried again; the log says what";
  if (!unpublished_.empty()) failures += (failures.empty() ? "" : "\n") + unpublished_;
  if (!failures.empty()) return NetlinkError{EAGAIN, failures};
  return {};
}

std::vector<std::string> Service::stop() {
  surroundings_.notify("STOPPING=1");
  auto left = reconciler_.stop();
  for (int attempt = 1; attempt < kStopAttempts && !left.empty(); attempt++) {
    clock_.sleep(kStopPause);
    left = reconciler_.stop();
  }
  return left;
}

}  // namespace ipxlat
