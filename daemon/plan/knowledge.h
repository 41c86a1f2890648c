// SPDX-License-Identifier: GPL-2.0-only
#ifndef IPXLAT_DAEMON_PLAN_KNOWLEDGE_H
#define IPXLAT_DAEMON_PLAN_KNOWLEDGE_H

namespace ipxlat {

// What sources have learnt that cannot be read from the kernel when it is needed: what somebody announced,
// with the time until which it holds. A source adds its member here.
struct Knowledge {};

}  // namespace ipxlat

#endif
