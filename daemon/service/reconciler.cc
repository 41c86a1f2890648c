// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/service/reconciler.h"

#include <algorithm>
#include <set>
#include <utility>

#include "daemon/desired/clat.h"
#include "daemon/desired/nat64.h"
#include "daemon/desired/siit.h"
#include "daemon/nft/batch.h"
#include "daemon/plan/plan.h"
#include "daemon/service/log.h"

namespace ipxlat {
namespace {

// The same text for the same wish: how it would be reached from nothing.
std::string wish(Target target) {
  std::string text;
  for (const auto& step : plan(target, Seen{})) text += describe(step) + "\n";
  for (auto& table : target.tables) {
    for (auto& chain : table.chains)
      for (auto& rule : chain.rules)
        for (auto& expression : rule.expressions)
          // a device that was made anew has another
          if (auto* duplicate = std::get_if<nft::Duplicate6>(&expression)) duplicate->ifindex = 0;
    text += nft::digest(table) + "\n";
  }
  return text;
}

// A sysctl that one instance sets is there for the next.
void note(const std::vector<Step>& steps, Seen& seen) {
  for (const auto& step : steps)
    if (const auto* set = std::get_if<SetSysctl>(&step)) {
      seen.sysctls[set->path] = set->value;
      seen.changed[set->path] = {set->former, set->value};
    }
}

}  // namespace

std::vector<Target> make_targets(const Config& config, const Seen& seen, const SipKey& secret) {
  std::vector<Target> targets;
  std::set<uint32_t> taken;
  for (const auto& one : config.nat64) targets.push_back(nat64_target(one, seen));
  for (const auto& one : config.clat) targets.push_back(clat_target(one, seen, secret, taken));
  for (const auto& one : config.siit) targets.push_back(siit_target(one, seen));
  return targets;
}

std::vector<std::string> rehearse(const Config& config, Seen seen, const SipKey& secret) {
  std::vector<std::string> lines;
  const auto targets = make_targets(config, seen, secret);
  for (const auto& target : targets) {
    const std::string id = "[" + target.report.id() + "] ";
    if (target.report.state != InstanceState::kOn) lines.push_back(id + target.report.why);
    for (const auto& warning : target.report.warnings) lines.push_back(id + "warning: " + warning);
    const auto steps = plan(target, seen);
    for (const auto& step : steps) lines.push_back(id + describe(step));
    note(steps, seen);
  }
  for (const auto& step : plan_removal(targets, seen)) lines.push_back(describe(step));
  return lines;
}

Reconciler::Reconciler(Kernel& kernel, const SipKey& secret, ChangedSysctls changed, Save save)
    : kernel_(kernel), secret_(secret), changed_(std::move(changed)), save_(std::move(save)) {}

void Reconciler::set_config(Config config) { config_ = std::move(config); }

Result<Seen> Reconciler::read() {
  std::vector<std::string> sysctls;
  for (const auto& [path, entry] : changed_) sysctls.push_back(path);
  auto seen = kernel_.read(sysctls);
  if (seen) seen->changed = changed_;
  return seen;
}

Result<void> Reconciler::apply(const Step& step) {
  if (const auto* set = std::get_if<SetSysctl>(&step)) {
    changed_[set->path] = {set->former, set->value};
    if (auto saved = save_(changed_); !saved) return saved;
  }
  auto done = kernel_.apply(step);
  if (const auto* restore = std::get_if<RestoreSysctl>(&step); restore && done) {
    changed_.erase(restore->path);
    return save_(changed_);
  }
  return done;
}

void Reconciler::roll_back(const std::vector<Step>& done, const Seen& before,
                           const std::vector<nft::Table>& former) {
  for (auto step = done.rbegin(); step != done.rend(); ++step) {
    const auto back = undo(*step, before, former);
    if (!back) continue;
    log_info("taking back: " + describe(*back));
    if (auto result = apply(*back); !result) log_error(result.error().text);
  }
}

bool Reconciler::reach(Target& target, Seen& seen) {
  const std::string id = target.report.id();
  const auto last = reached_.find(id);
  const std::vector<Step> steps = plan(target, seen);
  if (!steps.empty() && last != reached_.end() && wish(target) == wish(last->second))
    log_warning("[" + id + "] somebody has changed what it needs; putting it back");
  std::vector<Step> done;
  for (const auto& step : steps) {
    log_info("[" + id + "] " + describe(step));
    done.push_back(step);
    if (auto result = apply(step); !result) {
      target.report.state = InstanceState::kFailed;
      target.report.why = result.error().text;
      // a sysctl is remembered before it is written, so that one has something to take back
      if (!std::holds_alternative<SetSysctl>(step)) done.pop_back();
      roll_back(done, seen, last == reached_.end() ? std::vector<nft::Table>{} : last->second.tables);
      return false;
    }
  }
  note(steps, seen);
  return true;
}

bool Reconciler::take_away(const std::vector<Target>& kept, const Seen& seen) {
  bool complete = true;
  for (const auto& step : plan_removal(kept, seen)) {
    log_info(describe(step));
    auto result = apply(step);
    if (!result) log_error(result.error().text);
    complete &= static_cast<bool>(result);
  }
  return complete;
}

void Reconciler::tell(const Report& report) {
  const std::string id = "[" + report.id() + "] ";
  std::string text = report.why;
  for (const auto& warning : report.warnings) text += "\n" + warning;
  text += report.state == InstanceState::kOn ? "\non" : "\nnot on";
  if (std::exchange(told_[report.id()], text) == text) return;
  if (report.state == InstanceState::kOn) log_info(id + "on: " + report.why);
  if (report.state == InstanceState::kOff) log_info(id + "off: " + report.why);
  if (report.state == InstanceState::kFailed) log_error(id + "failed: " + report.why);
  for (const auto& warning : report.warnings) log_warning(id + warning);
}

Result<Reconciler::Outcome> Reconciler::reconcile() {
  auto seen = read();
  if (!seen) return seen.error();
  Outcome outcome;
  std::vector<Target> kept;
  bool all_known = true;
  std::map<std::string, Target> reached;
  for (auto& target : make_targets(config_, *seen, secret_)) {
    const std::string id = target.report.id();
    const bool wanted = target.report.state != InstanceState::kFailed;
    if (wanted && reach(target, *seen)) {
      reached[id] = target;
    } else if (const auto last = reached_.find(id); last != reached_.end()) {
      // if it cannot have what it wants now, it keeps what it had
      reached[id] = last->second;
    } else {
      all_known = false;
    }
    outcome.complete &= target.report.state != InstanceState::kFailed;
    tell(target.report);
    outcome.reports.push_back(target.report);
  }
  reached_ = std::move(reached);
  for (const auto& [id, target] : reached_) kept.push_back(target);
  // what a daemon before this one made for an instance that failed cannot be told from what is left over
  if (all_known) outcome.complete &= take_away(kept, *seen);
  return outcome;
}

bool Reconciler::stop() {
  reached_.clear();
  auto seen = read();
  if (!seen) {
    log_error(seen.error().text);
    return false;
  }
  return take_away({}, *seen);
}

}  // namespace ipxlat
