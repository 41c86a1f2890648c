// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/service/ledger.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace ipxlat {
namespace {

constexpr int kVersion = 1;

std::string path_of(const std::string& key) {
  return key.starts_with(Sysctl::kKind) ? key.substr(std::strlen(Sysctl::kKind)) : std::string();
}

uint32_t ifindex_of(const std::vector<SeenLink>& links, const std::string& name) {
  for (const auto& link : links)
    if (link.name == name) return link.ifindex;
  return 0;
}

}  // namespace

std::string made_text(const MadeResources& made) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const auto& [key, entry] : made) {
    nlohmann::ordered_json one = {{"resource", key}, {"units", entry.units}};
    if (!entry.value.empty()) one["value"] = entry.value;
    if (entry.former) one["former"] = *entry.former;
    if (entry.ifindex) one["ifindex"] = entry.ifindex;
    all.push_back(std::move(one));
  }
  return nlohmann::ordered_json{{"version", kVersion}, {"made", all}}.dump(1) + "\n";
}

MadeResources parse_made(const std::string& text) {
  MadeResources made;
  try {
    const auto json = nlohmann::json::parse(text);
    if (json.at("version") != kVersion) throw std::runtime_error("it is of another version");
    for (const auto& one : json.at("made")) {
      Made& entry = made[one.at("resource").get<std::string>()];
      entry.units = one.at("units").get<std::set<std::string>>();
      entry.value = one.value("value", "");
      if (one.contains("former")) entry.former = one.at("former").get<std::string>();
      entry.ifindex = one.value("ifindex", 0u);
    }
  } catch (const nlohmann::json::exception& error) {
    throw std::runtime_error(error.what());
  }
  return made;
}

std::map<std::string, ChangedSysctl> changed_sysctls(const MadeResources& made) {
  std::map<std::string, ChangedSysctl> changed;
  for (auto one = made.lower_bound(Sysctl::kKind); one != made.end() && one->first.starts_with(Sysctl::kKind);
       ++one)
    changed[path_of(one->first)] = {one->second.former.value_or(""), one->second.value};
  return changed;
}

std::set<std::string> made_addresses(const MadeResources& made) {
  std::set<std::string> keys;
  for (auto one = made.lower_bound(Address::kKind);
       one != made.end() && one->first.starts_with(Address::kKind); ++one)
    keys.insert(one->first);
  return keys;
}

Ledger::Ledger(MadeResources made, Save save) : made_(std::move(made)), save_(std::move(save)) {}

std::vector<std::string> Ledger::of(const std::string& unit) const {
  std::vector<std::string> keys;
  for (const auto& [key, entry] : made_)
    if (entry.units.contains(unit)) keys.push_back(key);
  return keys;
}

Result<void> Ledger::note(const std::string& unit, const std::vector<Step>& steps, const Seen& seen) {
  MadeResources before = made_;
  for (const auto& step : steps) {
    const auto [place, added] = made_.try_emplace(key(step.resource));
    Made entry = place->second;
    entry.units.insert(unit);
    if (const auto* sysctl = std::get_if<Sysctl>(&step.resource)) {
      entry.value = sysctl->value;
      if (added && step.former) entry.former = std::get<Sysctl>(*step.former).value;
      if (added) entry.ifindex = ifindex_of(seen.links, sysctl_link(sysctl->path));
    }
    changed_ |= added || entry != place->second;
    place->second = std::move(entry);
  }
  auto saved = save();
  if (!saved) made_ = std::move(before);
  return saved;
}

void Ledger::done(const std::vector<Step>& steps) {
  for (const auto& step : steps) {
    const auto* flush = std::get_if<Flush>(&step.resource);
    // not before: one that was killed on the way does it again
    if (flush) changed_ |= std::exchange(made_[flush->key()].value, flush->cause) != flush->cause;
  }
}

void Ledger::settle(const std::string& unit, const std::unordered_set<std::string>& keys,
                    const Inventory& there) {
  for (auto& [key, entry] : made_)
    if (!keys.contains(key)) changed_ |= entry.units.erase(unit) > 0;
  for (const auto& key : keys)
    if (there.ours(key)) changed_ |= made_[key].units.insert(unit).second;
}

void Ledger::set(MadeResources made) {
  changed_ |= made_ != made;
  made_ = std::move(made);
}

bool Ledger::follow(const std::vector<SeenLink>& links) {
  MadeResources moved;
  const size_t before = made_.size();
  std::erase_if(made_, [&](auto& one) {
    auto& [key, entry] = one;
    if (!entry.ifindex) return false;
    const std::string path = path_of(key);
    const std::string name = sysctl_link(path);
    if (ifindex_of(links, name) == entry.ifindex) return false;
    for (const auto& link : links) {
      if (link.ifindex != entry.ifindex) continue;
      std::string renamed = path;
      renamed.replace(renamed.find("/" + name + "/") + 1, name.size(), link.name);
      moved[std::string(Sysctl::kKind) + renamed] = entry;
    }
    return true;
  });
  const bool any = made_.size() != before;
  made_.merge(moved);
  changed_ |= any;
  return any;
}

void Ledger::forget_all_but(const Inventory& there) {
  const size_t before = made_.size();
  std::erase_if(made_, [&](const auto& one) { return !there.find(one.first); });
  changed_ |= made_.size() != before;
}

Result<void> Ledger::save() {
  if (!changed_) return {};
  auto saved = save_(made_);
  if (saved) changed_ = false;
  return saved;
}

}  // namespace ipxlat
