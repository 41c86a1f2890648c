// SPDX-License-Identifier: GPL-2.0-only
// How full the table of connections is.
#include "tools/ipxlatctl/doctor/check.h"

namespace ipxlat::ctl::doctor {

Findings find_connections(const Observed& observed) {
  auto count = observed.sysctl_number("net/netfilter/nf_conntrack_count");
  auto max = observed.sysctl_number("net/netfilter/nf_conntrack_max");
  // without a limit there is nothing to reach
  if (!count || !max || *max == 0 || *count * 10 < *max * 9) return {};
  const std::string text =
      "connection tracking has " + std::to_string(*count) + " entries of " + std::to_string(*max) +
      (*count >= *max ? ": new connections are dropped" : ": soon new connections are dropped");
  return {{"", text, "sysctl -w net.netfilter.nf_conntrack_max=" + std::to_string(*max * 2)}};
}

}  // namespace ipxlat::ctl::doctor
