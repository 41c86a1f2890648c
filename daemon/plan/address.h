// SPDX-License-Identifier: GPL-2.0-only
// An address of an interface.
#ifndef IPXLAT_DAEMON_PLAN_ADDRESS_H
#define IPXLAT_DAEMON_PLAN_ADDRESS_H

#include <string>
#include <vector>

#include "daemon/plan/kind.h"
#include "lib/networks.h"

namespace ipxlat {

struct Address {
  static constexpr const char* kKind = "address ";  // as every key of them begins

  std::string link;
  Network network;  // the whole address, with the length

  std::string key() const;
  bool operator==(const Address&) const = default;
  std::string describe(Action action, const Address* former) const;
  static std::vector<Found<Address>> find(const Seen& seen, const MadeResources& made);
};

}  // namespace ipxlat

#endif
