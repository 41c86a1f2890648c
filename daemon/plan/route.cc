// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/plan/route.h"

namespace ipxlat {
namespace {

const char* word(RouteType type) {
  switch (type) {
    case RouteType::kBlackhole:
      return "blackhole ";
    case RouteType::kUnreachable:
      return "unreachable ";
    case RouteType::kUnicast:
    case RouteType::kOther:
      break;
  }
  return "route ";
}

}  // namespace

std::string Route::key() const {
  std::string words = word(type) + to_string(destination);
  if (source) words += " from " + to_string(*source);
  if (gateway) words += " via " + to_string(gateway->address);
  if (!link.empty()) words += " dev " + link;
  if (preferred_source) words += " src " + to_string(preferred_source->address);
  if (metric) words += " metric " + std::to_string(metric);
  if (mtu) words += " mtu " + std::to_string(mtu);
  return words;
}

std::string Route::describe(Action action, const Route*) const {
  return (action == Action::kDrop ? "delete " : "add ") + key();
}

std::vector<Found<Route>> Route::find(const Seen& seen, const MadeResources&) {
  std::vector<Found<Route>> found;
  for (const auto& one : seen.routes)
    if (one.type != RouteType::kOther)
      found.push_back({{one.destination, one.type, one.link, one.metric, one.mtu, one.source, one.gateway,
                        one.preferred_source},
                       one.ours});
  return found;
}

}  // namespace ipxlat
