// SPDX-License-Identifier: GPL-2.0-only
#include "daemon/desired/units.h"

#include <map>
#include <set>

#include "daemon/desired/clat.h"
#include "daemon/desired/nat46.h"
#include "daemon/desired/nat64.h"
#include "daemon/desired/siit.h"
#include "daemon/desired/table_size.h"

namespace ipxlat {
namespace {

// One interface is the uplink of one CLAT: the first in the configuration whose pattern it matches.
void share_out_uplinks(std::vector<Unit>& clats) {
  std::map<std::string, std::string> served;
  for (auto& unit : clats) {
    if (unit.resources.empty()) continue;
    for (const auto& uplink : unit.report.uplinks) {
      const auto [place, first] = served.try_emplace(uplink, unit.instance);
      if (first) continue;
      unit.resources.clear();
      unit.report.state = InstanceState::kOff;
      unit.report.why = uplink + " is the uplink of " + place->second;
    }
  }
}

}  // namespace

std::vector<Unit> make_units(const Config& config, const Seen& seen, const SipKey& secret, Time now) {
  std::vector<Unit> units;
  std::set<uint32_t> taken;
  for (const auto& one : config.nat64) units.push_back(nat64_unit(one, seen));
  std::vector<Unit> clats;
  for (const auto& one : config.clat)
    for (auto& unit : clat_units(one, seen, secret, now, taken)) clats.push_back(std::move(unit));
  share_out_uplinks(clats);
  for (auto& unit : clats) units.push_back(std::move(unit));
  for (const auto& one : config.siit) units.push_back(siit_unit(one, seen));
  for (const auto& one : config.nat46) units.push_back(nat46_unit(one, seen));
  want_room(units, config, seen);
  return units;
}

}  // namespace ipxlat
