// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/plan/flush.h"

#include <string_view>

namespace ipxlat {
namespace {

constexpr std::string_view kPrefix = "flush ";

}  // namespace

Flush::Flush(std::string of, conntrack::Filter entries)
    : name(std::move(of)), filter(std::move(entries)), cause(conntrack::describe(filter)) {}

std::string Flush::describe(Action action, const Flush*) const {
  if (action == Action::kDrop) return "forget about connection tracking entries of " + name;
  return "delete connection tracking entries " + conntrack::describe(filter);
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
