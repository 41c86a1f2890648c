// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/mapping_events.h"

namespace ipxlat {
namespace {

constexpr const char* kEvents = "net/netfilter/nf_conntrack_events";
constexpr const char* kWhereHeard = "2";  // the kernel's default

}  // namespace

void want_mapping_events(Unit& unit, const Seen& seen, bool manage) {
  const bool ours = seen.changed.contains(kEvents);
  if (seen.sysctl(kEvents) != "0" && !ours) return;
  if (manage)
    unit.resources.push_back(Sysctl{kEvents, kWhereHeard});
  else
    unit.report.warnings.push_back(
        sysctl_name(kEvents) + " is 0, so that the mapping log hears nothing, and manage-sysctls is false");
}

}  // namespace ipxlat
