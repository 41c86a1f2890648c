// SPDX-License-Identifier: GPL-2.0-only
// What the daemon would do now, told by the daemon itself on a kernel that only listens.
#ifndef IPXLAT_DAEMON_SERVICE_REHEARSAL_H
#define IPXLAT_DAEMON_SERVICE_REHEARSAL_H

#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/kernel/kernel.h"
#include "daemon/plan/made.h"
#include "lib/siphash.h"

namespace ipxlat {

// Nothing is changed and nothing written down. `made` is what a daemon noted, `learnt` what it had learnt.
Result<std::vector<std::string>> rehearse(const Config& config, Kernel& kernel, const MadeResources& made,
                                          const Knowledge& learnt, const SipKey& secret);

}  // namespace ipxlat

#endif
