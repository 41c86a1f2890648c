// SPDX-License-Identifier: GPL-2.0-only
// Who else configures the interfaces of this host. Beside ipxlatd they work; an ipxlat device is none of
// theirs.
#include "tools/ipxlatctl/doctor/check.h"

namespace ipxlat::ctl::doctor {
namespace {

std::string how_to_leave_alone(const std::string& manager, const std::string& device) {
  if (manager == kNetworkManager) return "nmcli device set " + device + " managed no";
  if (manager == kNetworkd)
    return "a .network file before all others, with Kind=ipxlat to match and Unmanaged=yes "
           "(systemd.network(5))";
  return "take " + device + " out of /etc/network/interfaces";
}

}  // namespace

Findings find_managers(const Observed& observed) {
  Findings findings;
  for (const Translator& t : observed.translators)
    if (auto found = observed.managers.find(t.device); found != observed.managers.end())
      findings.push_back({t.device,
                          found->second + " configures " + t.device +
                              ", and takes away addresses and routes that it does not know",
                          how_to_leave_alone(found->second, t.device)});
  return findings;
}

std::string note_managers(const Observed& observed) {
  std::set<std::string> named;
  for (const Translator& t : observed.translators) {
    named.insert(t.uplinks.begin(), t.uplinks.end());
    named.insert(t.downlinks.begin(), t.downlinks.end());
  }
  std::string text;
  for (const auto& [link, manager] : observed.managers)
    if (named.contains(link)) text += (text.empty() ? "" : ", ") + link + " by " + manager;
  return text;
}

}  // namespace ipxlat::ctl::doctor
