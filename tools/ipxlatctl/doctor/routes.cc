// SPDX-License-Identifier: GPL-2.0-only
// Routes that lead past a translator, or back into it.
#include "tools/ipxlatctl/doctor/check.h"

namespace ipxlat::ctl::doctor {
namespace {

std::string ip_route(const RouteAnswer& route, const char* verb) {
  std::string words = is_ipv6(route.destination) ? "ip -6 route " : "ip route ";
  words += verb;
  if (route.type != "unicast") words += " " + route.type;
  words += " " + (is_default(route.destination) ? "default" : to_string(route.destination));
  if (!route.link.empty() && route.type == "unicast") words += " dev " + route.link;
  if (route.metric) words += " metric " + std::to_string(route.metric);
  return words;
}

std::string where(const RouteAnswer& route) {
  if (route.type == "unicast") return "goes by " + route.link;
  if (route.type == "local") return "is an address of this host";
  if (route.type == "none") return "has no route";
  return "is " + route.type;
}

// A host behind `address`, which stands for `what`, must be reached by the device.
void must_enter(const Observed& observed, const Translator& t, const std::string& address,
                const std::string& what, Findings& findings) {
  auto found = observed.routes.find(address);
  if (found == observed.routes.end()) return;
  const RouteAnswer& route = found->second;
  if (route.type == "unicast" && route.link == t.device) return;
  const std::string text = what + " " + where(route) + " and not into " + t.device;
  if (route.type == "none")
    findings.push_back({t.device, text, "systemctl restart ipxlatd"});
  else if (route.type == "local")
    findings.push_back({t.device, text, "ip address show to " + address});
  else
    findings.push_back({t.device, text, ip_route(route, "del")});
}

// What the device makes must leave.
void must_leave(const Observed& observed, const Translator& t, const std::string& address,
                const std::string& what, Findings& findings) {
  auto found = observed.routes.find(address);
  if (found == observed.routes.end()) return;
  const RouteAnswer& route = found->second;
  if (route.type == "unicast" && route.link != t.device) return;
  if (route.type == "unicast")
    findings.push_back({t.device, what + " leads back into " + t.device, ip_route(route, "del")});
  else if (route.type == "none")
    findings.push_back({t.device, what + " " + where(route), "ip -6 route show default"});
  else
    findings.push_back({t.device, what + " " + where(route), ip_route(route, "del")});
}

}  // namespace

Findings find_routes(const Observed& observed) {
  Findings findings;
  for (const Translator& t : observed.translators) {
    if (t.kind.empty() || t.off) continue;
    if (t.kind == "clat") {
      must_enter(observed, t, to_string(some_ipv4_host()), "the IPv4 Internet", findings);
      if (t.pref64)
        must_leave(observed, t, to_string(some_host_behind(*t.pref64)), "pref64 " + to_string(*t.pref64),
                   findings);
      continue;
    }
    if (t.pref64)
      for (const in_addr& address : some_hosts_of(t))
        must_enter(observed, t, to_string(some_host_behind(*t.pref64, address)),
                   t.routes4.empty() ? "pref64 " + to_string(*t.pref64) : "routes4 " + to_string(address),
                   findings);
    for (const Prefix4& near : t.near4)
      must_enter(observed, t, to_string(near.address), to_string(near), findings);
  }
  return findings;
}

}  // namespace ipxlat::ctl::doctor
