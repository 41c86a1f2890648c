// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/kernel/sysctl.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <system_error>

#include "daemon/plan/sysctl.h"

namespace ipxlat {

std::optional<std::string> read_sysctl(const std::string& path) {
  std::ifstream in("/proc/sys/" + path);
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  return line;
}

namespace {

Result<void> write_one(const std::string& path, const std::string& value) {
  std::ofstream out("/proc/sys/" + path);
  out << value << std::flush;
  if (out) return {};
  const int code = errno ? errno : EIO;
  return NetlinkError{code, "cannot set " + sysctl_name(path) + " to " + value + ": " + std::strerror(code)};
}

// addrconf_fixup_forwarding() writes the forwarding of all into each interface and the default for new ones.
std::map<std::string, std::string> set_besides(const std::string& path) {
  std::map<std::string, std::string> values;
  if (path != "net/ipv6/conf/all/forwarding") return values;
  std::error_code ended;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/sys/net/ipv6/conf", ended))
    for (const char* name : {"forwarding", "force_forwarding"}) {
      const std::string one = "net/ipv6/conf/" + entry.path().filename().string() + "/" + name;
      if (one == path) continue;
      if (auto value = read_sysctl(one)) values[one] = *value;
    }
  return values;
}

}  // namespace

Result<void> write_sysctl(const std::string& path, const std::string& value) {
  const auto before = set_besides(path);
  auto done = write_one(path, value);
  for (const auto& [beside, former] : before)
    if (const auto now = read_sysctl(beside); now && *now != former) {
      auto restored = write_one(beside, former);
      if (done && !restored) done = restored;
    }
  return done;
}

}  // namespace ipxlat
