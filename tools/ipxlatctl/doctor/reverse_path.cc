// SPDX-License-Identifier: GPL-2.0-only
// Strict reverse path filters (RFC 3704 section 2.2), which drop what comes by another interface than its
// replies go.
#include <algorithm>

#include "tools/ipxlatctl/doctor/check.h"

namespace ipxlat::ctl::doctor {
namespace {

// The greater of an interface's own and that of all.
bool is_strict(const Observed& observed, const std::string& link) {
  auto own = observed.sysctl_number("net/ipv4/conf/" + link + "/rp_filter").value_or(0);
  auto all = observed.sysctl_number("net/ipv4/conf/all/rp_filter").value_or(0);
  return std::max(own, all) == 1;
}

// What comes out of `link` has a source such as `source`.
void look_at(const Observed& observed, const std::string& link, in_addr source, Findings& findings) {
  if (!is_strict(observed, link)) return;
  auto route = observed.routes.find(to_string(source));
  if (route == observed.routes.end() || route->second.link == link) return;
  const std::string elsewhere = route->second.link.empty() ? "nowhere" : "by " + route->second.link;
  // 2 is greater than 1, whichever of the two has it
  findings.push_back({link,
                      "rp_filter is strict on " + link + ", and replies to " + to_string(source) + " go " +
                          elsewhere + ": what comes from there is dropped",
                      "sysctl -w net.ipv4.conf." + link + ".rp_filter=2"});
}

}  // namespace

Findings find_reverse_path(const Observed& observed) {
  Findings findings;
  for (const Translator& t : observed.translators) {
    // out of a NAT64 or a SIIT come its clients, out of a CLAT the Internet
    if (t.kind == "clat")
      look_at(observed, t.device, some_ipv4_host(), findings);
    else
      for (const Prefix4& near : t.near4) look_at(observed, t.device, near.address, findings);
    if (t.kind == "nat64")
      for (const auto& up : t.uplinks) look_at(observed, up, some_ipv4_host(), findings);
  }
  return findings;
}

}  // namespace ipxlat::ctl::doctor
