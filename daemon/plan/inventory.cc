// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/plan/inventory.h"

#include <utility>

namespace ipxlat {
namespace {

template <class Take, size_t... kIndex>
void each_kind(const Seen& seen, const MadeResources& made, Take take, std::index_sequence<kIndex...>) {
  const auto one_kind = [&](auto found) {
    for (auto& one : found) take(Found<Resource>{std::move(one.resource), one.ours});
  };
  (one_kind(std::variant_alternative_t<kIndex, Resource>::find(seen, made)), ...);
}

}  // namespace

Inventory::Inventory(const Seen& seen, const MadeResources& made) {
  const auto take = [this](Found<Resource> found) {
    const bool ours = found.ours;
    const auto [place, added] = all_.try_emplace(key(found.resource), std::move(found));
    // somebody else may have one like it beside ours
    if (!added) place->second.ours |= ours;
  };
  each_kind(seen, made, take, std::make_index_sequence<std::variant_size_v<Resource>>());
}

const Resource* Inventory::find(const std::string& key) const {
  const auto found = all_.find(key);
  return found == all_.end() ? nullptr : &found->second.resource;
}

bool Inventory::ours(const std::string& key) const {
  const auto found = all_.find(key);
  return found != all_.end() && found->second.ours;
}

std::vector<const Resource*> Inventory::all_ours() const {
  std::vector<const Resource*> ours;
  for (const auto& [key, one] : all_)
    if (one.ours) ours.push_back(&one.resource);
  return ours;
}

void Inventory::take(const Step& step) {
  const std::string which = key(step.resource);
  if (step.action != Action::kDrop) {
    all_.insert_or_assign(which, Found<Resource>{step.resource, true});
    return;
  }
  const auto* sysctl = std::get_if<Sysctl>(&step.resource);
  if (sysctl) {
    const auto place = all_.find(which);
    if (place == all_.end()) return;
    place->second.ours = false;
    if (step.former) place->second.resource = *step.former;
    return;
  }
  all_.erase(which);
  if (const auto* device = std::get_if<Device>(&step.resource))
    std::erase_if(all_, [&](const auto& one) { return link_of(one.second.resource) == device->name; });
}

std::string link_of(const Resource& resource) {
  if (const auto* address = std::get_if<Address>(&resource)) return address->link;
  if (const auto* route = std::get_if<Route>(&resource)) return route->link;
  if (const auto* proxy = std::get_if<Proxy>(&resource)) return proxy->link;
  if (const auto* sysctl = std::get_if<Sysctl>(&resource)) return sysctl_link(sysctl->path);
  return {};
}

}  // namespace ipxlat
