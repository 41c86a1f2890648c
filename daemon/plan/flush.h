// SPDX-License-Identifier: GPL-2.0-only
// Connection tracking entries that go when what they were made under has changed.
#ifndef IPXLAT_DAEMON_PLAN_FLUSH_H
#define IPXLAT_DAEMON_PLAN_FLUSH_H

#include <string>
#include <vector>

#include "daemon/conntrack/filter.h"
#include "daemon/plan/kind.h"

namespace ipxlat {

struct Flush {
  std::string name;  // "nat64.edge pref64": one instance may have several
  conntrack::Filter filter;
  // It is put when these words are others than last time, which the ledger keeps, and with new rules.
  std::string cause;

  Flush() = default;
  Flush(std::string of, conntrack::Filter entries);

  std::string key() const { return "flush " + name; }
  bool operator==(const Flush& other) const { return cause == other.cause; }
  std::string describe(Action action, const Flush* former) const;
  static std::vector<Found<Flush>> find(const Seen& seen, const MadeResources& made);
};

}  // namespace ipxlat

#endif
