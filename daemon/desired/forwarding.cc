// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/forwarding.h"

#include <algorithm>

#include "daemon/plan/sysctl.h"

namespace ipxlat {
namespace {

constexpr const char* kForward4 = "net/ipv4/ip_forward";
constexpr const char* kForward6 = "net/ipv6/conf/all/forwarding";

// The kernel stops listening to routers, and forgets what it heard, on an interface with accept_ra 1
// when IPv6 forwarding goes on; with 2 it does not.
std::vector<Sysctl> wanted_accept_ra(const Seen& seen, const std::vector<std::string>& uplinks) {
  std::vector<Sysctl> wanted;
  const bool becomes_router = seen.sysctl(kForward6) == "0" || seen.changed.contains(kForward6);
  if (!becomes_router) return wanted;
  for (const auto& link : seen.links) {
    const std::string path = "net/ipv6/conf/" + link.name + "/accept_ra";
    const bool listens = seen.sysctl(path) == "1" || seen.changed.contains(path);
    const bool uplink = std::find(uplinks.begin(), uplinks.end(), link.name) != uplinks.end();
    const bool heard = std::any_of(seen.routes.begin(), seen.routes.end(), [&](const SeenRoute& route) {
      return route.from_ra && route.link == link.name;
    });
    if (listens && (uplink || heard || seen.changed.contains(path))) wanted.push_back({path, "2"});
  }
  return wanted;
}

}  // namespace

void want_forwarding(Unit& unit, const Seen& seen, const std::vector<std::string>& uplinks, bool manage) {
  std::vector<Sysctl> wanted = wanted_accept_ra(seen, uplinks);
  wanted.push_back({kForward6, "1"});
  wanted.push_back({kForward4, "1"});
  if (manage) {
    unit.resources.insert(unit.resources.end(), wanted.begin(), wanted.end());
    return;
  }
  std::string missing;
  for (const auto& path : {kForward4, kForward6})
    if (seen.sysctl(path) != "1") missing += (missing.empty() ? "" : " and ") + sysctl_name(path) + " = 1";
  if (missing.empty()) return;
  unit.report.state = InstanceState::kFailed;
  unit.report.why = "it needs " + missing + ", and manage-sysctls is false";
}

}  // namespace ipxlat
