// SPDX-License-Identifier: GPL-2.0-only
// Whether names lead to the prefix that is translated here (RFC 7050).
#include <algorithm>

#include "tools/ipxlatctl/doctor/check.h"

namespace ipxlat::ctl::doctor {
namespace {

bool is_gateway(const Translator& t) { return t.kind == "nat64" && t.pref64; }

// RFC 7050 section 8.2: 192.0.0.170 or 192.0.0.171, below the prefix.
bool leads_to(const std::vector<in6_addr>& addresses, const Translator& gateway) {
  return std::any_of(addresses.begin(), addresses.end(), [&](const in6_addr& address) {
    for (const char* well_known : {"192.0.0.170", "192.0.0.171"})
      if (contains(embedded(*gateway.pref64, host(parse_address4(well_known))), address)) return true;
    return false;
  });
}

}  // namespace

std::string unread_dns64(const Observed& observed) {
  const bool concerns = std::any_of(observed.translators.begin(), observed.translators.end(), is_gateway);
  return concerns ? observed.ipv4only_unread : "";
}

Findings find_dns64(const Observed& observed) {
  Findings findings;
  if (!observed.ipv4only) return findings;
  // with several gateways each has the names of its own clients, which may be asked for elsewhere
  for (const Translator& t : observed.translators)
    if (is_gateway(t) && leads_to(*observed.ipv4only, t)) return findings;
  for (const Translator& t : observed.translators) {
    if (!is_gateway(t)) continue;
    const std::string pref64 = to_string(*t.pref64);
    const std::string mend = "ipxlatctl emit unbound " + t.instance.substr(t.instance.find('.') + 1) +
                             " >/etc/unbound/unbound.conf.d/dns64.conf; unbound-control reload";
    if (observed.ipv4only->empty())
      findings.push_back({t.device,
                          "the resolver of this host does no DNS64: whoever asks it is not led to " + pref64,
                          mend, false});
    else
      findings.push_back({t.device,
                          "the resolver of this host answers ipv4only.arpa with " +
                              to_string(observed.ipv4only->front()) + ", which no DNS64 for " + pref64 +
                              " does",
                          mend});
  }
  return findings;
}

}  // namespace ipxlat::ctl::doctor
