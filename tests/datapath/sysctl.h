// SPDX-License-Identifier: GPL-2.0-only
#ifndef IPXLAT_TESTS_DATAPATH_SYSCTL_H
#define IPXLAT_TESTS_DATAPATH_SYSCTL_H

#include <string>

namespace ipxlat::test {

// Sets a value below /proc/sys, in this thread's network namespace. False if the kernel refuses or there is
// no such name.
bool set_sysctl(const std::string& name, const std::string& value);

}  // namespace ipxlat::test

#endif
