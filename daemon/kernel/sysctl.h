// SPDX-License-Identifier: GPL-2.0-only
// Sysctls of the network namespace, by their path below /proc/sys.
#ifndef IPXLAT_DAEMON_KERNEL_SYSCTL_H
#define IPXLAT_DAEMON_KERNEL_SYSCTL_H

#include <optional>
#include <string>

#include "lib/result.h"

namespace ipxlat {

// Without the line's end; nullopt if there is no such sysctl.
std::optional<std::string> read_sysctl(const std::string& path);

// This one and no other: what the kernel sets besides is put back.
Result<void> write_sysctl(const std::string& path, const std::string& value);

}  // namespace ipxlat

#endif
