// SPDX-License-Identifier: GPL-2.0-only
// Where the CLATs of an instance are: one for each uplink (draft-ietf-v6ops-claton), each with a device of
// its own, and what is known of each before anything is made.
#ifndef IPXLAT_DAEMON_DESIRED_CLAT_PLACE_H
#define IPXLAT_DAEMON_DESIRED_CLAT_PLACE_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/instances.h"
#include "daemon/desired/discovery.h"
#include "daemon/plan/seen.h"

namespace ipxlat {

struct ClatPlace {
  const SeenLink* uplink = nullptr;  // of the Seen; null if there is none
  std::optional<Prefix6> pref64;
  std::optional<ChosenPrefix> learnt;  // where that comes from; none: from the configuration
  const SeenRoute* way = nullptr;      // of the Seen: toward pref64 by the uplink; null while there is none
  std::string why_off;                 // a sentence; empty: it shall be on

  // of one that shall be on
  std::string device;
  std::string table;  // the name of its nftables tables
  uint32_t metric = 0;
  bool strays = false;  // the host's own routes may lead what goes to pref64 out of another link

  std::string id(const std::string& instance) const {
    return uplink ? instance + "/" + uplink->name : instance;
  }
};

// At least one. Those that shall be on come first, in the order in which the kernel prefers their ways, which
// is that of their metrics. An address or a prefix that was given can only be at one uplink, the first. Who
// has a device keeps it, whoever comes and goes, and a way that is away for a while takes nothing from it.
std::vector<ClatPlace> clat_places(const ClatConfig& config, const Seen& seen);

}  // namespace ipxlat

#endif
