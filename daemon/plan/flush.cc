// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/plan/flush.h"

#include <string_view>

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

std::vector<Found<Flush>> Flush::find(const Seen&, const MadeResources& made) {
  std::vector<Found<Flush>> found;
  for (auto one = made.lower_bound(std::string(kPrefix)); one != made.end(); ++one) {
    if (!one->first.starts_with(kPrefix)) break;
    Flush done;
    done.name = one->first.substr(kPrefix.size());
    done.cause = one->second.value;
    found.push_back({std::move(done), true});
  }
  return found;
}

}  // namespace ipxlat
