// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/plan/flush.h"

#include "daemon/plan/seen.h"

namespace ipxlat {
namespace {

constexpr std::string_view kPrefix = "flush ";

}  // namespace

std::string Flush::describe(Action action, const Flush*) const {
  if (action == Action::kDrop) return "forget about connection tracking entries of " + name;
  std::string words = "delete connection tracking entries";
  if (source) words += " from " + to_string(*source);
  if (destination) words += " to " + to_string(*destination);
  if (zone) words += " in zone " + std::to_string(*zone);
  return words;
}

std::vector<Found<Flush>> Flush::find(const Seen& seen) {
  std::vector<Found<Flush>> found;
  for (const auto& [key, made] : seen.made) {
    if (!key.starts_with(kPrefix)) continue;
    Flush done;
    done.name = key.substr(kPrefix.size());
    done.cause = made.value;
    found.push_back({std::move(done), true});
  }
  return found;
}

}  // namespace ipxlat
