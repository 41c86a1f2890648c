// SPDX-License-Identifier: GPL-2.0-only
#include "tests/datapath/sysctl.h"

#include <fcntl.h>
#include <unistd.h>

namespace ipxlat::test {

bool set_sysctl(const std::string& name, const std::string& value) {
  int fd = open(("/proc/sys/" + name).c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  bool done = write(fd, value.data(), value.size()) == static_cast<ssize_t>(value.size());
  close(fd);
  return done;
}

}  // namespace ipxlat::test
