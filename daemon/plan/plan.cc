// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/plan/plan.h"

#include <algorithm>
#include <tuple>

namespace ipxlat {
namespace {

// Its place among what is dropped: the device before its rules and the routes that keep packets out of it, so
// that none comes past them on the way out, and the routes that hold packets back last.
int turn_to_go(const Resource& resource) {
  struct Turn {
    int operator()(const Route& route) const {
      if (route.type == RouteType::kUnreachable) return 8;
      return route.type == RouteType::kBlackhole ? 3 : 0;
    }
    int operator()(const Proxy&) const { return 1; }
    int operator()(const Device&) const { return 2; }
    int operator()(const Tables&) const { return 4; }
    int operator()(const Address&) const { return 5; }
    int operator()(const Flush&) const { return 6; }
    int operator()(const Sysctl&) const { return 7; }
  };
  return std::visit(Turn(), resource);
}

Step drop(const Resource& resource, const MadeResources& made) {
  Step step{Action::kDrop, resource, {}};
  const auto* sysctl = std::get_if<Sysctl>(&resource);
  const auto entry = sysctl ? made.find(sysctl->key()) : made.end();
  if (entry == made.end()) return step;
  const bool untouched = entry->second.value == sysctl->value;
  if (untouched && entry->second.former) step.former = Sysctl{sysctl->path, *entry->second.former};
  return step;
}

}  // namespace

std::vector<Step> plan(const std::vector<Resource>& wanted, const Inventory& there) {
  std::vector<Step> steps;
  const auto as_wanted = [&](const Resource& resource) {
    const Resource* now = there.find(key(resource));
    return now && *now == resource;
  };
  // what was tracked while rules were missing or others keeps what they made of it
  const bool new_rules = std::any_of(wanted.begin(), wanted.end(), [&](const Resource& resource) {
    return std::holds_alternative<Tables>(resource) && !as_wanted(resource);
  });
  for (const auto& resource : wanted) {
    if (as_wanted(resource) && !(new_rules && std::holds_alternative<Flush>(resource))) continue;
    const std::string which = key(resource);
    const Resource* now = there.find(which);
    const bool put = !now || (std::holds_alternative<Sysctl>(resource) && !there.ours(which));
    Step step{put ? Action::kPut : Action::kChange, resource, {}};
    if (now) step.former = *now;
    steps.push_back(std::move(step));
  }
  std::vector<Step> ordered;
  for (size_t kind = 0; kind < std::variant_size_v<Resource>; kind++)
    for (auto& step : steps)
      if (step.resource.index() == kind) ordered.push_back(std::move(step));
  return ordered;
}

std::vector<Step> plan_removal(const std::unordered_set<std::string>& kept, const Inventory& there,
                               const MadeResources& made) {
  std::vector<Step> steps;
  std::unordered_set<std::string> going;  // devices, and everything on them with them
  for (const Resource* resource : there.all_ours()) {
    if (kept.contains(key(*resource))) continue;
    steps.push_back(drop(*resource, made));
    if (const auto* device = std::get_if<Device>(resource)) going.insert(device->name);
  }
  std::erase_if(steps, [&](const Step& step) { return going.contains(link_of(step.resource)); });
  std::sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) {
    return std::tuple(turn_to_go(a.resource), key(a.resource)) <
           std::tuple(turn_to_go(b.resource), key(b.resource));
  });
  return steps;
}

}  // namespace ipxlat
