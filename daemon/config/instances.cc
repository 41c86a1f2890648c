// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/config/instances.h"

#include "lib/networks.h"

namespace ipxlat {

std::vector<Prefix6> Nat64Config::routed6() const {
  const Prefix6& pref64 = *settings.remote_prefix6;
  if (routes4.empty()) return {pref64};
  std::vector<Prefix6> parts;
  for (const auto& network : routes4) parts.push_back(embedded(pref64, network));
  return parts;
}

}  // namespace ipxlat
