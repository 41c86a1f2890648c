// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/kernel/sysctl.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "daemon/plan/sysctl.h"

namespace ipxlat {

std::optional<std::string> read_sysctl(const std::string& path) {
  std::ifstream in("/proc/sys/" + path);
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  return line;
}

Result<void> write_sysctl(const std::string& path, const std::string& value) {
  std::ofstream out("/proc/sys/" + path);
  out << value << std::flush;
  if (out) return {};
  const int code = errno ? errno : EIO;
  return NetlinkError{code, "cannot set " + sysctl_name(path) + " to " + value + ": " + std::strerror(code)};
}

}  // namespace ipxlat
