// SPDX-License-Identifier: GPL-2.0-only
#ifndef IPXLAT_DAEMON_PLAN_KNOWLEDGE_H
#define IPXLAT_DAEMON_PLAN_KNOWLEDGE_H

#include <cstdint>
#include <vector>

#include "daemon/plan/time.h"
#include "lib/address.h"

namespace ipxlat {

// Of a NAT64 that is reached through a link.
struct LearntPrefix {
  uint32_t ifindex = 0;
  Prefix6 prefix;
  Time until;

  bool operator==(const LearntPrefix&) const = default;
};

// What sources have learnt that cannot be read from the kernel when it is needed: what somebody announced,
// with the time until which it holds. A source adds its member here.
struct Knowledge {
  std::vector<LearntPrefix> advertised;  // by routers (RFC 8781); each prefix of a link once

  bool operator==(const Knowledge&) const = default;
};

}  // namespace ipxlat

#endif
