// SPDX-License-Identifier: GPL-2.0-only
// An address that is answered for on a link (proxy ARP).
#ifndef IPXLAT_DAEMON_PLAN_PROXY_H
#define IPXLAT_DAEMON_PLAN_PROXY_H

#include <netinet/in.h>

#include <string>
#include <vector>

#include "daemon/plan/kind.h"

namespace ipxlat {

struct Proxy {
  std::string link;
  in_addr address{};

  std::string key() const;
  bool operator==(const Proxy& other) const { return key() == other.key(); }
  std::string describe(Action action, const Proxy* former) const;
  static std::vector<Found<Proxy>> find(const Seen& seen, const MadeResources& made);
};

}  // namespace ipxlat

#endif
