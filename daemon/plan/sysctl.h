// SPDX-License-Identifier: GPL-2.0-only
// A sysctl of the network namespace. It is put by writing the value, and dropped by writing what it had
// before.
#ifndef IPXLAT_DAEMON_PLAN_SYSCTL_H
#define IPXLAT_DAEMON_PLAN_SYSCTL_H

#include <string>
#include <vector>

#include "daemon/plan/kind.h"

namespace ipxlat {

struct Sysctl {
  static constexpr const char* kKind = "sysctl ";  // as every key of them begins

  std::string path;  // below /proc/sys
  std::string value;

  std::string key() const { return kKind + path; }
  bool operator==(const Sysctl&) const = default;
  // Without a former one there is nothing to put back: somebody else has set it since.
  std::string describe(Action action, const Sysctl* former) const;
  // Ours are those that the ledger has.
  static std::vector<Found<Sysctl>> find(const Seen& seen, const MadeResources& made);
};

// "net.ipv4.ip_forward".
std::string sysctl_name(const std::string& path);

// The interface that it is about, empty if it is about none: "eth0" of net/ipv6/conf/eth0/accept_ra.
std::string sysctl_link(const std::string& path);

}  // namespace ipxlat

#endif
