// SPDX-License-Identifier: GPL-2.0-only
// Sysctls of forwarding, without which nothing is routed through a translator, and what they bring about.
#include "tools/ipxlatctl/doctor/check.h"

namespace ipxlat::ctl::doctor {
namespace {

bool is_off(const Observed& observed, const std::string& path) { return observed.sysctl_number(path) == 0; }

std::string dotted(std::string path) {
  for (char& c : path) c = c == '/' ? '.' : c == '.' ? '/' : c;
  return path;
}

void switched_off(const Observed& observed, const std::string& path, const std::string& about,
                  const std::string& what, Findings& findings) {
  if (is_off(observed, path))
    findings.push_back({about, dotted(path) + " is 0: " + what, "sysctl -w " + dotted(path) + "=1"});
}

// A router ignores advertisements where accept_ra is 1.
void deaf_to_advertisements(const Observed& observed, const std::string& link, Findings& findings) {
  const std::string path = "net/ipv6/conf/" + link + "/accept_ra";
  if (observed.sysctl_number(path) == 1 &&
      observed.sysctl_number("net/ipv6/conf/" + link + "/forwarding") == 1)
    findings.push_back({link,
                        dotted(path) + " is 1 on a router: the default route from advertisements runs out",
                        "sysctl -w " + dotted(path) + "=2", false});
}

}  // namespace

Findings find_forwarding(const Observed& observed) {
  Findings findings;
  for (const Translator& t : observed.translators) {
    if (t.kind != "nat64" && t.kind != "siit" && t.kind != "nat46") continue;
    const bool forced = observed.sysctl_number("net/ipv6/conf/" + t.device + "/force_forwarding") == 1;
    if (!forced)
      switched_off(observed, "net/ipv6/conf/all/forwarding", t.device,
                   "no IPv6 gets into " + t.device + " or out of it", findings);
    switched_off(observed, "net/ipv4/conf/" + t.device + "/forwarding", t.device,
                 "IPv4 that comes out of " + t.device + " goes nowhere", findings);
    for (const auto& up : t.uplinks) {
      switched_off(observed, "net/ipv4/conf/" + up + "/forwarding", t.device,
                   "IPv4 replies that come by " + up + " go nowhere", findings);
      deaf_to_advertisements(observed, up, findings);
    }
  }
  return findings;
}

}  // namespace ipxlat::ctl::doctor
