// SPDX-License-Identifier: GPL-2.0-only
// Connection tracking entries that go when what they were made under has changed.
#ifndef IPXLAT_DAEMON_PLAN_FLUSH_H
#define IPXLAT_DAEMON_PLAN_FLUSH_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/plan/kind.h"
#include "lib/networks.h"

namespace ipxlat {

// Entries whose original direction has a source and a destination in these networks, of the same family.
struct Flush {
  std::string name;  // "nat64.edge pref64": one instance may have several
  std::optional<Network> source;
  std::optional<Network> destination;
  std::optional<uint16_t> zone;
  // What the entries were made under, in any words. It is put when these words are others than last time, and
  // the ledger keeps them.
  std::string cause;

  std::string key() const { return "flush " + name; }
  bool operator==(const Flush& other) const { return cause == other.cause; }
  std::string describe(Action action, const Flush* former) const;
  static std::vector<Found<Flush>> find(const Seen& seen, const MadeResources& made);
};

}  // namespace ipxlat

#endif
