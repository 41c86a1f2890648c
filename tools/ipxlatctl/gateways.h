// SPDX-License-Identifier: GPL-2.0-only
// The NAT64 instances of this network namespace.
#ifndef IPXLAT_TOOLS_IPXLATCTL_GATEWAYS_H
#define IPXLAT_TOOLS_IPXLATCTL_GATEWAYS_H

#include <string>
#include <vector>

#include "lib/gateway.h"
#include "tools/ipxlatctl/context.h"

namespace ipxlat::ctl {

// From the settings of devices; name and mode of an instance are from the state file, where it tells of the
// same device. Any device with a prefix and a map may be one, where nobody tells what it is for. `instance`
// names the one that is meant, empty all of them. Failure if there is none.
std::vector<Gateway> find_gateways(Context& context, const std::string& state_file,
                                   const std::string& instance);

}  // namespace ipxlat::ctl

#endif
