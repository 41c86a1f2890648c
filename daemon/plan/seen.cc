// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/plan/seen.h"

#include "lib/owner.h"

namespace ipxlat {

const SeenLink* Seen::link(const std::string& name) const {
  for (const auto& link : links)
    if (link.name == name) return &link;
  return nullptr;
}

std::string Seen::sysctl(const std::string& path) const {
  const auto found = sysctls.find(path);
  return found == sysctls.end() ? std::string() : found->second;
}

bool SeenLink::ours() const { return kind == "ipxlat" && is_owner_mark(alias); }

}  // namespace ipxlat
