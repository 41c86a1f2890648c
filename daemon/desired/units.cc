// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/units.h"

#include <set>

#include "daemon/desired/clat.h"
#include "daemon/desired/nat64.h"
#include "daemon/desired/siit.h"

namespace ipxlat {

std::vector<Unit> make_units(const Config& config, const Seen& seen, const SipKey& secret) {
  std::vector<Unit> units;
  std::set<uint32_t> taken;
  for (const auto& one : config.nat64) units.push_back(nat64_unit(one, seen));
  for (const auto& one : config.clat) units.push_back(clat_unit(one, seen, secret, taken));
  for (const auto& one : config.siit) units.push_back(siit_unit(one, seen));
  return units;
}

}  // namespace ipxlat
