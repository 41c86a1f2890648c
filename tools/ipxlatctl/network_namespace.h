// SPDX-License-Identifier: GPL-2.0-only
// Network namespaces by the names that ip-netns(8) gives them.
#ifndef IPXLAT_TOOLS_IPXLATCTL_NETWORK_NAMESPACE_H
#define IPXLAT_TOOLS_IPXLATCTL_NETWORK_NAMESPACE_H

#include <string>

#include "lib/result.h"

namespace ipxlat::ctl {

// This thread is in it from then on. A name with a slash is the path of a file, such as /proc/PID/ns/net.
Result<void> enter_namespace(const std::string& name);

}  // namespace ipxlat::ctl

#endif
