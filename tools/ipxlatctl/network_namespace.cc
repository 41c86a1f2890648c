// SPDX-License-Identifier: GPL-2.0-only
#include "tools/ipxlatctl/network_namespace.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace ipxlat::ctl {
namespace {

NetlinkError about(const std::string& name, int code) {
  if (code == ENOENT) return {code, "no network namespace '" + name + "'"};
  if (code == EPERM) return {code, "entering network namespace '" + name + "' needs CAP_SYS_ADMIN"};
  if (code == EINVAL) return {code, "'" + name + "' is no network namespace"};
  return {code, "network namespace '" + name + "': " + std::strerror(code)};
}

}  // namespace

Result<void> enter_namespace(const std::string& name) {
  std::string path = name.find('/') == name.npos ? "/run/netns/" + name : name;
  int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return about(name, errno);
  int code = setns(file, CLONE_NEWNET) == 0 ? 0 : errno;
  close(file);
  if (code) return about(name, code);
  return {};
}

}  // namespace ipxlat::ctl
