// SPDX-License-Identifier: GPL-2.0-only
// How full the table of connections is, and what it has lost.
#include <algorithm>

#include "tools/ipxlatctl/doctor/check.h"

namespace ipxlat::ctl::doctor {
namespace {

// What Linux itself takes on a machine with 1 GiB of memory.
constexpr uint64_t kGatewayLeast = 65536;

std::string raise_to(uint64_t limit) {
  return "sysctl -w net.netfilter.nf_conntrack_max=" + std::to_string(limit);
}

void look_at_room(uint64_t entries, uint64_t limit, Findings& findings) {
  if (entries * 10 < limit * 8) return;
  const std::string use =
      "connection tracking has " + std::to_string(entries) + " entries of " + std::to_string(limit);
  findings.push_back(
      {"", use + (entries >= limit ? ": new connections are dropped" : ": soon new connections are dropped"),
       raise_to(limit * 2)});
}

void look_at_limit(const Observed& observed, uint64_t limit, Findings& findings) {
  const auto gateway = std::find_if(observed.translators.begin(), observed.translators.end(),
                                    [](const Translator& t) { return t.kind == "nat64"; });
  if (gateway == observed.translators.end()) return;
  // masquerade mode takes two entries a flow
  const uint64_t least = gateway->tracked4 ? 2 * kGatewayLeast : kGatewayLeast;
  if (limit >= least) return;
  findings.push_back({gateway->device,
                      "connection tracking may have " + std::to_string(limit) +
                          " entries, which are few for a gateway: a client alone has hundreds of flows",
                      raise_to(2 * least), false});
}

void look_at_losses(const Observed& observed, uint64_t limit, Findings& findings) {
  const auto& losses = observed.connection_losses;
  if (!losses || observed.translators.empty()) return;
  const auto lost = [&](uint64_t count, const char* name, const char* what, const std::string& mend) {
    if (count) findings.push_back({"", std::to_string(count) + " " + what + " (" + name + ")", mend, false});
  };
  lost(losses->drop, "drop", "packets were dropped for want of an entry of connection tracking",
       raise_to(limit * 2));
  lost(losses->early_drop, "early_drop", "connections were forgotten to make room for others",
       raise_to(limit * 2));
  lost(losses->insert_failed, "insert_failed", "packets were dropped since another flow had their entry",
       "conntrack -S");
}

}  // namespace

Findings find_connections(const Observed& observed) {
  const auto count = observed.sysctl_number("net/netfilter/nf_conntrack_count");
  const auto max = observed.sysctl_number("net/netfilter/nf_conntrack_max");
  Findings findings;
  if (!count || !max) return findings;
  // without a limit there is nothing to reach
  if (*max != 0) {
    look_at_room(*count, *max, findings);
    look_at_limit(observed, *max, findings);
  }
  look_at_losses(observed, *max, findings);
  return findings;
}

}  // namespace ipxlat::ctl::doctor
