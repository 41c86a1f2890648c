// SPDX-License-Identifier: GPL-2.0-only
// What a unit wants, for tests of what instances want, given what there is.
#ifndef IPXLAT_TESTS_UNIT_DAEMON_WANTED_H
#define IPXLAT_TESTS_UNIT_DAEMON_WANTED_H

#include <optional>
#include <string>
#include <vector>

#include "daemon/plan/unit.h"

namespace ipxlat {

inline std::vector<std::string> routes(const Unit& unit) {
  std::vector<std::string> all;
  for (const auto& route : unit.all<Route>()) all.push_back(route.key());
  return all;
}

inline std::optional<Device> device(const Unit& unit) {
  const auto all = unit.all<Device>();
  return all.empty() ? std::nullopt : std::optional(all.front());
}

}  // namespace ipxlat

#endif
