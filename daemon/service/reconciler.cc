// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/service/reconciler.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/desired/discovery.h"
#include "daemon/desired/interests.h"
#include "daemon/desired/units.h"
#include "daemon/nft/change.h"
#include "daemon/plan/plan.h"

namespace ipxlat {
namespace {

constexpr int kStopAttempts = 3;

// The same text for the same wish.
std::string wish(const Unit& unit) {
  std::string text;
  for (const auto& resource : unit.resources) {
    text += describe({Action::kPut, resource, {}}) + "\n";
    const auto* tables = std::get_if<Tables>(&resource);
    if (!tables || !tables->content) continue;
    std::vector<nft::Table> content;
    // a device that was made anew has another index
    for (const auto& table : *tables->content)
      content.push_back(nft::with_indices(table, [](const std::string&) { return 0u; }));
    text += nft::digest(content) + "\n";
  }
  return text;
}

std::unordered_set<std::string> keys_of(const Unit& unit) {
  std::unordered_set<std::string> keys;
  for (const auto& resource : unit.resources) keys.insert(key(resource));
  for (const auto& guard : unit.guards) keys.insert(guard.key());
  return keys;
}

// What several units may want, and have together.
bool is_common(const Resource& resource) {
  const auto* route = std::get_if<Route>(&resource);
  return std::holds_alternative<Sysctl>(resource) || (route && route->type == RouteType::kUnreachable);
}

void earliest(std::optional<Time>& next, Time other) { next = next ? std::min(*next, other) : other; }

}  // namespace

// What one pass finds and comes to.
struct Reconciler::Pass {
  struct Claim {
    std::string unit;
    const Resource* resource;
  };

  Seen seen;
  Inventory there;
  Time now;
  std::unordered_set<std::string> kept;           // keys
  std::unordered_map<std::string, Claim> claims;  // by key
  Outcome outcome;

  // A sentence if another unit has something that `unit` wants for itself.
  std::string claim(const Unit& unit) {
    for (const auto& resource : unit.resources) {
      const auto [place, added] = claims.try_emplace(key(resource), Claim{unit.id(), &resource});
      const bool shared = is_common(resource) && resource == *place->second.resource;
      if (!added && !shared && place->second.unit != unit.id())
        return "it needs " + key(resource) + ", which " + place->second.unit + " has";
    }
    return {};
  }
};

Reconciler::Reconciler(Kernel& kernel, const SipKey& secret, Ledger ledger, Say say)
    : kernel_(kernel), secret_(secret), ledger_(std::move(ledger)), say_(std::move(say)) {}

void Reconciler::set_config(Config config) {
  config_ = std::move(config);
  kernel_.care_about(interests_of(config_, knowledge_));
  back_offs_.clear();
  looked_at_.reset();
}

void Reconciler::know(Knowledge knowledge) {
  if (knowledge == knowledge_) return;
  knowledge_ = std::move(knowledge);
  kernel_.care_about(interests_of(config_, knowledge_));
}

Result<Seen> Reconciler::read() {
  for (;;) {
    std::vector<std::string> sysctls;
    for (const auto& [path, entry] : changed_sysctls(ledger_.made())) sysctls.push_back(path);
    auto seen = kernel_.read(sysctls);
    if (!seen) return seen;
    if (ledger_.follow(seen->links)) continue;
    seen->changed = changed_sysctls(ledger_.made());
    seen->known = knowledge_;
    seen->made_addresses = made_addresses(ledger_.made());
    return seen;
  }
}

void Reconciler::roll_back(const std::string& prefix, const std::vector<Step>& done, Pass& pass,
                           MadeResources before) {
  for (auto step = done.rbegin(); step != done.rend(); ++step) {
    const Step back = undo(*step);
    say_(Level::kInfo, prefix + "taking back: " + describe(back));
    auto result = kernel_.apply(back);
    if (result) {
      pass.there.take(back);
      continue;
    }
    say_(Level::kError, prefix + result.error().text);
    const auto stuck = ledger_.made().find(key(step->resource));
    if (stuck != ledger_.made().end()) before.insert(*stuck);
  }
  ledger_.set(std::move(before));
}

Result<void> Reconciler::take(const Unit& unit, const std::vector<Step>& steps, Pass& pass) {
  const std::string prefix = "[" + unit.id() + "] ";
  MadeResources before = ledger_.made();
  if (auto noted = ledger_.note(unit.id(), steps, pass.seen); !noted) return noted;
  std::vector<Step> done;
  for (const auto& step : steps) {
    say_(Level::kInfo, prefix + describe(step));
    if (auto result = kernel_.apply(step); !result) {
      roll_back(prefix, done, pass, std::move(before));
      return result;
    }
    pass.there.take(step);
    done.push_back(step);
  }
  ledger_.done(steps);
  return {};
}

// What is in an adopted table is not known well enough to write it again, so that one changes when nothing
// else can fail any more.
void Reconciler::remember_tables(const std::string& unit, std::vector<Step>& steps) const {
  const auto last = reached_.find(unit);
  const std::vector<Resource> none;
  for (const auto& resource : last == reached_.end() ? none : last->second.resources)
    for (auto& step : steps)
      if (step.former && std::holds_alternative<Tables>(resource) && key(step.resource) == key(resource))
        step.former = resource;
  std::vector<Step> first;
  std::vector<Step> last_of_all;
  for (auto& step : steps) {
    const Tables* former = step.former ? std::get_if<Tables>(&*step.former) : nullptr;
    (former && !former->content ? last_of_all : first).push_back(std::move(step));
  }
  steps = std::move(first);
  std::ranges::move(last_of_all, std::back_inserter(steps));
}

Result<void> Reconciler::reach(const Unit& unit, Pass& pass) {
  const std::string id = unit.id();
  std::vector<Step> steps = plan(unit.resources, pass.there);
  if (steps.empty()) return {};
  const auto refused = refused_.find(id);
  const auto back_off = back_offs_.find(id);
  if (refused != refused_.end() && back_off != back_offs_.end() && back_off->second.waits(pass.now) &&
      wish(refused->second) == wish(unit))
    return NetlinkError{EAGAIN, refused->second.report.why};
  if (const auto last = reached_.find(id); last != reached_.end() && wish(unit) == wish(last->second))
    say_(Level::kWarning, "[" + id + "] somebody has changed what it needs; putting it back");
  remember_tables(id, steps);
  auto done = take(unit, steps, pass);
  if (done) return done;
  back_offs_[id].fail(pass.now);
  refused_[id] = unit;
  refused_[id].report.why = done.error().text;
  return done;
}

void Reconciler::guard(const Unit& unit, Pass& pass) {
  std::vector<Resource> guards(unit.guards.begin(), unit.guards.end());
  for (const auto& resource : guards) pass.kept.insert(key(resource));
  const auto steps = plan(guards, pass.there);
  const std::string name = unit.id() + " guards";
  auto done = Result<void>();
  const auto back_off = back_offs_.find(name);
  const bool waits = back_off != back_offs_.end() && back_off->second.waits(pass.now);
  if (!steps.empty() && !waits) done = take(unit, steps, pass);
  if (steps.empty() || (done && !waits)) {
    back_offs_.erase(name);
    return;
  }
  pass.outcome.complete = false;
  if (waits) return;
  say_(Level::kError, "[" + unit.id() + "] " + done.error().text);
  back_offs_[name].fail(pass.now);
}

void Reconciler::serve(Unit& unit, Pass& pass) {
  const std::string id = unit.id();
  guard(unit, pass);
  bool good = unit.report.state != InstanceState::kFailed;
  std::string why = good ? pass.claim(unit) : std::string();
  if (good && why.empty())
    if (auto done = reach(unit, pass); !done) why = done.error().text;
  good &= why.empty();
  if (good) {
    const auto keys = keys_of(unit);
    pass.kept.insert(keys.begin(), keys.end());
    ledger_.settle(id, keys, pass.there);
    back_offs_.erase(id);
    refused_.erase(id);
    reached_[id] = unit;
  } else {
    // if it cannot have what it wants now, it keeps what it had
    for (const auto& kept : ledger_.of(id)) pass.kept.insert(kept);
    unit.report.state = InstanceState::kFailed;
    if (!why.empty()) unit.report.why = why;
    pass.outcome.complete = false;
  }
  if (unit.recheck_at) earliest(pass.outcome.next, *unit.recheck_at);
  tell(unit);
  pass.outcome.reports.push_back(unit.report);
}

std::vector<std::string> Reconciler::take_away(Pass& pass, bool patient) {
  std::vector<std::string> left;
  for (const auto& step : plan_removal(pass.kept, pass.there, ledger_.made())) {
    const std::string which = key(step.resource);
    const auto back_off = back_offs_.find(which);
    if (patient && back_off != back_offs_.end() && back_off->second.waits(pass.now)) {
      pass.outcome.complete = false;
      continue;
    }
    say_(Level::kInfo, describe(step));
    if (auto result = kernel_.apply(step); !result) {
      say_(Level::kError, result.error().text);
      left.push_back(which + ": " + result.error().text);
      back_offs_[which].fail(pass.now);
      pass.outcome.complete = false;
      continue;
    }
    pass.there.take(step);
    ledger_.forget(which);
    back_offs_.erase(which);
  }
  ledger_.forget_all_but(pass.there);
  if (auto saved = ledger_.save(); !saved) {
    say_(Level::kError, saved.error().text);
    back_offs_["ledger"].fail(pass.now);
    pass.outcome.complete = false;
  }
  return left;
}

void Reconciler::tell(const Unit& unit) {
  const Report& report = unit.report;
  const std::string prefix = "[" + unit.id() + "] ";
  std::string text = report.why;
  for (const auto& warning : report.warnings) text += "\n" + warning;
  text += report.state == InstanceState::kOn ? "\non" : "\nnot on";
  if (std::exchange(told_[unit.id()], text) == text) return;
  if (report.state == InstanceState::kOn) say_(Level::kInfo, prefix + "on: " + report.why);
  if (report.state == InstanceState::kOff) say_(Level::kInfo, prefix + "off: " + report.why);
  if (report.state == InstanceState::kFailed) say_(Level::kError, prefix + "failed: " + report.why);
  for (const auto& warning : report.warnings) say_(Level::kWarning, prefix + warning);
}

Reconciler::Outcome Reconciler::reconcile(Time now) {
  auto seen = read();
  if (!seen) {
    say_(Level::kError, seen.error().text);
    reading_.fail(now);
    looked_at_.reset();
    return {outcome_.reports, false, reading_.until()};
  }
  reading_ = {};
  // a busy host announces much that comes to nothing
  const bool due = outcome_.next && *outcome_.next <= now;
  if (looked_at_ && *looked_at_ == *seen && !due) return outcome_;
  looked_at_ = *seen;
  Inventory there(*seen, ledger_.made());
  Pass pass{std::move(*seen), std::move(there), now, {}, {}, {}};
  pass.outcome.discover = discovery_of(config_, pass.seen);
  std::vector<Unit> units = make_units(config_, pass.seen, secret_, now);
  std::erase_if(reached_, [&](const auto& one) {
    return std::none_of(units.begin(), units.end(), [&](const Unit& unit) { return unit.id() == one.first; });
  });
  for (auto& unit : units) serve(unit, pass);
  take_away(pass, true);
  for (const auto& [what, back_off] : back_offs_)
    if (back_off.waits(now)) earliest(pass.outcome.next, back_off.until());
  outcome_ = std::move(pass.outcome);
  return outcome_;
}

std::vector<std::string> Reconciler::stop() {
  reached_.clear();
  looked_at_.reset();
  std::vector<std::string> left;
  for (int attempt = 0; attempt < kStopAttempts; attempt++) {
    auto seen = read();
    if (!seen) {
      left = {seen.error().text};
      say_(Level::kError, seen.error().text);
      continue;
    }
    Inventory there(*seen, ledger_.made());
    Pass pass{std::move(*seen), std::move(there), {}, {}, {}, {}};
    left = take_away(pass, false);
    if (left.empty()) break;
  }
  return left;
}

}  // namespace ipxlat
